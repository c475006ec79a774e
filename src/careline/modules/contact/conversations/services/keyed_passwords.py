"""A caller keys the service password of their line while a machine has the call: what is right raises the contact."""

from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict
from careline.kernel.tenancy import TenantId, system_actor
from careline.modules.contact.conversations.errors import InteractionUnknown
from careline.modules.contact.conversations.repository import interactions
from careline.modules.contact.conversations.services.assuring import raised
from careline.modules.contact.conversations.states import InteractionState
from careline.modules.contact.conversations.views import Channel, InteractionView
from careline.modules.directory.customers.facade import Customers


class KeyedPasswords:
    """Use cases for flows."""

    def __init__(self, database: Database, customers: Customers) -> None:
        self._database = database
        self._customers = customers
        self._passwords = customers.keyed_passwords

    async def line(self, tenant_id: TenantId, interaction_id: UUID) -> UUID | None:
        """The line that a call comes from, when its password may be asked for."""
        async with self._database.glance(tenant_id) as reading:
            interaction = await interactions.find(reading, interaction_id)
        if interaction is None:
            raise InteractionUnknown(interaction_id)
        number = None if interaction.number is None else self._customers.normal_number(interaction.number)
        if not _is_with_a_machine(interaction) or interaction.customer_id is None or number is None:
            return None
        return await self._passwords.line(tenant_id, interaction.customer_id, interaction_id, number)

    async def fill(self, tenant_id: TenantId, interaction_id: UUID, keyed: str) -> bool:
        """Whether it was right, which is written down.

        Raises ``Invalid``, "password-form-over", "too-many-password-tries", "contact-over".
        """
        actor = system_actor(tenant_id)
        line = await self.line(tenant_id, interaction_id)
        if line is None:
            raise Conflict("password-form-over")
        fits = await self._passwords.compare(actor, interaction_id, line, keyed)
        async with self._database.transaction(tenant_id, actor=actor.ref) as tx:
            interaction = await interactions.find_locked(tx, interaction_id)
            if interaction is None or not _is_with_a_machine(interaction) or interaction.customer_id is None:
                raise Conflict("contact-over")
            tried = await self._passwords.settle(tx, actor, interaction.customer_id, interaction_id, line, fits=fits)
            await raised(tx, interaction, tried)
        return fits


def _is_with_a_machine(interaction: InteractionView) -> bool:
    return interaction.channel is Channel.VOICE and interaction.state is InteractionState.FLOW
