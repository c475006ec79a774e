"""Decides for customers, one file a use case: registering and revealing, searching and keeping the terms for it, the
record, notes, consents, tags. Promises one transaction a use case, with its audit entry in it. Publishes nothing.
"""
