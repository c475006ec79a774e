"""The use cases of the letterbox: asking for a message as a step of flows, and taking, showing and forgetting it."""
