"""Owns the voices that read prompts aloud, the sounds that they made, and who writes down what is said.

Promises: the same text in the same voice is made once and kept as long as there is room; when the chosen voice fails
espeak-ng speaks instead, so that a caller is not left in silence; a text that nobody can speak is a failure, never an
empty sound. What goes to a service leaves through ``infra/egress`` and is declared. Publishes nothing.
"""
