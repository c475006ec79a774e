"""HTTP of conversations: contacts and messages for both sides, the files that they send, what colleagues do together.

Each route names who may use it; nothing here decides more than that.
"""
