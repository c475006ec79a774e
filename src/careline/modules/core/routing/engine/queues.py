"""A queue at work: its settings made ready for use, and what waits in it.

The order is a static key: ``enqueued_at + target − priority · priority_step − boost``, smallest first.
Because no part of it depends on the present, ageing costs nothing and two items never change places.
"""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from uuid import UUID

from careline.modules.core.routing.engine.instants import seconds_us
from careline.modules.core.routing.engine.model import Needs, QueueSettings, WorkItem
from careline.modules.core.routing.engine.ranked import RankedKeys

SEQ_BITS = 40
"""An item's sequence number fills the low bits of its key, so that no two items ever tie."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a queue asks for after a number of relaxation steps, apart from the item's own needs."""

    after_us: int
    lower_by: int
    drop: frozenset[str]
    join: frozenset[UUID]

    def relax(self, needs: Needs) -> Needs:
        """The needs of an item at this stage, sorted by skill."""
        return tuple((skill, max(1, level - self.lower_by)) for skill, level in sorted(needs) if skill not in self.drop)


class QueueState:
    """Settings in microseconds, the stages of relaxation, and the keys of the waiting items."""

    __slots__ = (
        "_arrivals",
        "_gone",
        "after_contact_us",
        "engaged",
        "max_wait_us",
        "offer_timeout_us",
        "open",
        "removed",
        "reserved",
        "settings",
        "stages",
        "waiting",
    )

    def __init__(self, settings: QueueSettings, *, removed: bool = False) -> None:
        self.settings = settings
        self.removed = removed
        self.open = not removed
        self.stages = _stages(settings)
        self.offer_timeout_us = seconds_us(settings.offer_timeout_s)
        self.max_wait_us = None if settings.max_wait_s is None else seconds_us(settings.max_wait_s)
        limit = settings.after_contact_s
        self.after_contact_us = None if limit is None else seconds_us(limit)
        self.waiting = RankedKeys()
        self.reserved = 0
        self.engaged = 0
        self._arrivals: list[tuple[int, int]] = []
        self._gone: set[int] = set()

    def key(self, item: WorkItem, enqueued_us: int, seq: int) -> int:
        """The place of an item among all that wait: smaller is served first. Unique by ``seq``."""
        settings = self.settings
        due = enqueued_us + seconds_us(settings.target_s - item.priority * settings.priority_step_s - item.boost_s)
        return (due << SEQ_BITS) | seq

    def add(self, key: int, enqueued_us: int) -> None:
        """An item begins to wait. O(log n)."""
        self.waiting.add(key)
        if key in self._gone:
            self._gone.remove(key)
        else:
            heappush(self._arrivals, (enqueued_us, key))

    def remove(self, key: int) -> None:
        """An item waits no more. O(log n)."""
        self.waiting.remove(key)
        self._gone.add(key)
        if len(self._gone) > len(self.waiting) + 64:
            self._arrivals = [entry for entry in self._arrivals if entry[1] not in self._gone]
            heapify(self._arrivals)
            self._gone.clear()

    def longest_since(self) -> int | None:
        """When the item that has waited longest came, None when nothing waits. O(log n) amortised."""
        while self._arrivals and self._arrivals[0][1] in self._gone:
            self._gone.remove(heappop(self._arrivals)[1])
        return self._arrivals[0][0] if self._arrivals else None


def _stages(settings: QueueSettings) -> tuple[Stage, ...]:
    """Stage 0 is the unrelaxed one; every step adds to those before it."""
    stages = [Stage(0, 0, frozenset(), frozenset())]
    for step in settings.relaxation:
        last = stages[-1]
        stages.append(
            Stage(
                seconds_us(step.after_s),
                last.lower_by + step.lower_by,
                last.drop | step.drop,
                last.join | (step.join - {settings.id}),
            )
        )
    return tuple(stages)
