"""Owns the command line ``careline``: serving, migrating, users, audit, and looking into an installation.

Promises: a refusal is one clear line on standard error and an exit code other than 0; secrets are asked for, never
given as arguments.
"""
