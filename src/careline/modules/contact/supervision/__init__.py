"""Owns what a supervisor does on the floor, and the orders that agents were given.

Promises: nothing is done to somebody in secret – each act is audited in the transaction in which it is done, and the
agent reads who did it and why; a permission reaches no further than its scope; what only agents may see passes no door
to the customer. Publishes no facts of its own: routing and conversations tell what came of it.
"""
