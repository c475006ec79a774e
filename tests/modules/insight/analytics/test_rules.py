"""The fold of facts, and days."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from careline.modules.insight.analytics.rules import (
    UNITS,
    ContactFact,
    Figure,
    Happened,
    Milestone,
    Tally,
    apply,
    change,
    counted,
    day_of,
    period_figures,
    slot_of,
    window_of,
)

START = datetime(2026, 3, 2, tzinfo=UTC)
ZONES = ("Asia/Shanghai", "Asia/Kathmandu", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "UTC")
ITEM, QUEUE, AGENT = UUID(int=1), UUID(int=2), UUID(int=3)


def happened(milestone: Milestone, position: int, seconds: float) -> Happened:
    return Happened(
        milestone=milestone,
        position=position,
        at=START + timedelta(seconds=seconds),
        item_id=ITEM,
        interaction_id=ITEM,
        media="voice",
        queue_id=QUEUE,
        since=START,
        target_ms=20_000,
        agent_id=AGENT,
        cause="abandoned" if milestone is Milestone.LEFT else None,
    )


def fold(facts: list[Happened], fact: ContactFact | None = None) -> ContactFact | None:
    for one in facts:
        fact = apply(fact, one)
    return fact


stories = st.lists(st.tuples(st.sampled_from(Milestone), st.floats(0, 1e6)), max_size=8).map(
    lambda told: [happened(milestone, place, after) for place, (milestone, after) in enumerate(told, start=1)]
)


@given(stories, st.data())
def test_hearing_again_what_was_heard_changes_nothing(facts: list[Happened], data: st.DataObject) -> None:
    known = fold(facts)
    again = data.draw(st.lists(st.sampled_from(facts), max_size=8)) if facts else []
    assert fold(again, known) == known
    assert fold(facts, known) == known


@given(stories, st.integers(0, 8))
def test_where_reading_was_interrupted_does_not_matter(facts: list[Happened], cut: int) -> None:
    assert fold(facts[cut:], fold(facts[:cut])) == fold(facts)


@given(stories, st.integers(0, 8))
def test_what_is_added_on_the_way_is_what_is_counted_in_the_end(facts: list[Happened], cut: int) -> None:
    before, after = fold(facts[:cut]), fold(facts)
    slots = counted(before)
    for slot, tally in change(before, after).items():
        slots[slot] = slots.get(slot, Tally()) + tally
    left = {slot: tally for slot, tally in slots.items() if tally != Tally()}
    assert left == {slot: tally for slot, tally in counted(after).items() if tally != Tally()}


@given(stories)
def test_nobody_is_counted_twice(facts: list[Happened]) -> None:
    total = sum(counted(fold(facts)).values(), Tally())
    assert total.waiting + total.answered + total.abandoned + total.overflowed <= 1
    assert total.in_time <= total.answered
    assert total.handled <= 1


@given(st.timedeltas(timedelta(0), timedelta(days=30_000)), st.sampled_from(ZONES))
def test_every_midnight_begins_a_slot(later: timedelta, name: str) -> None:
    now = START + later
    for midnight in day_of(now, ZoneInfo(name)):
        assert slot_of(midnight.astimezone(UTC)) == midnight
    assert slot_of(now) <= now < slot_of(now) + timedelta(minutes=15)


@given(stories)
def test_an_item_that_nobody_asked_for_is_nothing(facts: list[Happened]) -> None:
    asked = any(one.milestone is Milestone.ASKED for one in facts)
    assert (fold(facts) is not None) == asked


def test_clocks_that_disagree_give_no_negative_times() -> None:
    fact = fold([happened(Milestone.ASKED, 1, 0), happened(Milestone.ANSWERED, 2, -3)])
    assert fact is not None
    assert fact.wait_ms == 0


def test_every_figure_has_a_unit_and_a_window() -> None:
    counted = set(period_figures(Tally()))
    assert set(UNITS) == set(Figure)
    assert {figure for figure in Figure if window_of(figure) == "today"} == counted


def test_a_day_may_have_an_hour_more_or_less() -> None:
    zone = ZoneInfo("Europe/Berlin")
    for day, hours in ((datetime(2026, 3, 29, 12, tzinfo=UTC), 23), (datetime(2026, 10, 25, 12, tzinfo=UTC), 25)):
        start, end = day_of(day, zone)
        assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=hours)
        assert start <= day < end
