"""Owns the way to an OpenID Connect provider: discovery, the authorization code flow with PKCE, and ID tokens.

Promises: an ID token is believed only when a key of the provider signed it with an asymmetric algorithm, for us, now,
and for the sign-in that was begun; everything that goes out goes through ``infra/egress``. Publishes nothing.
"""
