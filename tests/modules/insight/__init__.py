"""Tests of what is known about the centre: analytics."""
