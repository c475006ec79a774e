"""Which contacts a permission reaches.

A contact belongs to those who handled it, and is within reach when one of them is. One that nobody handled belongs to
those who serve the queue in which it waited, as a department; to no one person it is one's own.
"""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.errors import DomainError, Forbidden
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.repository import interactions
from careline.modules.contact.conversations.repository.handled import handled_by, latest_in
from careline.modules.contact.conversations.views import InteractionView
from careline.modules.core.routing.facade import Routing
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.views import Reach

HISTORY = "history:view"

LOOKED_BACK = 200
"""Contacts of one conversation that are looked at; what was before them is read in the customer's history."""


class Reached:
    """Answers for everything that shows contacts. Who reaches everybody costs no look at the contacts."""

    def __init__(self, database: Database, identity: Identity, routing: Routing) -> None:
        self._database = database
        self._identity = identity
        self._routing = routing

    async def those(self, actor: Actor, permission: str, contacts: Sequence[InteractionView]) -> set[UUID]:
        """The ids of those of some contacts that are within reach. Raises ``Forbidden`` when it is not held at all."""
        return await self._inside(actor.tenant_id, await self._identity.reach(actor, permission), contacts)

    async def check(self, actor: Actor, permission: str, interaction_id: UUID) -> None:
        """Pass who may do this with a contact. Raises ``Forbidden`` ``outside-your-scope``.

        What is no contact belongs to nobody, and is outside for all but those who reach everybody.
        """
        reach = await self._identity.reach(actor, permission)
        if reach.everybody:
            return
        async with self._database.glance(actor.tenant_id) as reading:
            contact = await interactions.find(reading, interaction_id)
        if contact is None or not await self._inside(actor.tenant_id, reach, [contact]):
            raise Forbidden("outside-your-scope", permission=permission)

    async def readable(self, actor: Actor, conversation_id: UUID) -> frozenset[UUID] | None:
        """The contacts whose words this actor reads in a conversation, for whoever may read its latest one.

        None for all of them. The latest is among them, and so is what oneself handled, whatever one may read besides.
        """
        try:
            reach = await self._identity.reach(actor, HISTORY)
        except Forbidden:
            reach = Reach(everybody=False, user_id=actor.id)
        if reach.everybody:
            return None
        async with self._database.reading(actor.tenant_id) as reading:
            ids = await latest_in(reading, conversation_id, limit=LOOKED_BACK)
            contacts = list((await interactions.find_many(reading, ids[1:])).values())
        return frozenset(await self._inside(actor.tenant_id, reach, contacts)) | set(ids[:1])

    async def _inside(self, tenant_id: TenantId, reach: Reach, contacts: Sequence[InteractionView]) -> set[UUID]:
        if reach.everybody or not contacts:
            return {one.id for one in contacts}
        async with self._database.glance(tenant_id, keys=len(contacts)) as reading:
            people = dict(await handled_by(reading, contacts))
        if reach.path is not None:
            for one in contacts:
                if one.id not in people and one.queue_id is not None:
                    people[one.id] = self._serving(tenant_id, one.queue_id)
        inside = await self._identity.reaches.among(tenant_id, reach, set[UUID]().union(*people.values()))
        return {one for one, theirs in people.items() if theirs & inside}

    def _serving(self, tenant_id: TenantId, queue_id: UUID) -> set[UUID]:
        with suppress(DomainError):  # the queue is gone, or another process decides
            return set(self._routing.serving(tenant_id, queue_id))
        return set()
