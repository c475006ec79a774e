"""How long who waits will still wait, from what the queue has lately done. Pure: time is an argument, in seconds."""
