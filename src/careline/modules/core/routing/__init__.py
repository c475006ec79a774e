"""Owns queues and how they are set, dedicated desks, reasons of not being ready, waiting work items, offers, agents'
states and their capacity for all media.

Promises: one owner decides for a tenant at a time, proved by the fence row inside every offer, accept and release;
never two agents for one item, never an agent above capacity; each assignment says why. What is decided is stored
before it is told; everything live is rebuilt from the database. Publishes what happens to items, offers and agents.
Telephony and conversations report to it and never decide themselves. The decisions are made by ``engine``, which is
pure and is run here, in the simulator and in tests alike.
"""
