"""Whatever has happened, a process that starts on the rows decides as the one before it would have, on both databases.

A random walk through the real service: at chance moments its process stops, or dies with work on the way, and another
one begins on the rows. Its whole state is compared with what an engine has become that never stopped, and both are
then asked the same questions.

What may differ, and why that decides nothing:

- ``at``, the latest instant that was seen: the new process looks at the clock.
- The highest number of arrival: only numbers of items that are there are compared, and those keep their order.
- The queue that an item was first put into: nobody asks for it, the one where it is now is the same.
- Relaxation steps of what is offered or in hand: they are taken by the time waited when it waits again.
- Calls that waited or rang: their callers are parked until telephony has found them, and their phones may be gone, so
  their offers are taken back. Both sides do so here, and then let them wait on.
- Offers whose time ran out while no process was there: taken back without blame, as nobody could answer.
- Ids and tokens of offers that are made after the restart: they are random.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from careline.infra.database.database import Database
from careline.modules.core.routing.engine.records import AgentRecord
from careline.modules.core.routing.services import rebuilding
from tests.support.clock import START, FakeClock
from tests.support.database import SQLITE
from tests.support.routing_walk import walked

WALK = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@WALK
@given(data=st.data())
async def test_the_next_process_decides_as_the_last_one_would_have(database: Database, data: st.DataObject) -> None:
    await walked(database, data)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", [SQLITE], indirect=True)
@settings(WALK, max_examples=16)
@given(data=st.data())
async def test_the_same_for_long(database: Database, data: st.DataObject) -> None:
    await walked(database, data, restarts=5)


def _but_for(make: Callable[..., Any], **forgotten: Any) -> Callable[..., Any]:
    return lambda *given, **named: replace(make(*given, **named), **forgotten)


def _first_come(*given: Any) -> dict[UUID, AgentRecord]:
    records = rebuilding_agents(*given)
    by_number = [records[agent.id] for agent in given[0]]
    return {record.profile.id: replace(record, order=at) for at, record in enumerate(by_number, start=1)}


rebuilding_agents = rebuilding._agents
FORGOTTEN: dict[str, tuple[str, Callable[..., Any]]] = {
    "pauses": ("_item", _but_for(rebuilding._item, excluded=())),
    "attempts": ("_item", _but_for(rebuilding._item, attempts=0)),
    "holds": ("_item", _but_for(rebuilding._item, held_until=None)),
    "since when they wait": ("_item", _but_for(rebuilding._item, entered_at=START)),
    "who is set aside": ("_agent", _but_for(rebuilding._agent, set_aside=())),
    "turns": ("_agent", _but_for(rebuilding._agent, last_served=0)),
    "work done": ("_agent", _but_for(rebuilding._agent, handled_us=0)),
    "idle times": ("_agent", _but_for(rebuilding._agent, idle_since=START)),
    "the order of agents": ("_agents", _first_come),
    "until when to write up": ("_engagement", _but_for(rebuilding._engagement, until=None)),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", FORGOTTEN)
async def test_what_a_restart_forgets_is_noticed(
    what: str, sqlite_url: str, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, forgetful = FORGOTTEN[what]
    monkeypatch.setattr(rebuilding, name, forgetful)

    @settings(WALK, max_examples=60)
    @given(data=st.data())
    def walk(data: st.DataObject) -> None:
        asyncio.run(one(data))

    async def one(data: st.DataObject) -> None:
        database = Database(sqlite_url, clock)
        try:
            await walked(database, data)
        finally:
            await database.close()

    with pytest.raises((AssertionError, BaseExceptionGroup)):
        await asyncio.to_thread(walk)
