"""The event bus: in order, at least once, nobody stopped by another, nothing lost by a crash."""
