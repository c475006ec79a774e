"""Decides for identity, one file a use case: tenants, the organisation, users, roles and how far they reach, signing
in, sessions, the audit trail and its export. Each use case is one transaction.
"""
