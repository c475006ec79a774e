"""A queue at work: its settings made ready for use, and what waits in it.

The order is a static key: ``enqueued_at + target − priority · priority_step − boost``, smallest first.
Because no part of it depends on the present, ageing costs nothing and two items never change places.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Any, Protocol
from uuid import UUID

from careline.modules.core.routing.engine.instants import seconds_us
from careline.modules.core.routing.engine.model import LEVELS, Needs, QueueSettings, WorkItem
from careline.modules.core.routing.engine.ranked import RankedKeys

WAITING, OFFERED, ENGAGED, GONE = range(4)
"""Where an item is."""
_SPARE_ARRIVALS = 64
SEQ_BITS = 40
"""An item's sequence number fills the low bits of its key, so that no two items ever tie."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a queue asks for after a number of relaxation steps; ``needs`` are the queue's own, unrelaxed.

    It begins when an item has been there for ``after_us``; ``next_us`` is when the next one does, None for the last.
    """

    after_us: int
    next_us: int | None
    lower_by: int
    drop: frozenset[str]
    join: frozenset[UUID]
    needs: Needs

    def relax(self, needs: Needs) -> Needs:
        """What an item with these needs asks for at this stage, sorted by skill; of two levels the higher counts."""
        asked: dict[str, int] = {}
        for skill, level in (*self.needs, *needs):
            if skill not in self.drop:
                asked[skill] = max(asked.get(skill, 1), level - self.lower_by)
        return tuple(sorted(asked.items()))


class Waiting(Protocol):
    """What a queue needs to know of an item in it."""

    key: int
    enqueued_us: int
    medium: int
    status: int
    queue: "QueueState"
    item: WorkItem


class Line:
    """What waits of one medium, in the order of arrival; ``size`` counts it."""

    __slots__ = ("arrivals", "size")

    def __init__(self) -> None:
        self.arrivals: list[tuple[int, int, Waiting]] = []
        self.size = 0


class QueueState:
    """Settings in microseconds, the stages of relaxation, and the keys of the waiting items.

    ``waiting`` are those for whom somebody waits, and whose places are told; ``patient`` are the others. They do not
    count for a queue's limit, nor for the places of those who wait.
    """

    __slots__ = (
        "_levels",
        "_patient_target_us",
        "_priority_step_us",
        "_target_us",
        "after_contact_us",
        "beside_us",
        "decline_pause_us",
        "engaged",
        "groups",
        "highest",
        "lines",
        "max_wait_us",
        "offer_timeout",
        "offer_timeout_us",
        "open",
        "patient",
        "put_off",
        "removed",
        "reserved",
        "rule",
        "set_aside_us",
        "settings",
        "stages",
        "waiting",
    )

    def __init__(self, settings: QueueSettings, *, removed: bool = False) -> None:
        self.settings = settings
        self.removed = removed
        self.open = not removed
        self.stages = _stages(settings)
        self.rule = settings.strategy.value
        self._target_us = seconds_us(settings.target_s)
        patient = settings.patient_target_s
        self._patient_target_us = self._target_us if patient is None else seconds_us(patient)
        self.beside_us = None if settings.beside_after_s is None else seconds_us(settings.beside_after_s)
        self._priority_step_us = seconds_us(settings.priority_step_s)
        self.offer_timeout = timedelta(seconds=settings.offer_timeout_s)
        self.offer_timeout_us = seconds_us(settings.offer_timeout_s)
        self.max_wait_us = None if settings.max_wait_s is None else seconds_us(settings.max_wait_s)
        self.decline_pause_us = seconds_us(settings.decline_pause_s)
        self.set_aside_us = None if settings.set_aside_s is None else seconds_us(settings.set_aside_s)
        limit = settings.after_contact_s
        self.after_contact_us = None if limit is None else seconds_us(limit)
        self.waiting = RankedKeys()
        self.patient = RankedKeys()
        self.put_off: dict[int, datetime] = {}
        """Until when what waits may not be offered, by key, of those of which that was said."""
        self.lines: dict[int, Line] = {}
        """By the place of the medium."""
        self.reserved = 0
        self.engaged = 0
        self.highest: dict[str, int] = {}
        """The best proficiency in each skill among the agents of the queue who are signed in."""
        self._levels: dict[str, list[int]] = {}
        self.groups: dict[object, Any] = {}
        """The matcher's notes; nobody else looks."""

    def count_level(self, skill: str, level: int, by: int) -> None:
        """One agent more (+1) or less (−1) who is signed in has this level."""
        counts = self._levels.setdefault(skill, [0] * (LEVELS + 1))
        counts[level] += by
        self.highest[skill] = max((at for at in range(1, LEVELS + 1) if counts[at]), default=0)

    def key(self, item: WorkItem, enqueued_us: int, seq: int) -> int:
        """The place of an item among all that wait: smaller is served first. Unique by ``seq``.

        ``enqueued_us`` is when it came, later by the time that it slept.
        """
        due = enqueued_us + (self._patient_target_us if item.patient else self._target_us)
        if item.priority:
            due -= item.priority * self._priority_step_us
        if item.boost_s:
            due -= seconds_us(item.boost_s)
        return (due << SEQ_BITS) | seq

    def keys(self, *, patient: bool) -> RankedKeys:
        """What waits, or what waits patiently."""
        return self.patient if patient else self.waiting

    def add(self, item: Waiting) -> None:
        """An item begins to wait. O(log n) and O(√n) words moved."""
        (self.patient if item.item.patient else self.waiting).add(item.key)
        if item.item.not_before is not None:
            self.put_off[item.key] = item.item.not_before
        line = self.lines.get(item.medium)
        if line is None:
            line = self.lines[item.medium] = Line()
        line.size += 1
        heappush(line.arrivals, (item.enqueued_us, item.key, item))

    def remove(self, item: Waiting) -> None:
        """An item waits no more; its status says so already or soon. Costs as ``add``."""
        (self.patient if item.item.patient else self.waiting).remove(item.key)
        if self.put_off:
            self.put_off.pop(item.key, None)
        line = self.lines[item.medium]
        line.size -= 1
        if len(line.arrivals) > 2 * line.size + _SPARE_ARRIVALS:
            line.arrivals = [entry for entry in line.arrivals if self.holds(entry[2]) and entry[2] is not item]
            heapify(line.arrivals)

    def holds(self, item: Waiting) -> bool:
        """Whether an item waits in this queue."""
        return item.status == WAITING and item.queue is self

    def longest_since(self, medium: int) -> int | None:
        """When what has waited longest of a medium came, None when nothing waits. O(log n) amortised."""
        line = self.lines.get(medium)
        if line is None:
            return None
        arrivals = line.arrivals
        while arrivals and not self.holds(arrivals[0][2]):
            heappop(arrivals)
        return arrivals[0][0] if arrivals else None


def _stages(settings: QueueSettings) -> tuple[Stage, ...]:
    """Stage 0 is the unrelaxed one; every step adds to those before it."""
    begins = [seconds_us(step.after_s) for step in settings.relaxation]
    ends: list[int | None] = [*begins, None]
    stages = [Stage(0, ends[0], 0, frozenset(), frozenset(), settings.needs)]
    for step, after_us, next_us in zip(settings.relaxation, begins, ends[1:], strict=True):
        last = stages[-1]
        stages.append(
            Stage(
                after_us,
                next_us,
                last.lower_by + step.lower_by,
                last.drop | step.drop,
                last.join | (step.join - {settings.id}),
                settings.needs,
            )
        )
    return tuple(stages)
