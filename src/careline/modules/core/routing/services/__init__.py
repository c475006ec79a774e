"""Routing's use cases around the engine: a shard and its fence, what is stored of a decision, presence."""
