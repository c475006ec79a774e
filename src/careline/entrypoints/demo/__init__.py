"""Owns the demonstration: a small operator with synthetic people and numbers, made through the facades of the modules.

Promises: it can be made again and again and then changes nothing; passwords are random, shown once, and kept in a file
that only its owner may read. Each module that brings demo data has a file here and a line in ``seed.SEEDS``.
"""
