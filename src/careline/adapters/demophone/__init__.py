"""Owns the short messages of the demo's telephone: what is sent to a number is kept in memory, to be shown on its page.

Promises: nothing leaves the process, little is kept and not for long. Publishes nothing.
"""
