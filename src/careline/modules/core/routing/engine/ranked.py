"""A sorted list that also answers "how many are before this one": the position of an item in its queue.

Blocks of at most ``2 * BLOCK`` integers. Adding, removing and ranking cost O(√n) machine words moved and O(n
/ BLOCK) lengths summed, which at 100,000 waiting is a few microseconds.
"""

from bisect import bisect_left, bisect_right, insort

BLOCK = 512


class RankedKeys:
    """Distinct integer keys in ascending order."""

    # The block of a key is the last that does not begin after it, and the first one when all do.
    __slots__ = ("_blocks", "_first", "size")

    def __init__(self) -> None:
        self._blocks: list[list[int]] = []
        self._first: list[int] = []
        self.size = 0

    def __len__(self) -> int:
        return self.size

    def add(self, key: int) -> None:
        """Put a key in its place; it must not be there yet."""
        self.size += 1
        if not self._blocks:
            self._blocks.append([key])
            self._first.append(key)
            return
        at = bisect_right(self._first, key, 1) - 1
        block = self._blocks[at]
        if key > block[-1]:
            block.append(key)
        else:
            insort(block, key)
            self._first[at] = block[0]
        if len(block) > 2 * BLOCK:
            self._blocks[at : at + 1] = [block[:BLOCK], block[BLOCK:]]
            self._first[at : at + 1] = [block[0], block[BLOCK]]

    def remove(self, key: int) -> None:
        """Take a key out. Raises KeyError when it is not there."""
        at = bisect_right(self._first, key, 1) - 1
        block = self._blocks[at] if self._blocks else []
        inside = bisect_left(block, key)
        if inside == len(block) or block[inside] != key:
            raise KeyError(key)
        del block[inside]
        self.size -= 1
        if not block:
            del self._blocks[at], self._first[at]
        else:
            self._first[at] = block[0]

    def first(self) -> int | None:
        """The smallest key; None when there is none."""
        return self._first[0] if self._first else None

    def rank(self, key: int) -> int:
        """How many keys are smaller than this one."""
        if not self._blocks:
            return 0
        at = bisect_right(self._first, key, 1) - 1
        return sum(map(len, self._blocks[:at])) + bisect_left(self._blocks[at], key)
