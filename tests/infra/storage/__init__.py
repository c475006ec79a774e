"""Tests of files that people send."""
