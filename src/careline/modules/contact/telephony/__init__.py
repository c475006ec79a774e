"""Owns calls, their legs and their recordings, and the numbers that reach us.

Promises: a call that arrived is stored before anything is done with it; a caller who left rings nowhere; an agent
leg's id is its offer's id, so a second dial of one offer is impossible; recording starts only when it is asked for
after the announcement, and lies sealed once its call is over. After either side restarts, the live calls are compared
with what is stored and each one gets a person or a polite end. Publishes what happens to calls; knows no ARI word –
that is the adapter's.
"""
