"""What screens see live: topics and their memory, the hub, and the protocol over a real WebSocket."""
