"""Prompts: the filter that brings them to the telephone and the voice that speaks them."""
