"""The statements on the tables of conversations: interactions with their segments, messages, visitors, dispositions.

Each function takes the caller's transaction or reading and sees the rows of its tenant only.
"""
