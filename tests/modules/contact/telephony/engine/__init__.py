"""Tests of telephony's pure decisions."""
