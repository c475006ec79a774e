"""A tournament: finds whoever has the smallest key among those that have all that is asked for.

A binary tree in two lists. Every inner node carries the smallest key and the union of the masks below it, so
a search leaves out every subtree where something asked for is missing, and goes the way of the smallest key
first. Only who is in has a leaf: under load few are free, and the tree is as low as they are few.
"""

from heapq import heappop, heappush
from typing import Generic, TypeVar

NEVER = 1 << 400
"""Greater than every key."""
_LOW = 8
"""A tree with room for more than so many is put up anew at half of that when three leaves in four are free."""

Entrant = TypeVar("Entrant")


class Tournament(Generic[Entrant]):
    """Who is in, each with a key and a mask. ``put`` and ``drop`` cost O(log n) of those who are in, amortised.

    ``best`` costs O(log n) when nearly all who are in can serve, O(k log n) when k with smaller keys must be passed
    over first; and O(1) when nobody has what is asked for, which is the case that repeats under load.

    ``entrants``, by leaf, has None or who was there last where nobody is; ``keys`` and ``masks`` are by node.
    """

    __slots__ = ("_free", "_leaves", "entrants", "keys", "masks", "size")

    def __init__(self) -> None:
        self._leaves: dict[Entrant, int] = {}
        self.size = 1
        self.keys = [NEVER, NEVER]
        self.masks = [0, 0]
        self.entrants: list[Entrant | None] = [None]
        self._free = [0]

    def put(self, entrant: Entrant, key: int, mask: int) -> None:
        """Let somebody in, or note their new key and mask: the nodes above are told as far as it matters to them."""
        leaf = self._leaves.get(entrant)
        if leaf is None:
            leaf = self._seat(entrant)
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

    def drop(self, entrant: Entrant) -> None:
        """Let somebody who is in out."""
        self.put(entrant, NEVER, 0)
        self._free.append(self._leaves.pop(entrant))
        if self.size > _LOW and 4 * len(self._leaves) <= self.size:
            self._put_up(self.size // 2)

    def has(self, need: int) -> bool:
        """False when nobody here can have all of ``need``; True when somebody might. O(1)."""
        return self.masks[1] & need == need

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

    def _seat(self, entrant: Entrant) -> int:
        if not self._free:
            self._put_up(2 * self.size)
        leaf = self._leaves[entrant] = self._free.pop()
        self.entrants[leaf] = entrant
        return leaf

    def _put_up(self, size: int) -> None:
        """A tree with room for so many: who is in stands at its left."""
        keys, masks, before = self.keys, self.masks, self.size
        noted = [(entrant, keys[at + before], masks[at + before]) for entrant, at in self._leaves.items()]
        self.size = size
        self.keys = [NEVER] * (2 * size)
        self.masks = [0] * (2 * size)
        self.entrants = [None] * size
        self._free = list(range(size - 1, len(noted) - 1, -1))
        for leaf, (entrant, key, mask) in enumerate(noted):
            self._leaves[entrant] = leaf
            self.entrants[leaf] = entrant
            self.keys[leaf + size], self.masks[leaf + size] = key, mask
        for at in range(size - 1, 0, -1):
            self.keys[at] = min(self.keys[2 * at], self.keys[2 * at + 1])
            self.masks[at] = self.masks[2 * at] | self.masks[2 * at + 1]
