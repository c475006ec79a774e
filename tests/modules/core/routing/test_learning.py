"""What routing knows of agents is as the directory has it, whoever looked when, and whatever ran meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import pytest

from careline.infra.database.database import Database
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing import events
from careline.modules.core.routing.views import Chosen
from careline.modules.directory.people.views import AgentView
from tests.support.centre import Centre, StaticPeople
from tests.support.clock import FakeClock


@pytest.fixture
async def centre(database: Database, clock: FakeClock) -> AsyncIterator[Centre]:
    people = StaticPeople()
    people.add("8021")
    people.add("8022")
    centre = await Centre(database, clock, people, TenantId(new_id())).start()
    yield centre
    await centre.stop()


async def test_who_became_inactive_while_nothing_ran_is_offline_after_the_start(centre: Centre) -> None:
    first, second = centre.people.known
    await centre.ready(first, second)
    centre.people.known[0] = msgspec.structs.replace(first, active=False)

    await centre.stop()
    again = await Centre(centre.database, centre.clock, centre.people, centre.tenant_id).start(make_queues=False)
    chosen = {view.agent_id: view.chosen for view in await again.routing.agent_states(again.tenant_id)}
    assert chosen == {first.id: Chosen.OFFLINE, second.id: Chosen.READY}
    await again.settled()
    assert [event.agent_id for event in again.told if isinstance(event, events.AgentStateChanged)] == [first.id]
    await again.stop()


async def test_of_two_who_learn_an_agent_at_once_the_older_look_does_not_win(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = centre.people.known[0]
    go_on = asyncio.Event()
    looks = [before]

    async def look(_tenant_id: TenantId, _agent_id: UUID) -> AgentView:
        if looks:
            old = looks.pop()
            await go_on.wait()
            return old
        return centre.people.known[0]

    monkeypatch.setattr(centre.people, "agent", look)
    shard = await centre.shards.of(centre.tenant_id)
    learning = [asyncio.create_task(shard.learn_agent(before.id))]
    await asyncio.sleep(0)
    centre.people.known[0] = msgspec.structs.replace(before, active=False)
    learning.append(asyncio.create_task(shard.learn_agent(before.id)))
    asyncio.get_running_loop().call_later(0.05, go_on.set)
    await asyncio.gather(*learning)

    profile = shard.engine.profile(before.id)
    assert profile is not None
    assert profile.queues == frozenset()
