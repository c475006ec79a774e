"""Owns the history of the tables: a line of revisions, each from the one before, the same on both databases.

Promises: a revision that was released never changes; what they make together is what the models say (a test compares
the two); tenants' tables get their row-level policy with the table. Written by ``python -m tools.new_migration``.
"""
