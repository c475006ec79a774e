"""A customer leaves the device on which they wrote: nobody who comes after them there may be them."""

from uuid import UUID

from careline.infra.http import Visitor
from careline.infra.realtime.hub import Hub
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.services.ending import Ending
from careline.modules.contact.conversations.services.visitors import Visitors


class Leaving:
    """Ends a visitor for good, in every tab and on every device that holds the token."""

    def __init__(self, hub: Hub, visitors: Visitors, ending: Ending) -> None:
        self._hub = hub
        self._visitors = visitors
        self._ending = ending

    async def leave(self, visitor: Visitor) -> None:
        """Their token is worth nothing from now on, and their chat ends; what was said stays with the centre."""
        # First: what is said after it opens no chat, and what was said before it is seen by what follows.
        await self._visitors.revoke(visitor)
        self._hub.disconnect(visitor.tenant_id, actor_id=visitor.id)
        await self.left(visitor.tenant_id, visitor.id)

    async def left(self, tenant_id: TenantId, visitor_id: UUID) -> None:
        """End the chat of who has left; nothing happens when none goes on. Heard again after a crash."""
        visitor = await self._visitors.find(tenant_id, visitor_id)
        if visitor is not None:
            await self._ending.by_visitor(visitor)
