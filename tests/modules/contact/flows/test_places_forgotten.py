"""Where a contact waited is kept while it may be taken up, and no longer."""

from uuid import UUID

import pytest
from sqlalchemy import select

from careline.kernel.tenancy import system_actor
from careline.modules.contact.conversations.views import InteractionState
from careline.modules.contact.flows import tasks, wiring
from careline.modules.contact.flows.models import FlowRunRow
from tests.modules.contact.flows.test_language import hotline
from tests.support.contacts import QUEUE, Contacts
from tests.support.waiting import until


async def places(contacts: Contacts) -> set[UUID]:
    tenant_id = contacts.office.tenant.id
    async with contacts.database.reading(tenant_id) as reading:
        found = await reading.execute(select(FlowRunRow.interaction_id).where(FlowRunRow.tenant_id == tenant_id))
    return set(found.scalars())


async def test_a_place_is_forgotten_a_day_after_and_not_while_somebody_waits(
    contacts: Contacts, flows: wiring.FlowsModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "AT_ONCE", 1)
    actor = system_actor(contacts.office.tenant.id)
    steps = {"person": {"kind": "enqueue", "queue": QUEUE, "next": "bye", "lost": "bye"}, "bye": {"kind": "hang_up"}}
    definition = hotline() | {"start": "person", "safety": "person", "steps": steps}
    await flows.facade.create(actor, "chat", "聊天", definition, entry_channel="webchat")
    await flows.facade.publish(actor, "chat")
    leaving, waiting = [await contacts.visitor() for _ in range(2)], await contacts.visitor(name="还在等")
    left = [await contacts.opened(one) for one in leaving]
    waits = await contacts.opened(waiting)
    everybody = {waits.id, *(one.id for one in left)}
    await until(lambda: None not in [contacts.routing.place(actor.tenant_id, one) for one in everybody])
    for guest in leaving:
        assert (await contacts.doors.post(guest, "/visitor/end", None)).status_code == 204
    await contacts.settled()
    for one in left:
        assert (await contacts.interaction(one.id)).state is InteractionState.CLOSED

    contacts.clock.advance(hours=23)
    await contacts.jobs.run_due()
    assert await places(contacts) == everybody
    contacts.clock.advance(hours=2)
    await contacts.jobs.run_due()
    assert await places(contacts) == {waits.id}
