"""A caller whose agent was lost asks for a person again: the first agent's after-contact work stays their own."""

from collections.abc import AsyncIterator

import pytest

from careline.infra.database.database import Database
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing.views import Media, NewItem
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


async def state_of(centre: Centre, agent: AgentView) -> str:
    return (await centre.routing.agent_state(centre.tenant_id, agent.id)).state


async def taken(centre: Centre, item: NewItem, agent: AgentView) -> None:
    await centre.routing.accept(centre.tenant_id, centre.offer_of(item).offer_id, agent_id=agent.id, token=None)


@pytest.mark.parametrize("caller", ["waits", "gone", "rings", "talks", "talked"])
async def test_the_first_agent_finishes_whatever_became_of_the_caller(centre: Centre, caller: str) -> None:
    first, second = centre.people.known
    await centre.ready(first)
    lost = await centre.ask(media=Media.VOICE)
    await taken(centre, lost, first)
    await centre.routing.finish(centre.tenant_id, lost.interaction_id)
    if caller in ("rings", "talks", "talked"):
        await centre.ready(second)
    again = await centre.ask(media=Media.VOICE, again=lost)
    if caller == "gone":
        await centre.routing.withdraw(centre.tenant_id, again.interaction_id)
    if caller in ("talks", "talked"):
        await taken(centre, again, second)
    if caller == "talked":
        await centre.routing.finish(centre.tenant_id, again.interaction_id)
    second_is = await state_of(centre, second)
    assert await state_of(centre, first) == "after_contact_work"

    await centre.routing.wrapped_up(centre.tenant_id, lost.interaction_id, agent_id=first.id)
    await centre.settled()
    assert await state_of(centre, first) == ("reserved" if caller == "waits" else "ready")
    assert await state_of(centre, second) == second_is, "the next agent's part is theirs"
