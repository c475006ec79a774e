"""What cases need from outside."""

from typing import Protocol
from uuid import UUID

from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.views import InteractionView


class Contacts(Protocol):
    """Where a case may have come from."""

    async def interaction(self, tenant_id: TenantId, interaction_id: UUID) -> InteractionView:
        """One contact of the tenant. Raises ``NotFound``."""
        ...
