"""Owns every HTTP request that leaves the house.

Promises: only hosts that the operator named are asked, by the name and port given; a name is resolved once and the
connection goes to that address, which is no private one unless that host was named as private; no redirect is followed;
every request has an end in time and in size. Publishes nothing.
"""
