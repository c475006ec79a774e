"""Owns agents: number, voice endpoint, skills with proficiency, and how much of each media an agent carries at once.

Promises: an agent's id is the user's id; a number is one agent's within the tenant and an endpoint one agent's in the
whole installation. Publishes when an agent's capacity, skills or activity are other ones, and when there
is a new skill.
"""
