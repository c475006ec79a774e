"""Deadlines: what is due when. Cancelled ones are forgotten lazily, when they come up or outnumber the live
ones.

Entries sort by instant, then kind, then a number from the state itself, so that a restored engine handles
equal instants in the same order as one that never stopped.
"""

from collections.abc import Callable
from heapq import heapify, heappop, heappush

OFFER, AFTER_CONTACT, SET_ASIDE, ITEM = range(4)
Entry = tuple[int, int, int, object]
_SMALL = 4096


class Timers:
    """A heap of (due in µs, kind, number, subject). ``is_live`` tells whether an entry still counts."""

    __slots__ = ("_heap", "_is_live", "_limit")

    def __init__(self, is_live: Callable[[Entry], bool]) -> None:
        self._heap: list[Entry] = []
        self._is_live = is_live
        self._limit = _SMALL

    def push(self, due: int, kind: int, number: int, subject: object) -> None:
        """Ask for attention at an instant. O(log n), amortised over the clearing of dead entries."""
        heap = self._heap
        heappush(heap, (due, kind, number, subject))
        if len(heap) > self._limit:
            self._heap = [entry for entry in heap if self._is_live(entry)]
            heapify(self._heap)
            self._limit = 2 * len(self._heap) + _SMALL

    def next_due(self) -> int | None:
        """The earliest instant at which something is due."""
        heap = self._heap
        while heap and not self._is_live(heap[0]):
            heappop(heap)
        return heap[0][0] if heap else None

    def pop_due(self, now: int) -> Entry | None:
        """The next live entry that is due, taken out; None when there is none."""
        due = self.next_due()
        return heappop(self._heap) if due is not None and due <= now else None
