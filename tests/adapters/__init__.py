"""Tests of the adapters to the outside world, each against the real thing where it can run."""
