"""Tests of telephony, conversations and flows."""
