"""How long who declined or did not answer gets nothing is the queue's to say, from the next offer on."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from careline.infra.database.database import Database
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing.models import QueueRow
from careline.modules.core.routing.views import Media, MediumState, NewItem, QueueRules
from tests.support.centre import FAULTS, Centre, StaticPeople
from tests.support.clock import FakeClock


@pytest.fixture
async def centre(database: Database, clock: FakeClock) -> AsyncIterator[Centre]:
    people = StaticPeople()
    people.add("8021")
    centre = await Centre(database, clock, people, TenantId(new_id())).start()
    await centre.ready(*people.known)
    yield centre
    await centre.stop()


async def set_queue(centre: Centre, **rules: Any) -> None:
    async with centre.database.transaction(centre.tenant_id) as tx:
        statement = update(QueueRow).where(QueueRow.tenant_id == tx.tenant_id, QueueRow.code == FAULTS)
        await tx.execute(statement.values(rules=msgspec.to_builtins(QueueRules(**rules))))
    await (await centre.shards.of(centre.tenant_id)).learn_queues()


async def let_go(centre: Centre, item: NewItem, cause: str) -> None:
    offer = centre.offer_of(item)
    await centre.routing.decline(centre.tenant_id, offer.offer_id, agent_id=offer.agent_id, token=None, cause=cause)
    await centre.settled()


async def offers(centre: Centre) -> int:
    await centre.tick()
    return len(centre.routing.offers_of(centre.tenant_id, centre.people.known[0].id))


async def test_the_pause_after_a_decline_is_the_queues(centre: Centre) -> None:
    item = await centre.ask()
    await let_go(centre, item, "declined")
    centre.clock.advance(59)
    assert await offers(centre) == 0
    centre.clock.advance(1)
    assert await offers(centre) == 1, "a minute where nobody has said another"
    await set_queue(centre, decline_pause_s=7)
    await let_go(centre, item, "declined")
    centre.clock.advance(6)
    assert await offers(centre) == 0
    centre.clock.advance(1)
    assert await offers(centre) == 1
    await set_queue(centre, decline_pause_s=0)
    await let_go(centre, item, "declined")
    assert await offers(centre) == 1, "there is nobody else"


async def test_how_long_who_does_not_answer_is_set_aside_is_the_queues(centre: Centre) -> None:
    agent = centre.people.known[0]
    item = await centre.ask()
    await let_go(centre, item, "expired")
    centre.clock.advance(900)
    assert await offers(centre) == 0, "until they say ready where nobody has said how long"
    await centre.ready(agent)
    await set_queue(centre, set_aside_s=30)
    await let_go(centre, item, "expired")
    centre.clock.advance(29)
    assert await offers(centre) == 0
    state = await centre.routing.agent_state(centre.tenant_id, agent.id)
    assert state.media[Media.CHAT].state is MediumState.SET_ASIDE
    centre.clock.advance(1)
    assert await offers(centre) == 1
