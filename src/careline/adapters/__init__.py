"""The outside world, each part behind the port of a module. Adapters do not know each other."""
