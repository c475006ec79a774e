"""Owns the keeping of files that are stored whole, a folder in the embedded size; a recording is written by its node.

Promises: a file is there whole or not at all; a key can never leave the store; one too large is refused and leaves
nothing; what a crash leaves can be tidied away at any time. Publishes nothing.
"""
