"""Owns work that is to be done later or again: timers, retries and what recurs, in a table of its own.

Promises: a job exists if and only if the transaction that asked for it committed; it runs at least once, also when
the process that ran it was killed; of one key there is one job, and the latest wish counts; what fails too often is
kept with its last error until somebody decides. Publishes nothing.
"""
