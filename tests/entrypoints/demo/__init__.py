"""Tests of the demo data: made once, kept private, made again without harm."""
