"""A tournament of cells: finds the cell with the smallest key among those that have all that is asked for.

A binary tree in two lists. Every inner node carries the smallest key and the union of the masks below it, so
a search leaves out every subtree where something asked for is missing, and goes the way of the smallest key
first.
"""

from heapq import heappop, heappush

NEVER = 1 << 400
"""Greater than every key."""


class Tournament:
    """Leaves with (key, mask). ``set_leaf`` costs O(log n).

    ``best`` costs O(log n) when nearly all free cells can serve, O(k log n) when k cells with smaller keys
    must be passed over first; and O(1) when nothing asked for is free at all, which is the case that repeats
    under load.
    """

    __slots__ = ("_free", "_used", "keys", "masks", "size")

    def __init__(self) -> None:
        self.size = 1
        self.keys = [NEVER, NEVER]
        self.masks = [0, 0]
        self._used = 0
        self._free: list[int] = []

    def take_leaf(self) -> int:
        """A leaf for a new cell, numbered from 0 and empty."""
        if self._free:
            return self._free.pop()
        if self._used == self.size:
            self._grow()
        self._used += 1
        return self._used - 1

    def give_leaf(self, leaf: int) -> None:
        """Empty a leaf and let it be used again."""
        self.set_leaf(leaf, NEVER, 0)
        self._free.append(leaf)

    def has(self, need: int) -> bool:
        """False when nobody here can have all of ``need``; True when somebody might. O(1)."""
        return self.masks[1] & need == need

    def set_leaf(self, leaf: int, key: int, mask: int) -> None:
        """Note a cell's smallest key, or (``NEVER``, 0) when it is empty."""
        keys, masks = self.keys, self.masks
        at = leaf + self.size
        keys[at] = key
        masks[at] = mask
        while at > 1:
            other = at ^ 1
            if keys[other] < key:
                key = keys[other]
            mask |= masks[other]
            at >>= 1
            if keys[at] == key and masks[at] == mask:
                return
            keys[at] = key
            masks[at] = mask

    def best(self, need: int) -> int:
        """The leaf with the smallest key whose mask has all of ``need``; −1 when there is none."""
        keys, masks, size = self.keys, self.masks, self.size
        if masks[1] & need != need:
            return -1
        others: list[tuple[int, int]] = []
        at = 1
        while True:
            while 0 < at < size:
                left = 2 * at
                right = left + 1
                if masks[left] & need == need:
                    if masks[right] & need != need:
                        at = left
                    elif keys[left] < keys[right]:
                        heappush(others, (keys[right], right))
                        at = left
                    else:
                        heappush(others, (keys[left], left))
                        at = right
                else:
                    at = right if masks[right] & need == need else 0
            if at:
                if not others or keys[at] <= others[0][0]:
                    return at - size
                heappush(others, (keys[at], at))
            if not others:
                return -1
            at = heappop(others)[1]

    def _grow(self) -> None:
        leaves = range(self.size, 2 * self.size)
        noted = [(self.keys[at], self.masks[at]) for at in leaves]
        self.size *= 2
        self.keys = [NEVER] * (2 * self.size)
        self.masks = [0] * (2 * self.size)
        for leaf, (key, mask) in enumerate(noted):
            if mask:
                self.set_leaf(leaf, key, mask)
