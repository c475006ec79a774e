"""Turns go on where they were: what fairness among agents looks at is the same after a restart, on both databases."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from careline.infra.database.database import Database
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing.views import Media
from tests.support.centre import TARIFF, Centre, StaticPeople
from tests.support.clock import FakeClock


@pytest.fixture
async def centre(database: Database, clock: FakeClock) -> AsyncIterator[Centre]:
    people = StaticPeople()
    for number in ("8021", "8022", "8023"):
        people.add(number)
    centre = await Centre(database, clock, people, TenantId(new_id())).start()
    yield centre
    await centre.stop()


async def turns(centre: Centre) -> tuple[dict[str, tuple[Any, ...]], int]:
    """What the strategies look at, by the agent's number, and the serial that was given last."""
    snapshot = (await centre.shards.of(centre.tenant_id)).engine.snapshot()
    numbers = {agent.id: agent.number for agent in centre.people.known}
    told = {
        numbers[one.profile.id]: (one.chosen, one.reason, one.idle_since, one.handled_us, one.last_served)
        for one in snapshot.agents
    }
    return told, snapshot.serial


async def again(centre: Centre) -> Centre:
    await centre.stop()
    return await Centre(centre.database, centre.clock, centre.people, centre.tenant_id).start(make_queues=False)


async def test_who_was_served_last_and_how_long_each_worked_is_known_after_a_restart(centre: Centre) -> None:
    await centre.ready(*centre.people.known)
    routing, tenant_id = centre.routing, centre.tenant_id
    for lasts in (40, 10):
        item = await centre.ask(TARIFF)
        offer = centre.offer_of(item)
        await routing.accept(tenant_id, offer.offer_id, agent_id=offer.agent_id, token=None)
        centre.clock.advance(lasts)
        await routing.finish(tenant_id, item.interaction_id)
    await routing.wrapped_up(tenant_id, item.interaction_id, agent_id=offer.agent_id)
    refused = await centre.ask()
    declined = centre.offer_of(refused)
    standing = routing.offer(tenant_id, declined.offer_id)
    assert standing is not None
    await routing.decline(tenant_id, standing.id, agent_id=standing.agent_id, token=standing.token)
    await centre.settled()
    taken = await centre.ask(media=Media.CHAT)
    talk = centre.offer_of(taken)
    await routing.accept(tenant_id, talk.offer_id, agent_id=talk.agent_id, token=None)
    await routing.withdraw(tenant_id, refused.interaction_id)
    await centre.settled()
    before, serial = await turns(centre)
    assert sorted(handled for *_, handled, _ in before.values())[1:] == [10_000_000, 40_000_000]
    assert len({served for *_, served in before.values()}) == 3

    restarted = await again(centre)
    after, serial_after = await turns(restarted)
    assert after == before
    assert serial_after == serial, "serials grow across restarts"

    await restarted.routing.finish(tenant_id, taken.interaction_id)
    await restarted.routing.wrapped_up(tenant_id, taken.interaction_id, agent_id=talk.agent_id)
    idle = await turns(restarted)
    third = await again(restarted)
    assert await turns(third) == idle, "with nothing in hand too"
    await third.stop()
