"""Hears of routing and telephony what becomes of contacts, and tells routing what ended here."""

from careline.infra.bus.bus import EventBus
from careline.kernel.clock import Clock
from careline.kernel.events import Recorded
from careline.modules.contact.conversations.events import (
    ContactEnded,
    MessagePutOff,
    TransferBegun,
    VisitorLeft,
    WrappedUp,
)
from careline.modules.contact.conversations.services.holding import Holding
from careline.modules.contact.conversations.services.leaving import Leaving
from careline.modules.contact.conversations.services.names import Names
from careline.modules.contact.conversations.services.offers import Offers
from careline.modules.contact.conversations.services.progress import Progress
from careline.modules.contact.conversations.views import EndedBy
from careline.modules.contact.telephony.events import CallEnded, CallHeld, CallResumed
from careline.modules.core.routing.events import ItemAssigned, ItemFinished, ItemWrappedUp, WrapUpLimitChanged
from careline.modules.core.routing.facade import Routing
from careline.modules.directory.identity.events import UserChanged

Below = ItemAssigned | ItemFinished | ItemWrappedUp | WrapUpLimitChanged | CallHeld | CallResumed | CallEnded
Ours = ContactEnded | WrappedUp | TransferBegun | MessagePutOff

_OF_CALLS = (CallHeld, CallResumed, CallEnded)
_ENDED_BY = {"caller": EndedBy.CUSTOMER, "agent": EndedBy.AGENT, "flow": EndedBy.FLOW}


class Subscribers:
    """One lane for each contact, so that its facts are written down in the order in which they became true."""

    def __init__(
        self, clock: Clock, offers: Offers, progress: Progress, holding: Holding, leaving: Leaving, routing: Routing
    ) -> None:
        self._clock = clock
        self._leaving = leaving
        self._holding = holding
        self._offers = offers
        self._progress = progress
        self._routing = routing

    async def heard(self, event: Below, recorded: Recorded) -> None:
        """Routing or telephony reports."""
        tenant_id, at = recorded.tenant_id, recorded.occurred_at
        if isinstance(event, ItemAssigned):
            await self._offers.assigned(tenant_id, event, at)
        elif isinstance(event, ItemFinished):
            await self._progress.finished(tenant_id, event, at)
        elif isinstance(event, ItemWrappedUp):
            await self._progress.wrapped_up(tenant_id, event, at)
        elif isinstance(event, WrapUpLimitChanged):
            await self._progress.limited(tenant_id, event)
        elif isinstance(event, CallHeld | CallResumed):
            await self._holding.changed(tenant_id, event, at)
        else:
            by = _ENDED_BY.get(event.by, EndedBy.SYSTEM)
            await self._progress.contact_ended(tenant_id, event.call_id, by, at=at)

    async def tell_routing(self, event: Ours, recorded: Recorded) -> None:
        """What ended here; told again after a crash, which routing does not mind."""
        tenant_id = recorded.tenant_id
        if isinstance(event, WrappedUp):
            await self._routing.wrapped_up(tenant_id, event.interaction_id, agent_id=event.agent_id)
        elif isinstance(event, TransferBegun):
            await self._routing.release(tenant_id, event.interaction_id, agent_id=event.from_agent_id)
        elif isinstance(event, MessagePutOff):
            agent_id = event.agent_id
            await self._routing.release(tenant_id, event.interaction_id, agent_id=agent_id, writes_up=False)
        elif event.agent_id is not None:
            await self._routing.finish(tenant_id, event.interaction_id)
        else:
            await self._routing.withdraw(tenant_id, event.interaction_id)

    async def visitor_left(self, event: VisitorLeft, recorded: Recorded) -> None:
        """The chat of who has left ends, whatever became of the process that they told."""
        await self._leaving.left(recorded.tenant_id, event.visitor_id)


def register(bus: EventBus, subscribers: Subscribers, names: Names) -> None:
    """Name what is heard."""
    bus.subscribe(
        "conversations.follows-contacts",
        (ItemAssigned, ItemFinished, ItemWrappedUp, WrapUpLimitChanged, *_OF_CALLS),
        subscribers.heard,
        key=lambda event, _: event.call_id if isinstance(event, _OF_CALLS) else event.interaction_id,
    )
    bus.subscribe(
        "conversations.tells-routing",
        (ContactEnded, WrappedUp, TransferBegun, MessagePutOff),
        subscribers.tell_routing,
        key=lambda event, _: event.interaction_id,
    )
    bus.subscribe(
        "conversations.ends-chats-of-who-left",
        (VisitorLeft,),
        subscribers.visitor_left,
        key=lambda event, _: event.visitor_id,
    )
    bus.subscribe("conversations.learns-names", UserChanged, names.changed, durable=False)
