"""Tests of careline.infra.realtime."""
