"""Use cases of requests about one's own data."""
