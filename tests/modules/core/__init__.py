"""Tests of what every contact needs: routing."""
