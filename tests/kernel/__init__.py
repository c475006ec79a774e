"""Tests of careline.kernel: what everything is made of."""
