"""Telephony's use cases: a call arrives, a flow handles it, an agent is rung, it is recorded, it is reconciled."""
