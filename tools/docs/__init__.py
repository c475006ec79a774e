"""Owns the check of the documents: every relative link in a Markdown file leads to a file, and to a heading of it, and
every decision (``docs/adr``) says its state and its day.
"""
