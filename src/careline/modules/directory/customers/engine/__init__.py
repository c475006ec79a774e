"""Owns the terms that a customer is found by: what is stored of numbers and names, and what a search asks for.

Promises: pure; both sides are made by the same rules, so whatever part of a number or name is asked for is the
beginning of a stored term. Publishes nothing.
"""
