"""What conditions may ask about the customer of a contact."""

from uuid import UUID

from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.directory.customers.facade import Customers


class FactFinder:
    """Looks up facts when a condition asks, not before."""

    def __init__(self, conversations: Conversations, customers: Customers) -> None:
        self._conversations = conversations
        self._customers = customers

    async def kind(self, tenant_id: TenantId, interaction_id: UUID) -> str:
        """The kind of customer that dedicated desks are kept for: the level, empty of whom nobody knows."""
        return (await self.of(tenant_id, interaction_id)).get("customer.level", "")

    async def of(self, tenant_id: TenantId, interaction_id: UUID) -> dict[str, str]:
        """Facts by name, of those that are known.

        They choose the way through a flow and disclose nothing: a caller number alone is enough for that.
        """
        interaction = await self._conversations.interaction(tenant_id, interaction_id)
        facts = {"customer.known": "no", "contact.assurance": interaction.assurance.value}
        if interaction.number is not None:
            facts["caller.number"] = interaction.number
        if interaction.customer_id is None:
            return facts
        customer = await self._customers.customer(tenant_id, interaction.customer_id)
        facts |= {"customer.known": "yes", "customer.level": str(customer.level)}
        if customer.subscriptions:
            facts["customer.brand"] = customer.subscriptions[0].brand.value
        return facts
