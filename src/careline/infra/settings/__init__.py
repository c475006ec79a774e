"""Owns the settings: what an operator can set from outside, read once from the environment, checked, and shown by
``careline settings`` without secrets. Promises that a wrong value is one clear line naming the variable and the fix.
"""
