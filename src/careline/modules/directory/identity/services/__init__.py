"""Decides for identity, one file a use case: tenants and the organisation, users and roles, signing in, sessions, the
audit trail. Each use case is one transaction.
"""
