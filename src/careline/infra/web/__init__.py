"""Owns what stands around the routes of every module: problems, security headers, limits and request ids.

Promises: every refusal is an RFC 9457 problem with a stable code; an error of ours shows nothing of our inside but
the id under which it was logged. What a route itself carries is in ``careline.infra.http``. Publishes nothing.
"""
