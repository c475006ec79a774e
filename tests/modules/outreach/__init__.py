"""Tests of what asks customers for their word: surveys."""
