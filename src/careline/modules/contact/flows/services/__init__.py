"""Flows' use cases: writing and publishing them, running them, putting contacts into queues."""
