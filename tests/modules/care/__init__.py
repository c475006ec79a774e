"""Tests of what has to be done after a contact: cases."""
