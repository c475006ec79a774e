"""Owns files that people send: one port for keeping them (``store``), the embedded size's folder behind it, the
envelope that seals each, and what a file is by its content, never by its name or the type that its sender claims.

Promises: a file is durable when ``keep`` returns, or not there at all; nothing of it lies on the disk unsealed; a name
that somebody gave a file is never part of a path; bounds hold while it comes in, not afterwards.
"""
