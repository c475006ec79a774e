"""Brings what a checkout needs beyond Python into ``.tools``, and builds the user interface.

Owns ``.tools/bin`` and the table of components. Promises: what is there is left alone and costs nothing to
ask for; what is brought appears whole or not at all; two at once wait for each other; what goes wrong is one
line that names the fix. ``python -m tools.provision NAME…`` is the way in.
"""
