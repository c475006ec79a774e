"""The use cases of the letterbox."""
