"""Owns interactions with their segments and journey, conversations and their messages, visitors of portal and widget,
disposition codes and after-contact work; who of us is in a conversation and as what, how a chat is passed on, and the
notes that colleagues write for each other.

Promises: a message is durable before its sender is told so; it is stored exactly once, however often it is sent, and
messages of one conversation are numbered from 1 without gaps in the order in which everybody sees them. A visitor who
goes away has not ended anything. An interaction says how sure we are who speaks; a caller's number identifies nobody
by itself. A chat that is passed on is in a queue or in hands at every moment, and each of its agents writes up their
own part. What colleagues write for each other stands in a table that nothing for customers reads. Nothing that matters
is held in memory. Publishes what happens to interactions and that a message was stored; what was said stands in its
tables only.
"""
