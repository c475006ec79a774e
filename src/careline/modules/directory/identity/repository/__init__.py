"""Owns the statements on identity's tables, by subject: tenants and the organisation, users and roles, sessions and
throttling, the audit. Promises that every one names its tenant, but those that find out whose a session is.
"""
