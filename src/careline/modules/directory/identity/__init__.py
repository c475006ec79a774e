"""Owns tenants, the organisation tree with its posts, users with their roles, sessions, second factors, service
accounts, and the audit trail.

Promises: a password is kept as an Argon2id hash only, a token as a SHA-256 hash only and a second factor sealed only;
guessing gets slower for whoever guesses without locking the real user out; no one person holds two of the three
administrator roles, and nobody widens what oneself may do. The organisation stays a tree, and no department closes from
under its people. Every audit entry is written in the transaction of what it tells, can be neither changed nor removed,
and is sealed in batches by a hash chain that shows any change, removal or insertion. Publishes when users change and
when sessions end.
"""
