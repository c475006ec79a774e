"""The base of frozen records that are made many thousand times a second."""

import msgspec


class Record(msgspec.Struct, frozen=True, gc=False):
    """A value with named fields: equal to another of its own kind with equal fields, and never changed.

    It costs a third of a frozen dataclass to make. Engines that may know the kernel only build theirs on it.
    The garbage collector does not look at it: what it holds was there before it, and must not come to hold it.
    """
