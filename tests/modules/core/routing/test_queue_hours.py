"""Queues open and close by their calendar, at the minute, by hand, and after a restart."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import update

from careline.infra.database.database import Database
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.core.hours.views import Calendar, CalendarView, Span
from careline.modules.core.routing import events
from careline.modules.core.routing.models import QueueRow
from careline.modules.core.routing.views import NewItem, QueueRules
from tests.support.centre import FAULTS, TARIFF, Centre, StaticPeople
from tests.support.clock import FakeClock

HOUR = timedelta(hours=1)


@pytest.fixture
async def centre(database: Database, clock: FakeClock) -> AsyncIterator[Centre]:
    people = StaticPeople()
    people.add("8021")
    centre = await Centre(database, clock, people, TenantId(new_id())).start()
    yield centre
    await centre.stop()


def open_for(clock: FakeClock, hours: int) -> CalendarView:
    """A calendar that is open now and closes after some hours, every day."""
    now = clock.now()
    span = Span(start=now.hour * 60, end=now.hour * 60 + hours * 60)
    return CalendarView(id=new_id(), name="白天", version=1, calendar=Calendar(time_zone="UTC", weekly=((span,),) * 7))


async def give(centre: Centre, view: CalendarView | None, code: str = FAULTS, **rules: object) -> None:
    """What an administrator sets, and the shard hears."""
    centre.hours.known = [] if view is None else [view]
    wanted = QueueRules(calendar_id=None if view is None else view.id, max_wait_s=None, **rules)  # type: ignore[arg-type]
    async with centre.database.transaction(centre.tenant_id) as tx:
        statement = update(QueueRow).where(QueueRow.tenant_id == tx.tenant_id, QueueRow.code == code)
        await tx.execute(statement.values(rules=msgspec.to_builtins(wanted)))
    await (await centre.shards.of(centre.tenant_id)).learn_queues()


def waits(centre: Centre, item: NewItem) -> bool:
    return centre.routing.place(centre.tenant_id, item.interaction_id) is not None


def left(centre: Centre) -> list[tuple[UUID, str | None, str | None]]:
    return [
        (event.item_id, event.because, event.then)
        for event in centre.told
        if isinstance(event, events.ItemLeft) and event.cause == "overflowed"
    ]


async def test_a_queue_closes_and_opens_at_the_minute(centre: Centre) -> None:
    await give(centre, open_for(centre.clock, 2))
    early = await centre.ask()
    closing = centre.clock.now() + 2 * HOUR
    assert (await centre.shards.of(centre.tenant_id)).openings.next_change == closing
    centre.clock.advance(2 * 3600 - 1)
    await centre.tick()
    late = await centre.ask()
    assert waits(centre, late)
    centre.clock.advance(1)
    await centre.tick()
    too_late = await centre.ask()
    assert left(centre) == [(too_late.id, "queue-closed", "goodbye")]
    assert waits(centre, early)
    assert waits(centre, late), "who waited before is still served"
    opening = centre.routing.opening(centre.tenant_id, FAULTS)
    assert (opening.open, opening.opens_at) == (False, closing + 22 * HOUR)

    centre.clock.advance(22 * 3600)
    await centre.tick()
    assert waits(centre, await centre.ask())


async def test_outside_the_hours_a_queue_that_is_open_takes_over(centre: Centre) -> None:
    tariff = next(queue for queue in centre.routing.queues(centre.tenant_id) if queue.code == TARIFF)
    await give(centre, open_for(centre.clock, 1), overflow="queue", overflow_to=tariff.id)
    centre.clock.advance(3600)
    await centre.tick()
    item = await centre.ask()
    (moved,) = centre.of(events.ItemMoved)
    assert isinstance(moved, events.ItemMoved)
    assert (moved.item_id, moved.queue_id, moved.because) == (item.id, tariff.id, "queue-closed")
    await centre.ready(*centre.people.known)
    await centre.settled()
    assert centre.offer_of(item).queue_id == tariff.id


async def test_another_calendar_is_followed_while_running(centre: Centre) -> None:
    await give(centre, open_for(centre.clock, 1))
    centre.clock.advance(3600)
    await centre.tick()
    assert not waits(centre, await centre.ask())
    centre.clock.advance(-3600)
    await give(centre, open_for(centre.clock, 3))
    centre.clock.advance(3600)
    await centre.tick()
    assert waits(centre, await centre.ask())


async def test_closed_by_hand_is_closed_whatever_the_calendar_says(centre: Centre) -> None:
    await give(centre, open_for(centre.clock, 2), closed=True)
    assert not waits(centre, await centre.ask())
    assert centre.routing.opening(centre.tenant_id, FAULTS).opens_at is None


async def test_a_restart_knows_who_is_closed(centre: Centre) -> None:
    await give(centre, open_for(centre.clock, 1))
    waiting = await centre.ask()
    centre.clock.advance(3600)
    await centre.stop()
    again = Centre(centre.database, centre.clock, centre.people, centre.tenant_id)
    again.hours.known = centre.hours.known
    await again.start(make_queues=False)
    assert waits(again, waiting)
    assert not waits(again, await again.ask())
    await again.stop()
