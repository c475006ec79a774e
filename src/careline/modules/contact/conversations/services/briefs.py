"""Who a contact seems to be with, in a few masked words."""

from collections.abc import Sequence
from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.repository import visitors
from careline.modules.contact.conversations.repository.visitors import VisitorRecord
from careline.modules.contact.conversations.views import Channel, CustomerBrief, InteractionView
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.views import mask_name, mask_number

NOBODY = CustomerBrief(id=None, name_masked=None, number_masked=None)


class Briefs:
    """Looks customers and visitors up for those who list contacts."""

    def __init__(self, database: Database, customers: Customers) -> None:
        self._database = database
        self._customers = customers

    async def of(self, tenant_id: TenantId, contacts: Sequence[InteractionView]) -> dict[UUID, CustomerBrief]:
        """Who it seems to be: the customer if one is known, else what a visitor calls itself."""
        ids = {item.customer_id for item in contacts if item.customer_id is not None}
        customers = await self._customers.views(tenant_id, ids) if ids else {}
        # Whoever calls is no visitor: a visitor has a page.
        nameless = [
            item.conversation_id
            for item in contacts
            if item.customer_id not in customers and item.channel is not Channel.VOICE
        ]
        guests = await self._guests(tenant_id, nameless) if nameless else {}
        briefs = {}
        for item in contacts:
            customer = None if item.customer_id is None else customers.get(item.customer_id)
            guest = guests.get(item.conversation_id)
            name = customer.name_masked if customer is not None else None
            if name is None and guest is not None and guest.name is not None:
                name = mask_name(guest.name)
            number = None if item.number is None else mask_number(item.number)
            briefs[item.id] = CustomerBrief(
                id=None if customer is None else customer.id, name_masked=name, number_masked=number
            )
        return briefs

    async def _guests(self, tenant_id: TenantId, conversations: Sequence[UUID]) -> dict[UUID, VisitorRecord]:
        async with self._database.glance(tenant_id, keys=len(conversations)) as reading:
            return await visitors.of_conversations(reading, conversations)
