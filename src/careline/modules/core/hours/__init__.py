"""Owns business hours: calendars of a tenant with weekly times, dated exceptions and a time zone.

Promises: whether a centre works at an instant, and when that changes next, is worked out by pure rules in one place,
right across holidays, make-up working days (调休) and the turns of the clock. Publishes that a calendar is another one.
Who works by a calendar – queues today, the clocks of complaints later – holds its id and asks here.
"""
