"""A customer leaves the device on which they wrote: nobody who comes after them there may be them."""

from careline.infra.http import Visitor
from careline.infra.realtime.hub import Hub
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
        record = await self._visitors.record(visitor)
        # First: what a second tab says meanwhile opens no other chat.
        await self._visitors.revoke(visitor)
        self._hub.disconnect(visitor.tenant_id, actor_id=visitor.id)
        await self._ending.by_visitor(record)
