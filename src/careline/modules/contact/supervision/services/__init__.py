"""The use cases of supervision: orders to agents, and contacts that are put elsewhere."""
