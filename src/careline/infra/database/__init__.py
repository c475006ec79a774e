"""Owns the connection to the database, transactions, the event log and the migrations.

Promises: one transaction a use case; what it emitted stands in the log if and only if it committed; subscribers hear
of it after it is durable. On SQLite one writer at a time, with commits grouped while others wait; on PostgreSQL a
transaction sees its own tenant's rows only, by row-level security. Publishes nothing of its own.
"""
