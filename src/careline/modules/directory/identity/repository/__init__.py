"""Owns the statements on identity's tables, by subject: tenants, the organisation, users, roles, sessions and
throttling, the audit. Promises that every one names its tenant, but those that find out whose a session is.
"""
