"""Owns the way to an SMS gateway that is spoken to over HTTP: one request a message, as its operator describes it.

Promises: a message is tried a few times under one idempotency key and never for long; that it was accepted is all
that is said, for that is all that is known; number, text and secret stand in no log and no failure; what goes out goes
through ``infra/egress``. Publishes nothing.
"""
