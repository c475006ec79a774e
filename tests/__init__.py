"""The tests mirror the source; tests/support holds what several of them share."""
