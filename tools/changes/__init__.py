"""Owns the changelog fragments: checks those in ``changes/`` and gathers them into ``CHANGELOG.md`` for a release."""
