"""Calls from arrival to end on a voice engine that the tests play, with routing over a real database."""
