"""Owns the voices that read prompts aloud.

Promises: the same text in the same voice gives the same sound file, and a text that cannot be spoken is a
``PermanentFailure``, never silence. Publishes nothing.
"""
