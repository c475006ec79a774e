"""Tests of the way to an SMS gateway."""
