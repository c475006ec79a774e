"""Owns the private package state: programs of the distribution, brought without root into a folder of ours.

apt itself, with state, lists and an empty status file of our own, downloads what a program needs; dpkg-deb
unpacks it; nothing of the machine is changed. Promises: signatures are checked by apt through the
distribution's keyring; an expired index is refused unless the setting ``CARELINE_APT_ALLOW_EXPIRED`` or the
machine's own apt configuration accepts it; a bundle appears whole under its final name or not at all,
whenever the process dies; two at once wait for each other. Everything here blocks: call it from a thread.
Publishes nothing.
"""
