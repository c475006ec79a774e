"""Owns the statements on customers' tables, by subject: customers with lines and accounts, the terms they are found by,
the rest of the record, notes and consents. Promises that every one names its tenant. Publishes nothing.
"""
