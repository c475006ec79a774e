"""Owns the way of a fact from the transaction that made it to whoever wants to know.

Promises: each subscriber sees the facts of one key in order and at least once; a slow or failing subscriber never
stops another. After commit a fact goes in memory to the subscribers of the process, decoded anew, once, from its stored
form so that the cluster is no different world. A *durable* subscriber keeps a cursor in the log, with the places of
what it could not handle yet, and is brought up to date after a restart; a *live* one (screens) is not, since its
clients resume by themselves.
"""
