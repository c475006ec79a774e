"""Copies and erasures of what is kept of a person, over the whole house and on both databases."""
