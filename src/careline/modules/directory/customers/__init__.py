"""Owns parties, customers, their lines, billing accounts and the users of a line: all personal values of customers.

Promises: others get masked values only; a full one is given to who may see it and asked for it, with an audit entry in
the same transaction. A number is found however it was written. Publishes nothing: nobody needs to hear of it yet.
"""
