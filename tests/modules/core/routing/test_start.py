"""A start: what it decides can be looked at by whoever hears of it."""

from collections.abc import AsyncIterator

import pytest

from careline.infra.database.database import Database
from careline.kernel.events import Event, Recorded
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing import events
from careline.modules.core.routing.views import OfferView
from tests.support.centre import Centre, StaticPeople
from tests.support.clock import FakeClock


@pytest.fixture
async def centre(database: Database, clock: FakeClock) -> AsyncIterator[Centre]:
    people = StaticPeople()
    people.add("8021")
    centre = await Centre(database, clock, people, TenantId(new_id())).start()
    yield centre
    await centre.stop()


async def test_who_hears_of_an_offer_of_the_start_finds_it(centre: Centre) -> None:
    await centre.ready(*centre.people.known)
    item = await centre.ask()
    await centre.stop()
    centre.clock.advance(60)  # the offer's deadline passes while nobody runs
    again = Centre(centre.database, centre.clock, centre.people, centre.tenant_id)
    found: list[OfferView | None] = []

    async def look(event: Event, recorded: Recorded) -> None:
        assert isinstance(event, events.OfferMade)
        found.append(again.routing.offer(recorded.tenant_id, event.offer_id))

    again.bus.subscribe("test.looks", events.OfferMade, look, key=lambda *_: None, durable=False)
    await again.start(make_queues=False)
    await again.settled()
    assert [None if offer is None else offer.item_id for offer in found] == [item.id]
    await again.stop()
