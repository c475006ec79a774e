"""What happened to a work item, folded into one record; and what the figures mean. Pure.

The definitions, version 1, with the words of the glossary. ``docs/adr/0010-figures-from-events.md`` says why.

========================  ==========================================================================================
decided                   asked for a person today, and was answered, abandoned after at least 5 s, or overflowed
short abandon             left within less than 5 s: counts nowhere, since nobody could have answered in time
``asked``                 all who asked for a person today but the short abandons; who still waits is one of them
``answered``              of those, who got an agent
``answer_rate``           answered / decided
``abandon_rate``          abandoned / decided
``service_level``         answered within the seconds that the queue meant when they asked / decided
``asa``                   mean seconds from asking to the agent's answer, of the answered
``handled_today``         contacts whose after-contact work ended today
``aht``                   mean seconds of contact and after-contact work, of the parts that agents handled
``acw``                   mean seconds of after-contact work, of the parts that agents handled
``csat_today``            mean score, 1 … 5, of the contacts that were rated today
``waiting_now``           who waits now
``longest_wait``          seconds since the first of them asked
========================  ==========================================================================================

A contact that is passed on asked once, was answered once and is handled once, with the part of its first agent; each
agent who had it has handled it. Each of these parts has its own time.
"""

import enum
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

SHORT_ABANDON_MS = 5_000

DEFINITIONS_VERSION = 1


class Milestone(enum.StrEnum):
    """What can happen to a work item, in the order in which it can."""

    ASKED = "asked"
    ANSWERED = "answered"
    LEFT = "left"
    FINISHED = "finished"
    WRAPPED_UP = "wrapped_up"


