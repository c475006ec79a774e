"""What surveys need from outside."""

from typing import Protocol
from uuid import UUID

from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.views import InteractionView


class Contacts(Protocol):
    """What can be rated, and whose it was. Conversations know."""

    async def interaction(self, tenant_id: TenantId, interaction_id: UUID) -> InteractionView:
        """One contact of the tenant. Raises ``NotFound``."""
        ...

    async def conversation_of(self, tenant_id: TenantId, visitor_id: UUID) -> UUID | None:
        """The conversation of a visitor; None when the visitor is unknown or has said nothing yet."""
        ...
