"""Surveys: ratings after chat and call, once for each contact."""
