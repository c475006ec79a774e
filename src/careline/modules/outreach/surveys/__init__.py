"""Owns what customers say of their contacts: a score from 1 to 5, and a comment after a chat.

Promises: a contact is rated once, whichever way came first; only the one who had the contact rates it, and a chat only
when it is over; nobody is asked twice. The comment is personal and stands in its table only. Brings the step ``rate``
to flows, and publishes that a contact was rated.
"""
