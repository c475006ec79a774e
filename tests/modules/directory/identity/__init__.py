"""Tests of tenants, users, signing in, sessions and the audit trail."""
