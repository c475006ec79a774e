"""Owns what a screen sees live: connections, topics, who may follow them, resuming after a cut, and back-pressure.

Promises: a topic belongs to one tenant and no other can name it; a follower gets the frames of a topic in order, and
after a cut either every one that was missed or a clear ``reset``; one slow screen never slows another. Modules say in
their ``live.py`` which fact reaches which topic and who may follow it. Publishes nothing of its own.
"""
