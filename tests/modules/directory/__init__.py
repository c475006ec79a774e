"""Tests of who everybody is: identity, customers, people."""
