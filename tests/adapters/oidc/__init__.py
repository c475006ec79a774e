"""Tests of signing in through an OpenID Connect provider."""
