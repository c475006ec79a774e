"""Conversations over the real directory, routing and telephony; only the voice engine and the flow are played."""
