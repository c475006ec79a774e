"""Owns cases – work to be finished for a customer – with their state, who holds them and what was done.

Promises: a case has a number of its tenant's day without gaps, and is opened once however often it is asked for under
its maker's name for it; it goes from state to state only as the table in ``states`` allows; whoever decides on a stale
picture is refused (``case-changed``) and nothing changes; its history says who did what. What people wrote stands in
its tables only; a complaint outlives the erasure of its customer sealed, and is opened with a reason until its day.
Publishes that a case was opened, assigned, moved or commented, with ids and codes.
"""
