"""What identity needs from outside."""

from typing import Protocol
from uuid import UUID

from careline.kernel.tenancy import TenantId
from careline.modules.directory.identity.views import AgentRef


class AgentDirectory(Protocol):
    """Knows which agent a user is; people answers, bound in bootstrap."""

    async def agent_of(self, tenant_id: TenantId, user_id: UUID) -> AgentRef | None:
        """The agent that this user is; None when the user answers no customers."""
        ...
