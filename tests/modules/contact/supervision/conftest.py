"""Supervision over real contacts, routing and directory. Each test runs on both databases."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.views import InteractionView
from careline.modules.contact.conversations.wiring import Limits
from careline.modules.contact.supervision import wiring
from careline.modules.core.routing.views import AgentStateView, Media
from tests.support.contacts import Contacts
from tests.support.office import Doors, Office

SUPERVISOR = ("desk:use", "floor:view", "floor:direct", "floor:listen")
SECOND_QUEUE = "tariff"


@dataclass
class Floor:
    """Contacts, the floor's doors, and one who may act on it."""

    contacts: Contacts
    doors: Doors
    supervisor: Actor

    async def waits(self, name: str = "李辉") -> InteractionView:
        """A chat that waits."""
        interaction = await self.contacts.opened(await self.contacts.visitor(name=name))
        await self.contacts.asks_for_a_person(interaction)
        return interaction

    def queue(self, code: str) -> UUID:
        queues = self.contacts.routing.queues(self.contacts.office.tenant.id)
        return next(queue.id for queue in queues if queue.code == code)

    async def waiting_in(self, code: str) -> list[UUID]:
        """The interactions that wait in a queue, in order, as the floor shows them."""
        answer = await self.doors.get(self.supervisor, f"/floor/queues/{self.queue(code)}/waiting")
        assert answer.status_code == 200, answer.text
        return [UUID(item["interaction_id"]) for item in answer.json()["items"]]

    async def state_of(self, agent: Actor) -> AgentStateView:
        assert agent.id is not None
        return await self.contacts.routing.agent_state(agent.tenant_id, agent.id)


@pytest.fixture
async def floor(office: Office, tmp_path: Path) -> AsyncIterator[Floor]:
    contacts = Contacts(office, tmp_path, Limits(speaking_burst=10_000, places_round_s=0))
    below = wiring.Below(office.identity, contacts.routing, contacts.conversations)
    module = wiring.build(office.database, office.bus, below)
    await contacts.start()
    async with contacts.database.transaction(office.tenant.id) as tx:
        await contacts.routing.add_queue(tx, code=SECOND_QUEUE, name="套餐与资费", media=[Media.CHAT], needs=[])
    shard = await contacts.shards.of(office.tenant.id)
    await shard.learn_queues()
    supervisor = await office.staff(*SUPERVISOR, name="周文静")
    async with office.doors(contacts.router()) as contacts.doors, office.doors(module.router()) as doors:
        yield Floor(contacts, doors, supervisor)
    await contacts.stop()
