"""What becomes of an offer that stands when its process ends: a chat's stands on, a call's is taken back."""

from collections.abc import AsyncIterator

import pytest

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing import events
from careline.modules.core.routing.views import Media
from tests.support.centre import Centre, StaticPeople
from tests.support.clock import FakeClock


@pytest.fixture
async def centre(database: Database, clock: FakeClock) -> AsyncIterator[Centre]:
    people = StaticPeople()
    people.add("8021")
    centre = await Centre(database, clock, people, TenantId(new_id())).start()
    yield centre
    await centre.stop()


async def restart(centre: Centre) -> Centre:
    """The process died and another one starts on the same rows."""
    await centre.stop()
    return await Centre(centre.database, centre.clock, centre.people, centre.tenant_id).start(make_queues=False)


async def test_a_chat_that_was_offered_at_a_crash_is_so_still(centre: Centre) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    offer = centre.offer_of(await centre.ask())
    before = centre.routing.offer(centre.tenant_id, offer.offer_id)
    again = await restart(centre)
    await again.settled()
    assert again.routing.offers_of(again.tenant_id, agent.id) == [before]
    assert again.of(events.OfferMade, events.OfferEnded) == []
    assert before is not None
    await again.routing.accept(again.tenant_id, offer.offer_id, agent_id=agent.id, token=before.token)
    await again.stop()


@pytest.mark.parametrize("media", Media)
async def test_what_nobody_could_answer_meanwhile_is_taken_back_without_blame(centre: Centre, media: Media) -> None:
    """A call's phone may be gone; the time of another offer ran out while there was nobody to accept it."""
    agent = centre.people.known[0]
    await centre.ready(agent)
    item = await centre.ask(media=media)
    old = centre.offer_of(item)
    centre.clock.advance(1 if media is Media.VOICE else 21)
    again = await restart(centre)
    if media is Media.VOICE:
        await again.routing.readmit(again.tenant_id, item.interaction_id)
    await again.settled()
    assert [event.cause for event in again.told if isinstance(event, events.OfferEnded)] == ["withdrawn"]
    new = again.offer_of(item)
    assert new.offer_id != old.offer_id
    assert {reason.code for reason in new.why} >= {"offered-again"}
    assert (await again.routing.agent_state(again.tenant_id, agent.id)).media[media].used == 1
    with pytest.raises(Conflict, match="offer-gone"):
        await again.routing.accept(again.tenant_id, old.offer_id, agent_id=agent.id, token=None)
    await again.stop()
