"""An agent answers an offer of a chat or a left message. A call is accepted by the phone that is picked up."""

from datetime import datetime
from uuid import UUID

from careline.kernel.clock import Clock
from careline.kernel.errors import Conflict
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.errors import NotYours
from careline.modules.contact.conversations.services.desk import Desk
from careline.modules.contact.conversations.services.names import Names
from careline.modules.contact.conversations.services.progress import Progress
from careline.modules.contact.conversations.views import InboxItem
from careline.modules.core.routing.events import ItemAssigned
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import AssignmentView, Media


class Offers:
    """Passes answers on to routing, which decides, and attaches the agent to the chat."""

    def __init__(self, clock: Clock, routing: Routing, progress: Progress, names: Names, desk: Desk) -> None:
        self._clock = clock
        self._routing = routing
        self._progress = progress
        self._names = names
        self._desk = desk

    async def accept(self, actor: Actor, offer_id: UUID, token: str) -> InboxItem:
        """Take it; the conversation is the agent's when this returns. May be said twice. Raises ``offer-gone``."""
        if actor.id is None:
            raise NotYours
        held = self._routing.held(actor.tenant_id, offer_id, agent_id=actor.id, token=token)
        if held is not None and held.media is not Media.VOICE:
            return await self.given(actor.tenant_id, held)  # sent again: the answer was lost
        offer = self._routing.offer(actor.tenant_id, offer_id)
        if offer is None or offer.agent_id != actor.id:
            raise Conflict("offer-gone", id=str(offer_id))
        if offer.media is Media.VOICE:
            raise Conflict("offer-answered-by-phone", id=str(offer_id))
        assignment = await self._routing.accept(actor.tenant_id, offer_id, agent_id=actor.id, token=token)
        # The event tells the same; whoever comes first writes it, so that the answer need not wait for the bus.
        item = ItemAssigned(
            offer_id=offer_id,
            item_id=offer.item_id,
            interaction_id=offer.interaction_id,
            agent_id=actor.id,
            media=offer.media,
            queue_id=offer.queue.id,
            enqueued_at=offer.made_at,
            offered_at=offer.made_at,
        )
        if not await self.assigned(actor.tenant_id, item, self._clock.now()):
            raise Conflict("offer-gone", id=str(offer_id))
        return await self._desk.item(actor.tenant_id, assignment)

    async def given(self, tenant_id: TenantId, assignment: AssignmentView) -> InboxItem:
        """A chat was put into an agent's hands without an offer that they answered. Raises ``offer-gone``."""
        assert assignment.offer_id is not None
        item = ItemAssigned(
            offer_id=assignment.offer_id,
            item_id=assignment.item_id,
            interaction_id=assignment.interaction_id,
            agent_id=assignment.agent_id,
            media=assignment.media,
            queue_id=assignment.queue.id,
            enqueued_at=assignment.since,
            offered_at=assignment.since,
        )
        if not await self.assigned(tenant_id, item, self._clock.now()):
            raise Conflict("offer-gone", id=str(assignment.offer_id))
        return await self._desk.item(tenant_id, assignment)

    async def decline(self, actor: Actor, offer_id: UUID, token: str) -> None:
        """Let it to others. Raises ``Conflict`` ``offer-gone``."""
        if actor.id is None:
            raise NotYours
        await self._routing.decline(actor.tenant_id, offer_id, agent_id=actor.id, token=token)

    async def assigned(self, tenant_id: TenantId, item: ItemAssigned, at: datetime) -> bool:
        """An agent took an item, ``at`` a time that may be long past when this is heard after a crash.

        When its customer left in the same moment the agent is free again; False then.
        """
        # A caller is not told by which number the agent goes.
        agent = None if item.media is Media.VOICE else await self._names.agent(tenant_id, item.agent_id)
        number = "" if agent is None else agent.number
        if await self._progress.assigned(tenant_id, item, at, number):
            return True
        # Both who hear of it, the answer and the event, may do so at once; the second finds nothing left to do.
        await self._routing.finish(tenant_id, item.interaction_id)
        await self._routing.wrapped_up(tenant_id, item.interaction_id, agent_id=item.agent_id)
        return False
