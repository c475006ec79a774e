"""Owns Asterisk: its bundle, its configuration, its process and the conversation with it over ARI.

Promises: no ARI word and no dictionary of its JSON passes telephony's ports. Publishes nothing of its own;
what happens to calls goes to telephony's ``CallEvents``.
"""
