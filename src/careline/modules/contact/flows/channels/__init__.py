"""The interpreter's ways to a customer: a call, a chat."""
