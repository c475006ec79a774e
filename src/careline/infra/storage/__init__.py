"""Owns the keeping of files: recordings now, uploads later; a folder in the embedded size.

Promises: a file is there whole or not at all; a key can never leave the store; one too large is refused and leaves
nothing. Publishes nothing.
"""
