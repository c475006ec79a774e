"""HTTP of conversations: contacts and messages for both sides, and the files that they send each other.

Each route names who may use it; nothing here decides more than that.
"""
