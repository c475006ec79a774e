"""A calendar, and when it is open.

It is open at an instant when the wall clock of its time zone stands within a span of that day. So an hour that the
clock shows twice is open twice, and one that it leaves out is never open. A span begins with its first minute and
ends before its last: what ends at 18:00 is closed at 18:00.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from careline.kernel.errors import Invalid
from careline.kernel.text import checked_text

DAY_MINUTES = 24 * 60
MOST_SPANS = 8
MOST_EXCEPTIONS = 400
_WEEK = 7
_AROUND = timedelta(hours=4)
"""Wider than any turn of the clock."""


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a day in minutes since its midnight; 1440 is the midnight after it."""

    start: int
    end: int


class DatedException(msgspec.Struct, frozen=True, kw_only=True):
    """A day that is not as its weekday says. ``like`` is the weekday (0 is Monday) whose times it has instead, for a
    make-up working day; without it ``spans`` are its times, and none of them is closed."""

    day: date
    name: str
    like: int | None = None
    spans: tuple[Span, ...] = ()


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """Times of each weekday, Monday first, and the days that are otherwise. ``time_zone`` is an IANA name."""

    time_zone: str
    weekly: tuple[tuple[Span, ...], ...]
    exceptions: tuple[DatedException, ...] = ()


def checked_calendar(calendar: Calendar) -> Calendar:
    """A calendar that makes sense, its days in order. Raises ``Invalid`` naming what does not."""
    try:
        ZoneInfo(calendar.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("time-zone-unknown", field="time_zone") from None
    if len(calendar.weekly) != _WEEK:
        raise Invalid("week-has-seven-days", field="weekly")
    if len(calendar.exceptions) > MOST_EXCEPTIONS:
        raise Invalid("exceptions-too-many", field="exceptions", max=MOST_EXCEPTIONS)
    exceptions = tuple(sorted((_checked_exception(one) for one in calendar.exceptions), key=lambda one: one.day))
    for earlier, later in pairwise(exceptions):
        if earlier.day == later.day:
            raise Invalid("day-twice", field="exceptions", day=str(later.day))
    weekly = tuple(_checked_spans(spans, "weekly") for spans in calendar.weekly)
    return Calendar(time_zone=calendar.time_zone, weekly=weekly, exceptions=exceptions)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the calendar is open at an instant."""
    wall = at.astimezone(ZoneInfo(calendar.time_zone))
    exception = next((one for one in calendar.exceptions if one.day == wall.date()), None)
    return _is_within(_spans_on(calendar, wall.date(), exception), wall)


def next_change(calendar: Calendar, at: datetime) -> datetime | None:
    """The first instant after ``at`` at which the calendar opens or closes; None when it never does."""
    zone, now = ZoneInfo(calendar.time_zone), is_open(calendar, at)
    exceptions = {one.day: one for one in calendar.exceptions}

    def spans(day: date) -> tuple[Span, ...]:
        return _spans_on(calendar, day, exceptions.get(day))

    for day in _days_worth_a_look(calendar, at.astimezone(zone).date()):
        for instant in sorted(set(_ends_of(zone, day, spans(day)))):
            wall = instant.astimezone(zone)
            if instant > at and _is_within(spans(wall.date()), wall) is not now:
                return instant
    return None


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """When the calendar is open next: ``at`` itself while it is, None when it never is again."""
    return at if is_open(calendar, at) else next_change(calendar, at)


def _spans_on(calendar: Calendar, day: date, exception: DatedException | None) -> tuple[Span, ...]:
    if exception is None:
        return calendar.weekly[day.weekday()]
    return exception.spans if exception.like is None else calendar.weekly[exception.like]


def _is_within(spans: tuple[Span, ...], wall: datetime) -> bool:
    minute = wall.hour * 60 + wall.minute
    return any(span.start <= minute < span.end for span in spans)


def _days_worth_a_look(calendar: Calendar, today: date) -> list[date]:
    """What does not change in two weeks of usual days never does: two, since the one hour of a week that it is open may
    be the one that the clock leaves out. So these are looked at from today on, and after every exception to come."""
    usual = range(-1, 2 * _WEEK + 2)
    begins = {today, *(one.day for one in calendar.exceptions if one.day >= today)}
    return sorted({begin + timedelta(days=ahead) for begin in begins for ahead in usual})


def _ends_of(zone: ZoneInfo, day: date, spans: tuple[Span, ...]) -> Iterator[datetime]:
    """Every instant of a local day at which it may open or close: its midnight, the ends of its spans, as often as
    the clock shows them, and where the clock is turned."""
    midnight = datetime.combine(day, time())
    for minutes in {0, DAY_MINUTES} | {end for span in spans for end in (span.start, span.end)}:
        wall = midnight + timedelta(minutes=minutes)
        for fold in (0, 1):
            yield wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    before = midnight.replace(tzinfo=zone).astimezone(UTC) - _AROUND
    after = (midnight + timedelta(days=1)).replace(tzinfo=zone).astimezone(UTC) + _AROUND
    if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
        turn = _turn(zone, before, after)
        if turn.astimezone(zone).date() == day:  # of another day it would come before what is earlier on that one
            yield turn


def _turn(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The instant between two at which the clock is turned, to the second."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def _checked_spans(spans: tuple[Span, ...], field: str) -> tuple[Span, ...]:
    if len(spans) > MOST_SPANS:
        raise Invalid("spans-too-many", field=field, max=MOST_SPANS)
    ordered = tuple(sorted(spans, key=lambda span: span.start))
    end = 0
    for span in ordered:
        if not 0 <= span.start < span.end <= DAY_MINUTES:
            raise Invalid("span-not-within-a-day", field=field)
        if span.start < end:
            raise Invalid("spans-overlap", field=field)
        end = span.end
    return ordered


def _checked_exception(exception: DatedException) -> DatedException:
    if exception.like is not None and (exception.spans or not 0 <= exception.like < _WEEK):
        raise Invalid("exception-like-a-weekday", field="exceptions", day=str(exception.day))
    return DatedException(
        day=exception.day,
        name=checked_text(exception.name, field="exceptions", max_length=40),
        like=exception.like,
        spans=_checked_spans(exception.spans, "exceptions"),
    )
