"""Owns the requests of people about their own data: a copy of it, or its erasure; who asked, how that one was
identified, who decided, when it is due, what was done; and the list of erasures that outlives a restored database.

Promises: what a module keeps of a person it names, hands over and removes itself, as a custodian; an erasure needs two
people and goes on where it stopped, whenever the process dies; what must be kept is said with its reason and its day,
and goes on that day; a copy lies sealed, ends by itself, and is taken at a pace, each access audited; what should be
done and is not is seen, and tried again; a database that was brought back forgets again whom it had forgotten.
Publishes nothing: who is gone is no news.
"""
