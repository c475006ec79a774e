"""An agent is told which media are offered to them now, and why the others are not."""

from collections.abc import AsyncIterator

import pytest

from careline.infra.database.database import Database
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing.views import Media, NewItem
from tests.support.centre import Centre, StaticPeople
from tests.support.clock import FakeClock


@pytest.fixture
async def centre(database: Database, clock: FakeClock) -> AsyncIterator[Centre]:
    people = StaticPeople()
    people.add("8021")
    centre = await Centre(database, clock, people, TenantId(new_id())).start()
    yield centre
    await centre.stop()


async def withheld(centre: Centre) -> tuple[str | None, str | None]:
    """Of calls, and of chats."""
    media = (await centre.routing.agent_state(centre.tenant_id, centre.people.known[0].id)).media
    return media[Media.VOICE].withheld, media[Media.CHAT].withheld


async def of_messages(centre: Centre) -> str | None:
    state = await centre.routing.agent_state(centre.tenant_id, centre.people.known[0].id)
    return state.media[Media.MESSAGE].withheld


async def take(centre: Centre, media: Media) -> NewItem:
    agent = centre.people.known[0]
    item = await centre.ask(media=media)
    await centre.routing.accept(centre.tenant_id, centre.offer_of(item).offer_id, agent_id=agent.id, token=None)
    return item


async def test_a_call_shuts_out_chats_until_it_is_written_up(centre: Centre) -> None:
    agent = centre.people.known[0]
    assert await withheld(centre) == ("not_ready", "not_ready")
    await centre.ready(agent)
    assert await withheld(centre) == (None, None)
    call = await take(centre, Media.VOICE)
    assert await withheld(centre) == ("full", "other_media")
    await centre.routing.finish(centre.tenant_id, call.interaction_id)
    assert await withheld(centre) == ("full", "other_media")
    await centre.routing.wrapped_up(centre.tenant_id, call.interaction_id, agent_id=agent.id)
    assert await withheld(centre) == (None, None)


async def test_a_chat_shuts_out_calls_and_leaves_room_for_more_chats(centre: Centre) -> None:
    await centre.ready(centre.people.known[0])
    await take(centre, Media.CHAT)
    assert await withheld(centre) == ("other_media", None)
    assert await of_messages(centre) == "not_due", "those that are due go beside chats"
    await take(centre, Media.CHAT)
    await take(centre, Media.CHAT)
    assert await withheld(centre) == ("other_media", "full")
    assert await of_messages(centre) == "other_media"


async def test_who_missed_a_call_is_still_offered_chats(centre: Centre) -> None:
    await centre.ready(centre.people.known[0])
    await centre.ask(media=Media.VOICE)
    centre.clock.advance(21)
    await centre.tick()
    assert await withheld(centre) == ("set_aside", None)
