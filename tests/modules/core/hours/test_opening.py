"""When a calendar is open: nothing between two changes is otherwise, whatever the clock does."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.kernel.errors import Invalid
from careline.modules.core.hours.rules.official import OFFICIAL
from careline.modules.core.hours.rules.opening import (
    Calendar,
    DatedException,
    Span,
    checked_calendar,
    is_open,
    next_change,
    next_opening,
)

DAY = (Span(start=9 * 60, end=18 * 60),)
WEEK = (DAY, DAY, DAY, DAY, DAY, (), ())
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC")
# Around the turns of the clock in Berlin and New York, and in Sao Paulo when it still turned at midnight.
DAYS = [date(2026, 3, 7), date(2026, 3, 28), date(2026, 10, 24), date(2026, 10, 31), date(2018, 11, 3)]


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def spans() -> st.SearchStrategy[tuple[Span, ...]]:
    ends = st.lists(st.sampled_from([0, 60, 119, 120, 150, 180, 540, 720, 1080, 1439, 1440]), unique=True, max_size=4)
    paired = ends.map(sorted).map(lambda found: found[: len(found) // 2 * 2])
    return paired.map(lambda f: tuple(Span(start=f[i], end=f[i + 1]) for i in range(0, len(f), 2)))


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    first = draw(st.sampled_from(DAYS))
    days = draw(st.lists(st.integers(0, 20), unique=True, max_size=3))
    exceptions = tuple(
        DatedException(day=first + timedelta(days=ahead), name="x", like=like, spans=() if like is not None else own)
        for ahead, like, own in ((a, draw(st.none() | st.integers(0, 6)), draw(spans())) for a in sorted(days))
    )
    weekly = draw(st.tuples(*[spans()] * 7) | spans().map(lambda day: (day,) * 7))
    zone = draw(st.sampled_from(ZONES))
    calendar = checked_calendar(Calendar(time_zone=zone, weekly=weekly, exceptions=exceptions))
    minutes = draw(st.integers(0, 4 * 24 * 60))
    return calendar, datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(minutes=minutes)


@settings(max_examples=150, deadline=None)
@given(calendars(), st.floats(0, 0.999))
def test_it_is_the_same_from_now_until_the_next_change_and_the_other_way_then(
    drawn: tuple[Calendar, datetime], share: float
) -> None:
    calendar, now = drawn
    state, change = is_open(calendar, now), next_change(calendar, now)
    until = now + timedelta(days=30) if change is None else change
    assert is_open(calendar, now + (until - now) * share) is state
    if change is not None:
        assert change > now
        assert is_open(calendar, change) is not state
        assert is_open(calendar, change - timedelta(seconds=1)) is state
    opening = next_opening(calendar, now)
    assert opening == (now if state else change)


@settings(max_examples=40, deadline=None)
@given(calendars())
def test_the_next_change_is_the_one_that_looking_at_every_minute_finds(drawn: tuple[Calendar, datetime]) -> None:
    calendar, now = drawn
    state = is_open(calendar, now)
    minutes = (now + timedelta(minutes=ahead) for ahead in range(1, 3 * 24 * 60))
    found = next((minute for minute in minutes if is_open(calendar, minute) is not state), None)
    change = next_change(calendar, now)
    assert (change == found) if found is not None else (change is None or change > now + timedelta(days=2, hours=23))


def test_a_week_with_a_holiday_and_a_make_up_working_day() -> None:
    calendar = Calendar(
        time_zone="Asia/Shanghai",
        weekly=WEEK,
        exceptions=(
            DatedException(day=date(2026, 10, 1), name="国庆节"),
            DatedException(day=date(2026, 10, 10), name="国庆节调休上班", like=0),
        ),
    )
    assert is_open(calendar, at("2026-09-30T17:59:59"))
    assert not is_open(calendar, at("2026-09-30T18:00"))
    assert next_opening(calendar, at("2026-09-30T18:00")) == at("2026-10-02T09:00")
    assert is_open(calendar, at("2026-10-10T09:00")), "a Saturday that is worked"
    assert not is_open(calendar, at("2026-10-11T09:00"))


def test_several_spans_a_day_and_a_night_that_goes_on() -> None:
    night = (Span(start=0, end=6 * 60), Span(start=12 * 60, end=13 * 60), Span(start=22 * 60, end=1440))
    calendar = Calendar(time_zone="Asia/Shanghai", weekly=(night,) * 7)
    assert next_change(calendar, at("2026-03-02T22:30")) == at("2026-03-03T06:00"), "midnight is no end"
    assert next_change(calendar, at("2026-03-03T06:00")) == at("2026-03-03T12:00")


def test_it_opens_again_after_exceptions_however_long_they_and_the_days_off_after_them_are() -> None:
    days = tuple(DatedException(day=date(2026, 6, 1) + timedelta(days=ahead), name="x") for ahead in range(12))
    closed = Calendar(time_zone="Asia/Shanghai", weekly=WEEK, exceptions=days)
    assert next_opening(closed, at("2026-06-01T09:00")) == at("2026-06-15T09:00"), "the 13th and 14th are a weekend"
    mondays = Calendar(
        time_zone="Asia/Shanghai",
        weekly=(DAY, (), (), (), (), (), ()),
        exceptions=(DatedException(day=date(2026, 6, 8), name="x"),),
    )
    assert next_opening(mondays, at("2026-06-01T18:00")) == at("2026-06-15T09:00")
    sundays = Calendar(time_zone="Europe/Berlin", weekly=((), (), (), (), (), (), (Span(start=120, end=180),)))
    left_out = at("2026-03-22T03:00", "Europe/Berlin")  # on the 29th there is no hour from two to three
    assert next_opening(sundays, left_out) == at("2026-04-05T02:00", "Europe/Berlin")


def test_looking_far_ahead_costs_little() -> None:
    days = tuple(DatedException(day=date(2026, 1, 1) + timedelta(days=9 * ahead), name="x") for ahead in range(400))
    never = checked_calendar(Calendar(time_zone="Europe/Berlin", weekly=((),) * 7, exceptions=days))
    began = time.process_time()  # whatever else the machine does meanwhile
    assert next_change(never, at("2026-01-01T00:00")) is None
    assert time.process_time() - began < 1.0


def test_always_and_never() -> None:
    assert (
        next_change(Calendar(time_zone="UTC", weekly=((Span(start=0, end=1440),),) * 7), at("2026-01-01T00:00")) is None
    )
    never = Calendar(time_zone="UTC", weekly=((),) * 7)
    assert next_opening(never, at("2026-01-01T00:00")) is None
    once = Calendar(
        time_zone="Asia/Shanghai",
        weekly=((),) * 7,
        exceptions=(DatedException(day=date(2031, 5, 1), name="x", spans=DAY),),
    )
    assert next_opening(once, at("2026-01-01T00:00")) == at("2031-05-01T09:00")


def test_the_hour_that_comes_twice_is_open_twice_and_the_one_left_out_never() -> None:
    small_hours = Calendar(time_zone="Europe/Berlin", weekly=((Span(start=150, end=180),),) * 7)
    twice = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 for the first time
    assert is_open(small_hours, twice)
    assert next_change(small_hours, twice) == twice + timedelta(minutes=30), "at 03:00 it is 02:00 again"
    assert next_change(small_hours, twice + timedelta(minutes=30)) == twice + timedelta(hours=1)
    before = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)  # 01:00; there is no 02:30 on this day
    assert next_opening(small_hours, before) == datetime(2026, 3, 30, 0, 30, tzinfo=UTC)


def test_what_opens_an_hour_before_the_clock_is_turned_opens_then() -> None:
    sundays = Calendar(time_zone="Europe/Berlin", weekly=((),) * 6 + ((Span(start=60, end=540),),))
    saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert next_opening(sundays, saturday) == datetime(2026, 3, 29, 0, tzinfo=UTC), "at 01:00, not at the turn"


def test_the_official_year_is_what_was_published() -> None:
    (china,) = [year for year in OFFICIAL if (year.country, year.year) == ("CN", 2026)]
    free = [one.day for one in china.days if one.like is None]
    worked = [one.day for one in china.days if one.like is not None]
    assert len(free) == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert [str(day) for day in worked] == [
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    ]
    assert all(day.weekday() >= 5 for day in worked), "only days of a weekend are worked instead"
    checked_calendar(Calendar(time_zone="Asia/Shanghai", weekly=WEEK, exceptions=china.days))
    assert "国务院办公厅" in china.source


@pytest.mark.parametrize(
    ("calendar", "code"),
    [
        (Calendar(time_zone="Mars/Base", weekly=WEEK), "time-zone-unknown"),
        (Calendar(time_zone="../../etc/passwd", weekly=WEEK), "time-zone-unknown"),
        (Calendar(time_zone="", weekly=WEEK), "time-zone-unknown"),
        (Calendar(time_zone="UTC", weekly=WEEK[:6]), "week-has-seven-days"),
        (Calendar(time_zone="UTC", weekly=((Span(start=60, end=60),),) * 7), "span-not-within-a-day"),
        (Calendar(time_zone="UTC", weekly=((Span(start=0, end=1441),),) * 7), "span-not-within-a-day"),
        (Calendar(time_zone="UTC", weekly=((Span(start=0, end=61), Span(start=60, end=90)),) * 7), "spans-overlap"),
        (
            Calendar(time_zone="UTC", weekly=WEEK, exceptions=(DatedException(day=date(2026, 1, 1), name="x"),) * 2),
            "day-twice",
        ),
        (
            Calendar(
                time_zone="UTC",
                weekly=WEEK,
                exceptions=(DatedException(day=date(2026, 1, 1), name="x", like=0, spans=DAY),),
            ),
            "exception-like-a-weekday",
        ),
        (
            Calendar(time_zone="UTC", weekly=WEEK, exceptions=(DatedException(day=date(2026, 1, 1), name=" "),)),
            "text-empty",
        ),
    ],
)
def test_what_is_wrong_is_named(calendar: Calendar, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        checked_calendar(calendar)
