"""Owns parties, customers, their lines, billing accounts and the users of a line, contact points, tags, notes and
consents, and the terms that they are found by: all personal values of customers.

Promises: others get masked values only; a full one is given to who may see it and asked for it, with an audit entry
in the same transaction; opening a record leaves one, and so does a search that found one customer alone. A number is
found however it was written, and a customer by any part of a number or name, or by how the name sounds. Nobody
overwrites what they have not seen. What proves who speaks is compared here and its evidence kept; the contact is
raised by its owner. A service password is typed by the customer, kept as a sealed hash and seen by nobody; who fails
waits, and keeps nobody else out. Two customers who turn out to be one become one in a single transaction with every
module that keeps something of them, and the old id leads to who is left. Publishes that this happened.
"""
