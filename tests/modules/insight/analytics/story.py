"""Days of a centre at random, as the log would tell them, and the figures counted from it the slow and plain way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from careline.kernel.events import Event, Recorded
from careline.kernel.ids import new_id
from careline.modules.contact.conversations.views import Channel
from careline.modules.core.routing.events import ItemAssigned, ItemFinished, ItemLeft, ItemQueued, ItemWrappedUp
from careline.modules.core.routing.views import Media
from careline.modules.outreach.surveys.events import Rated

Told = tuple[datetime, UUID, Event]


def contacts(
    random: Random, start: datetime, hours: float, queues: list[UUID], agents: list[UUID], n: int
) -> list[Told]:
    """``n`` contacts that begin within some hours, each going as far as it happens to, in the order of time."""
    told: list[Told] = []
    for _ in range(n):
        asked_at = start + timedelta(seconds=random.uniform(0, hours * 3600))
        told += _contact(random, asked_at, random.choice(queues), random.choice(agents))
    return sorted(told, key=lambda one: one[0])


def _contact(
    random: Random, asked_at: datetime, queue_id: UUID, agent_id: UUID, passed_on: UUID | None = None
) -> Iterator[Told]:
    item_id, interaction_id = new_id(), passed_on or new_id()
    same: dict[str, Any] = {
        "item_id": item_id,
        "interaction_id": interaction_id,
        "media": random.choice([Media.VOICE, Media.CHAT]),
        "queue_id": queue_id,
    }
    target, again = random.choice([10, 20, 20]), passed_on is not None
    yield asked_at, item_id, ItemQueued(enqueued_at=asked_at, target_seconds=target, again=again, **same)
    waited = random.choice([random.uniform(0, 6), random.uniform(0, 40), 4.999, 5.0, 20.0, 20.001])
    end = asked_at + timedelta(seconds=waited)
    fate = random.choice(["waits", "abandoned", "overflowed", "answered", "answered", "finished", *["wrapped"] * 5])
    if fate in ("abandoned", "overflowed"):
        yield end, item_id, ItemLeft(enqueued_at=asked_at, cause=fate, **same)
    if fate not in ("answered", "finished", "wrapped"):
        return
    assigned = ItemAssigned(offer_id=new_id(), agent_id=agent_id, enqueued_at=asked_at, offered_at=asked_at, **same)
    yield end, item_id, assigned
    if fate == "answered":
        return
    finished_at = end + timedelta(seconds=random.uniform(1, 900))
    yield (
        finished_at,
        item_id,
        ItemFinished(agent_id=agent_id, assigned_at=end, wrap_up_deadline=None, **same),
    )
    if random.random() < 0.2:
        yield from _contact(random, finished_at, queue_id, agent_id, interaction_id)
    elif random.random() < 0.5:
        rated = Rated(interaction_id=interaction_id, score=random.randint(1, 5), channel=Channel.VOICE)
        yield finished_at + timedelta(seconds=random.uniform(0, 5)), interaction_id, rated
    if fate == "wrapped":
        at = finished_at + timedelta(seconds=random.uniform(0, 120))
        wrapped = ItemWrappedUp(agent_id=agent_id, finished_at=finished_at, timed_out=False, **same)
        yield at, item_id, wrapped


@dataclass
class Plain:
    """Figures of one day, worked out from the events alone, in the words of the definitions."""

    asked: int = 0
    decided: int = 0
    in_time: int = 0
    abandoned: int = 0
    waits: list[int] | None = None
    contact: int = 0
    onward: int = 0
    work: list[int] | None = None
    scores: list[int] | None = None

    def figures(self) -> dict[str, tuple[float | None, int]]:
        waits, work, scores = self.waits or [], self.work or [], self.scores or []
        return {
            "service_level": _mean(self.in_time, self.decided),
            "answer_rate": _mean(len(waits), self.decided),
            "abandon_rate": _mean(self.abandoned, self.decided),
            "asa": _mean(sum(waits), len(waits), 1000),
            "asked": (self.asked, self.asked),
            "answered": (len(waits), len(waits)),
            "handled_today": (len(work) - self.onward, len(work) - self.onward),
            "aht": _mean(self.contact + sum(work), len(work), 1000),
            "acw": _mean(sum(work), len(work), 1000),
            "csat_today": _mean(sum(scores), len(scores)),
        }


def plainly(log: list[Recorded], start: datetime, end: datetime) -> Plain:
    """One walk through the log for each contact."""
    plain = Plain(waits=[], work=[], scores=[])
    queued = {one.event.item_id: one.event for one in log if isinstance(one.event, ItemQueued)}
    of_item: dict[UUID, list[Recorded]] = {item_id: [] for item_id in queued}
    for one in log:
        if isinstance(one.event, ItemAssigned | ItemLeft | ItemFinished | ItemWrappedUp):
            of_item[one.event.item_id].append(one)
        elif isinstance(one.event, Rated) and start <= one.occurred_at < end:
            assert plain.scores is not None
            plain.scores.append(one.event.score)
    for item_id, asked in queued.items():
        _count(plain, asked, of_item[item_id], (start, end))
    return plain


def _count(
    plain: Plain,
    asked: ItemQueued,
    facts: list[Recorded],
    period: tuple[datetime, datetime],
) -> None:
    assert plain.waits is not None
    assert plain.work is not None
    today = period[0] <= asked.enqueued_at < period[1] and not asked.again
    counts = today
    for one in facts:
        if isinstance(one.event, ItemAssigned) and today:
            waited = one.occurred_at - asked.enqueued_at
            plain.decided += 1
            plain.waits.append(_ms(waited))
            plain.in_time += _ms(waited) <= asked.target_seconds * 1000
        elif isinstance(one.event, ItemLeft) and today:
            counts = one.event.cause != "abandoned" or _ms(one.occurred_at - asked.enqueued_at) >= 5000
            plain.decided += counts
            plain.abandoned += counts and one.event.cause == "abandoned"
        elif isinstance(one.event, ItemWrappedUp) and period[0] <= one.occurred_at < period[1]:
            finished = next(other for other in facts if isinstance(other.event, ItemFinished))
            assert isinstance(finished.event, ItemFinished)
            plain.contact += _ms(finished.occurred_at - finished.event.assigned_at)
            plain.onward += asked.again
            plain.work.append(_ms(one.occurred_at - one.event.finished_at))
    plain.asked += counts


def _ms(lasted: timedelta) -> int:
    return lasted // timedelta(milliseconds=1)


def _mean(part: float, whole: int, scale: int = 1) -> tuple[float | None, int]:
    return (part / whole / scale if whole else None, whole)
