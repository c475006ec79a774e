"""Shapes of identity's HTTP interface, a file for each part of it."""
