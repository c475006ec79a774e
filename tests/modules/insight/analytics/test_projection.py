"""Figures come from the log alone: they equal what the log says, can be followed back to it, and can be read anew."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from careline.modules.core.routing.events import OfferMade
from careline.modules.core.routing.views import Media
from careline.modules.insight.analytics.services.projecting import Projector
from tests.modules.insight.analytics.conftest import Insight
from tests.modules.insight.analytics.story import contacts, plainly
from tests.support.centre import FAULTS, TARIFF
from tests.support.waiting import until

MIDNIGHT = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
"""Between the second and the third of March in Shanghai."""

WINDOWS = {"waiting_now": "now", "longest_wait": "now"}
PERIOD_FIGURES = (
    "service_level",
    "answer_rate",
    "abandon_rate",
    "asa",
    "asked",
    "answered",
    "handled_today",
    "aht",
    "acw",
    "csat_today",
)


async def live_through(insight: Insight, seed: int, *, n: int = 40, reads: bool = True) -> None:
    """Two days at random, theirs and another tenant's, read by the projection at random moments."""
    random, clock = Random(seed), insight.office.clock
    queues = [insight.queue(FAULTS).id, insight.queue(TARIFF).id, uuid4()]
    agents = [agent.id for agent in insight.centre.people.known]
    start = MIDNIGHT - timedelta(hours=12)
    ours = [(*one, insight.tenant_id) for one in contacts(random, start, 24, queues, agents, n)]
    theirs = [(*one, insight.office.other.id) for one in contacts(random, start, 24, queues, agents, n // 4)]
    for at, subject, event, tenant_id in sorted((*ours, *theirs), key=lambda one: one[0]):
        clock.advance((at - clock.now()).total_seconds())
        await insight.tell(event, subject, tenant_id)
        if reads and random.random() < 0.1:
            await insight.analytics.catch_up()
    assert MIDNIGHT < clock.now() < MIDNIGHT + timedelta(hours=24), "the story ends on the day that is looked at"
    await insight.analytics.catch_up()


def recomputed(code: str, listed: list[dict[str, Any]]) -> tuple[float | None, int]:
    """A figure from nothing but its listed events, as its definition says."""
    values: dict[str, list[float]] = {}
    for one in listed:
        values.setdefault(one["contributes"], []).append(one["value"])
    n = {name: len(found) for name, found in values.items()}
    if code in ("asked", "answered", "handled_today"):
        return len(listed), len(listed)
    part = {
        "service_level": float(n.get("answered_in_time", 0)),
        "answer_rate": float(n.get("answered", 0)),
        "abandon_rate": float(n.get("abandoned", 0)),
        "asa": sum(values.get("waited", [])),
        "aht": sum(values.get("contact", [])) + sum(values.get("after_contact_work", [])),
        "acw": sum(values.get("after_contact_work", [])),
        "csat_today": sum(values.get("rated", [])),
    }[code]
    whole = n.get("after_contact_work", 0) if code in ("aht", "acw") else len(listed)
    return (part / whole if whole else None, whole)


def near(figure: tuple[float | None, int]) -> Any:
    """The same but for the last digits, in which sums of fractions depend on their order."""
    return (pytest.approx(figure[0]), figure[1])


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)])
async def test_figures_equal_what_the_log_says_and_their_events_make_them(insight: Insight, seed: int) -> None:
    await live_through(insight, seed)
    figures = await insight.figures()
    log = await insight.log()
    plain = plainly(log, MIDNIGHT, MIDNIGHT + timedelta(days=1)).figures()
    stored = {one.position: one for one in log}
    for code in PERIOD_FIGURES:
        assert figures[code] == near(plain[code]), code
        listed = await insight.listed(code, "today", limit=7)
        assert figures[code] == near(recomputed(code, listed)), code
        places = [one["position"] for one in listed]
        assert places == sorted(set(places)), "each event once, in the order of the log"
        for one in listed:
            fact = stored[one["position"]]
            assert (one["name"], one["subject"]) == (fact.event.name, str(fact.subject))
            assert datetime.fromisoformat(one["at"]) == fact.occurred_at


@pytest.mark.parametrize("seed", range(4, 6))
async def test_reading_the_log_anew_gives_equal_rows(insight: Insight, seed: int) -> None:
    await live_through(insight, seed)
    ours, theirs = await insight.rows(), await insight.rows(insight.office.other.id)
    assert ours[0]
    assert theirs[0]
    figures = await insight.figures()
    await insight.analytics.rebuild()
    assert await insight.rows() == ours
    assert await insight.rows(insight.office.other.id) == theirs
    assert await insight.figures() == figures
    await insight.analytics.rebuild()
    assert await insight.rows() == ours, "however often"


async def test_reading_at_once_equals_reading_bit_by_bit(insight: Insight) -> None:
    await live_through(insight, 8, reads=True)
    bit_by_bit = await insight.rows()
    await insight.analytics.rebuild()
    assert await insight.rows() == bit_by_bit


async def test_two_who_read_at_once_count_nothing_twice(insight: Insight) -> None:
    await live_through(insight, 9, n=60)
    rows = await insight.rows()
    await insight.analytics.rebuild()
    readers = [Projector(insight.office.database) for _ in range(3)]
    await asyncio.gather(*(reader.catch_up() for reader in readers), insight.analytics.rebuild())
    await asyncio.gather(*(reader.catch_up() for reader in readers))
    assert await insight.rows() == rows


async def test_what_happened_while_nobody_read_is_read_at_the_start(insight: Insight) -> None:
    await insight.module.stop()
    await live_through(insight, 10, reads=False)
    before = await insight.rows()
    await insight.module.start()
    assert await insight.rows() == before


async def test_a_fact_is_read_by_itself_within_a_moment(insight: Insight) -> None:
    await insight.centre.ask()

    async def read() -> Any:
        return (await insight.rows())[0]

    facts = await until(read, "fact that was read")
    assert [fact.state for fact in facts.values()] == ["asked"]


async def test_who_waits_now_can_be_followed_too(insight: Insight) -> None:
    waiting = [await insight.centre.ask() for _ in range(3)]
    await insight.centre.routing.withdraw(insight.tenant_id, waiting[1].interaction_id)
    await insight.centre.settled()
    assert (await insight.figures())["waiting_now"] == (2, 2)
    for code in ("waiting_now", "longest_wait"):
        listed = await insight.listed(code, "now", limit=1)
        assert [one["subject"] for one in listed] == [str(waiting[0].id), str(waiting[2].id)]
    await insight.centre.ready(insight.centre.people.known[0])
    third = await insight.centre.ask(media=Media.VOICE)
    await insight.centre.settled()
    assert insight.centre.of(OfferMade), "somebody is being offered, and waits no longer"
    figures = await insight.figures()
    listed = await insight.listed("waiting_now", "now", limit=1)
    assert len(listed) == figures["waiting_now"][0]
    assert len(listed) < len({third.id, waiting[0].id, waiting[2].id})


async def test_the_definition_says_what_it_is(insight: Insight) -> None:
    answer = await insight.doors.get(insight.supervisor, "/insight/figures/service_level/events")
    assert answer.json() == {
        "items": [],
        "next": None,
        "definition": {"text_code": "figure.service_level", "version": 1, "unit": "ratio"},
    }
