"""Tests of what goes out of the house."""
