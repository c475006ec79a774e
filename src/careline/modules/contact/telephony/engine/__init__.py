"""Decisions of telephony without a socket or a table: where a call that arrives is led."""