ABANDONED, OVERFLOWED = "abandoned", "overflowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One fact about a work item. ``since`` is the instant that its duration is counted from.

    For an answer and a leaving that is the asking; for the end of the contact the answer; for the end of
    after-contact work the end of the contact. ``position`` is the fact's place in the log; ``target_ms``, of asking,
    within what the queue means to answer. ``again``, of asking too: they had an agent already, who passed them on.
    """

    milestone: Milestone
    position: int
    at: datetime
    item_id: UUID
    interaction_id: UUID
    media: str
    queue_id: UUID
    since: datetime
    target_ms: int = 0
    agent_id: UUID | None = None
    cause: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFact:
    """A work item from asking for a person to the end of after-contact work. Durations in milliseconds."""

    item_id: UUID
    interaction_id: UUID
    media: str
    queue_id: UUID
    state: str
    asked_at: datetime
    asked_position: int
    target_ms: int
    again: bool = False
    agent_id: UUID | None = None
    answered_at: datetime | None = None
    answered_position: int | None = None
    wait_ms: int | None = None
    left_at: datetime | None = None
    left_position: int | None = None
    left_cause: str | None = None
    finished_at: datetime | None = None
    finished_position: int | None = None
    contact_ms: int | None = None
    wrapped_up_at: datetime | None = None
    wrapped_up_position: int | None = None
    acw_ms: int | None = None


def apply(fact: ContactFact | None, happened: Happened) -> ContactFact | None:
    """The record with one fact more. A fact that is in it already changes nothing; one about an item that nobody
    asked for is nothing to count.
    """
    if happened.milestone is Milestone.ASKED:
        return fact or ContactFact(
            item_id=happened.item_id,
            interaction_id=happened.interaction_id,
            media=happened.media,
            queue_id=happened.queue_id,
            state=Milestone.ASKED.value,
            asked_at=happened.since,
            asked_position=happened.position,
            target_ms=happened.target_ms,
            again=happened.again,
        )
    if fact is None or happened.position <= _last_position(fact):
        return fact
    lasted = milliseconds(happened.at - happened.since)
    moved = replace(fact, state=happened.milestone.value, queue_id=happened.queue_id)
    match happened.milestone:
        case Milestone.ANSWERED:
            return replace(
                moved,
                agent_id=happened.agent_id,
                answered_at=happened.at,
                answered_position=happened.position,
                wait_ms=lasted,
            )
        case Milestone.LEFT:
            return replace(
                moved,
                left_at=happened.at,
                left_position=happened.position,
                left_cause=happened.cause,
                wait_ms=lasted,
            )
        case Milestone.FINISHED:
            return replace(moved, finished_at=happened.at, finished_position=happened.position, contact_ms=lasted)
        case _:
            return replace(moved, wrapped_up_at=happened.at, wrapped_up_position=happened.position, acw_ms=lasted)


def _last_position(fact: ContactFact) -> int:
    later = (fact.answered_position, fact.left_position, fact.finished_position, fact.wrapped_up_position)
    return max(fact.asked_position, *(position or 0 for position in later))


def milliseconds(lasted: timedelta) -> int:
    """Whole milliseconds, never less than none: two machines' clocks may disagree a little."""
    return max(0, lasted // timedelta(milliseconds=1))


class Figure(enum.StrEnum):
    """The figures there are."""

    WAITING_NOW = "waiting_now"
    LONGEST_WAIT = "longest_wait"
    SERVICE_LEVEL = "service_level"
    ANSWER_RATE = "answer_rate"
    ASA = "asa"
    ABANDON_RATE = "abandon_rate"
    ASKED = "asked"
    ANSWERED = "answered"
    HANDLED_TODAY = "handled_today"
    AHT = "aht"
    ACW = "acw"
    CSAT_TODAY = "csat_today"


class Unit(enum.StrEnum):
    """What a figure's value counts."""

    COUNT = "count"
    RATIO = "ratio"
    SECONDS = "s"
    SCORE = "score"


UNITS: dict[Figure, Unit] = {
    Figure.WAITING_NOW: Unit.COUNT,
    Figure.LONGEST_WAIT: Unit.SECONDS,
    Figure.SERVICE_LEVEL: Unit.RATIO,
    Figure.ANSWER_RATE: Unit.RATIO,
    Figure.ASA: Unit.SECONDS,
    Figure.ABANDON_RATE: Unit.RATIO,
    Figure.ASKED: Unit.COUNT,
    Figure.ANSWERED: Unit.COUNT,
    Figure.HANDLED_TODAY: Unit.COUNT,
    Figure.AHT: Unit.SECONDS,
    Figure.ACW: Unit.SECONDS,
    Figure.CSAT_TODAY: Unit.SCORE,
}

NOW, TODAY = "now", "today"


def window_of(figure: Figure) -> str:
    """The time that a figure is about."""
    return NOW if figure in (Figure.WAITING_NOW, Figure.LONGEST_WAIT) else TODAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was counted: of those who asked, of the parts that agents handled, and of the ratings.

    ``onward`` of the handled parts are of contacts that an agent had passed on; the others are one for each contact.
    """

    waiting: int = 0
    answered: int = 0
    in_time: int = 0
    wait_ms: int = 0
    abandoned: int = 0
    overflowed: int = 0
    handled: int = 0
    onward: int = 0
    contact_ms: int = 0
    acw_ms: int = 0
    rated: int = 0
    scores: int = 0

    @property
    def decided(self) -> int:
        """Of whom it is known how asking ended."""
        return self.answered + self.abandoned + self.overflowed

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in COUNTS})

    def __neg__(self) -> "Tally":
        return Tally(**{name: -getattr(self, name) for name in COUNTS})


COUNTS = tuple(field.name for field in fields(Tally))

SLOT = timedelta(minutes=15)
"""Every zone's midnight is on a quarter of an hour (of UTC), so days of any zone are made of whole slots."""

Slot = tuple[datetime, UUID]
"""A quarter of an hour, by its begin, and a queue."""


def slot_of(at: datetime) -> datetime:
    """The begin of the quarter of an hour that an instant is in."""
    return at - (at - _EPOCH) % SLOT


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def counted(fact: ContactFact | None) -> dict[Slot, Tally]:
    """What a record adds to which slots: to that of asking, and to that of the end of after-contact work."""
    if fact is None:
        return {}
    found = {(slot_of(fact.asked_at), fact.queue_id): _asking(fact)}
    if fact.wrapped_up_at is not None:
        slot = (slot_of(fact.wrapped_up_at), fact.queue_id)
        handled = Tally(handled=1, onward=int(fact.again), contact_ms=fact.contact_ms or 0, acw_ms=fact.acw_ms or 0)
        found[slot] = found.get(slot, Tally()) + handled
    return found


def _asking(fact: ContactFact) -> Tally:
    waited = fact.wait_ms or 0
    if fact.again:
        return Tally()
    if fact.answered_at is not None:
        return Tally(answered=1, in_time=int(waited <= fact.target_ms), wait_ms=waited)
    if fact.left_cause == ABANDONED:
        return Tally(abandoned=int(waited >= SHORT_ABANDON_MS))
    if fact.left_cause is not None:
        return Tally(overflowed=1)
    return Tally(waiting=1)


def change(before: ContactFact | None, after: ContactFact | None) -> dict[Slot, Tally]:
    """What has to be added to which slots when a record has become another one."""
    found = counted(after)
    for slot, tally in counted(before).items():
        found[slot] = found.get(slot, Tally()) + -tally
    return {slot: tally for slot, tally in found.items() if tally != Tally()}


@dataclass(frozen=True, slots=True)
class Value:
    """A figure's value, None when there is nothing to work it out from, and how many it was worked out from."""

    value: float | None
    n: int


def share(part: int, whole: int) -> Value:
    """``part / whole``: a ratio, or a mean of whole numbers."""
    return Value(part / whole if whole else None, whole)


def mean_seconds(total_ms: int, n: int) -> Value:
    """The mean of milliseconds, in seconds."""
    return Value(total_ms / n / 1000 if n else None, n)


def period_figures(tally: Tally) -> dict[Figure, Value]:
    """The figures of a period from what was counted in it."""
    everybody, contacts = tally.decided + tally.waiting, tally.handled - tally.onward
    return {
        Figure.SERVICE_LEVEL: share(tally.in_time, tally.decided),
        Figure.ANSWER_RATE: share(tally.answered, tally.decided),
        Figure.ASA: mean_seconds(tally.wait_ms, tally.answered),
        Figure.ABANDON_RATE: share(tally.abandoned, tally.decided),
        Figure.ASKED: Value(everybody, everybody),
        Figure.ANSWERED: Value(tally.answered, tally.answered),
        Figure.HANDLED_TODAY: Value(contacts, contacts),
        Figure.AHT: mean_seconds(tally.contact_ms + tally.acw_ms, tally.handled),
        Figure.ACW: mean_seconds(tally.acw_ms, tally.handled),
        Figure.CSAT_TODAY: share(tally.scores, tally.rated),
    }


def day_of(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Today in a zone, from its midnight to the next, which may be 23 or 25 hours later."""
    today: date = now.astimezone(zone).date()
    return (
        datetime.combine(today, time(), tzinfo=zone),
        datetime.combine(today + timedelta(days=1), time(), tzinfo=zone),
    )
