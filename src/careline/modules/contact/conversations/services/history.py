"""A customer's contacts, as far as somebody reaches."""

from datetime import datetime
from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.errors import Invalid
from careline.kernel.paging import Page, checked_limit
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.ports import Ratings
from careline.modules.contact.conversations.repository import dispositions, interactions
from careline.modules.contact.conversations.services.names import Names
from careline.modules.contact.conversations.services.reached import HISTORY, Reached
from careline.modules.contact.conversations.services.write_ups import ending
from careline.modules.contact.conversations.views import InteractionView, PastInteraction
from careline.modules.directory.customers.facade import Customers

LOOKED_AT_ONCE = 100
"""Contacts that are looked through at once for those within a narrow reach: of one customer, found by their index."""

Place = tuple[datetime, UUID]


class History:
    """Lists what happened before."""

    def __init__(
        self, database: Database, reached: Reached, customers: Customers, ratings: Ratings, names: Names
    ) -> None:
        self._database = database
        self._reached = reached
        self._customers = customers
        self._ratings = ratings
        self._names = names

    async def of(self, actor: Actor, customer_id: UUID, *, after: str | None, limit: int) -> Page[PastInteraction]:
        """A customer's contacts within reach, newest first. Raises ``NotFound`` for who is no customer."""
        tenant_id, wanted = actor.tenant_id, checked_limit(limit)
        customer_id = (await self._customers.customer(tenant_id, customer_id)).id
        found = await self._found(actor, customer_id, None if after is None else _place(after), wanted + 1)
        shown, more = found[:wanted], len(found) > wanted
        ratings = await self._ratings.ratings(tenant_id, [item.id for item in shown])
        async with self._database.reading(tenant_id) as reading:
            tree = await dispositions.tree(reading)
        return Page(
            items=[
                PastInteraction(
                    id=item.id,
                    channel=item.channel,
                    state=item.state,
                    opened_at=item.opened_at,
                    queue=self._names.queue(tenant_id, item.queue_id),
                    agent_name=await self._names.of(tenant_id, item.agent_id),
                    disposition=ending(item, tree),
                    rating=ratings.get(item.id),
                )
                for item in shown
            ],
            next=f"{shown[-1].opened_at.isoformat()}~{shown[-1].id}" if more else None,
        )

    async def _found(self, actor: Actor, customer_id: UUID, before: Place | None, wanted: int) -> list[InteractionView]:
        found: list[InteractionView] = []
        at_once = wanted
        while len(found) < wanted:
            async with self._database.reading(actor.tenant_id) as reading:
                some = await interactions.of_customer(reading, customer_id, before=before, limit=at_once)
            inside = await self._reached.those(actor, HISTORY, some)
            found += [one for one in some if one.id in inside]
            if len(some) < at_once:
                break
            before, at_once = (some[-1].opened_at, some[-1].id), max(at_once, LOOKED_AT_ONCE)
        return found


def _place(after: str) -> Place:
    """The last row seen, as ``next`` said it."""
    at, _, last_id = after.partition("~")
    try:
        place = datetime.fromisoformat(at), UUID(last_id)
    except ValueError:
        raise Invalid("position-unknown", field="after") from None
    if place[0].tzinfo is None:
        raise Invalid("position-unknown", field="after")
    return place
