"""When the garbage collector looks at what: seldom at what stays, since everybody waits while it looks.

Nearly all of ours is freed at once, when nobody refers to it any more; the collector is for circles. Looking at
everything takes some 0.3 µs an object: with thousands connected, most of a second in which nothing moves. So what the
process begins with is never looked at again; what is young, only when more came than many requests at a time hold; and
everything, when more lines have come than a large centre has.
"""

import gc

YOUNG, GROWN, OLD = 50_000, 5, 10
"""So many objects more than went; so many of these steps until what outlived one is looked at again; and so many of
those until all is. A request has some 150 objects while it is under way, and a connection as many while it lasts."""


def settle() -> None:
    """What was put together by now stays, and what comes is looked at seldom; called once, before serving."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, GROWN, OLD)
