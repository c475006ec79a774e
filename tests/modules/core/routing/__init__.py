"""Routing: the pure engine, and the live shards over both databases."""
