"""Owns what the process says about itself: the set-up of logging, the request a line belongs to, and how late it is.

Promises: lines for people in a terminal and JSON where a machine reads them; no password, token, keyed digit or
telephone number in a line, whoever wrote it. Publishes nothing.
"""
