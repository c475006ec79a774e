"""Owns the figures of the centre: what each means, how it is worked out, and which facts it was worked out from.

Promises: every figure of a period comes from the event log alone and can be followed back to the very events that
make it; the same log gives the same figures, however often it is read. What is *now* – who waits, who does what –
comes from routing, as it is. Nothing personal is kept here. Publishes no facts; tells the floor's screens live.
"""
