"""A phone and a SIPp runner to play callers and agents, tones to tell who hears whom, and a node to play them on."""
