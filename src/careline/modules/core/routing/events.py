"""What happens to work items, offers and agents. The subject is the work item's id, or the agent's."""

from datetime import datetime
from uuid import UUID

from careline.kernel.events import Event, register
from careline.modules.core.routing.views import Chosen, Media, Why


class ItemQueued(Event, frozen=True, kw_only=True):
    """Somebody asked for a person and waits. ``target_seconds`` is within what the queue means to answer them.

    ``again``: they had an agent already, who passed them on or has gone; nobody asked anew.
    """

    name = "routing.item-queued"
    item_id: UUID
    interaction_id: UUID
    media: Media
    queue_id: UUID
    enqueued_at: datetime
    target_seconds: int = 20
    again: bool = False


class OfferMade(Event, frozen=True, kw_only=True):
    """An item is reserved for an agent until ``deadline``. The token is not here: it is the agent's secret."""

    name = "routing.offer-made"
    offer_id: UUID
    item_id: UUID
    interaction_id: UUID
    agent_id: UUID
    media: Media
    queue_id: UUID
    deadline: datetime
    ring_seconds: int
    why: list[Why]


class OfferEnded(Event, frozen=True, kw_only=True):
    """An offer is over. ``cause``: accepted, declined, expired, withdrawn (the customer left), or fault."""

    name = "routing.offer-ended"
    offer_id: UUID
    item_id: UUID
    interaction_id: UUID
    agent_id: UUID
    media: Media
    cause: str


class ItemAssigned(Event, frozen=True, kw_only=True):
    """An agent took the item. ``offered_at`` and ``enqueued_at`` give the ring and queue segments."""

    name = "routing.item-assigned"
    offer_id: UUID
    item_id: UUID
    interaction_id: UUID
    agent_id: UUID
    media: Media
    queue_id: UUID
    enqueued_at: datetime
    offered_at: datetime


class ItemLeft(Event, frozen=True, kw_only=True):
    """A waiting item left its queue without an agent: the customer went away, or the queue could not keep it.

    ``cause``: abandoned or overflowed. ``because``, of what overflowed: queue-closed, queue-full, max-wait or
    queue-removed. ``then``: what the queue has for them, message or goodbye.
    """

    name = "routing.item-left"
    item_id: UUID
    interaction_id: UUID
    media: Media
    queue_id: UUID
    enqueued_at: datetime
    cause: str
    because: str | None = None
    then: str | None = None


class ItemFinished(Event, frozen=True, kw_only=True):
    """The contact with the customer is over; after-contact work begins, until ``wrap_up_deadline`` when limited."""

    name = "routing.item-finished"
    item_id: UUID
    interaction_id: UUID
    agent_id: UUID
    media: Media
    queue_id: UUID
    assigned_at: datetime
    wrap_up_deadline: datetime | None


class ItemWrappedUp(Event, frozen=True, kw_only=True):
    """After-contact work is over, by the agent or (``timed_out``) by its limit."""

    name = "routing.item-wrapped-up"
    item_id: UUID
    interaction_id: UUID
    agent_id: UUID
    media: Media
    queue_id: UUID
    finished_at: datetime
    timed_out: bool


class WrapUpLimitChanged(Event, frozen=True, kw_only=True):
    """After-contact work ends at another time than was said; None: without limit, or its clock stands for now."""

    name = "routing.wrap-up-limit-changed"
    item_id: UUID
    interaction_id: UUID
    agent_id: UUID
    wrap_up_deadline: datetime | None


class AgentStateChanged(Event, frozen=True, kw_only=True):
    """An agent's state is another one now; ``state`` is the one word for screens. The subject is the agent's id."""

    name = "routing.agent-state-changed"
    agent_id: UUID
    chosen: Chosen
    reason: str | None
    state: str


class ItemMoved(Event, frozen=True, kw_only=True):
    """A waiting item is in another queue, or (``front``) before all who wait there.

    A supervisor did it, or, with ``because`` as in ``ItemLeft``, its queue could not keep it.
    """

    name = "routing.item-moved"
    item_id: UUID
    interaction_id: UUID
    media: Media
    from_queue_id: UUID
    queue_id: UUID
    front: bool
    because: str | None = None


class QueueAdded(Event, frozen=True, kw_only=True):
    """There is a queue more. The subject is the queue's id."""

    name = "routing.queue-added"
    queue_id: UUID


class QueueChanged(Event, frozen=True, kw_only=True):
    """A queue's settings are other ones now. The subject is the queue's id."""

    name = "routing.queue-changed"
    queue_id: UUID
    version: int


class DeskChanged(Event, frozen=True, kw_only=True):
    """A dedicated desk is new, is kept for others, or is gone. The subject is the desk's id."""

    name = "routing.desk-changed"
    desk_id: UUID


class MediaRulesChanged(Event, frozen=True, kw_only=True):
    """The media share an agent's attention otherwise now. The subject is the tenant's id."""

    name = "routing.media-rules-changed"
    version: int


class ReasonsChanged(Event, frozen=True, kw_only=True):
    """The reasons of not being ready are other ones now. The subject is the tenant's id."""

    name = "routing.reasons-changed"
    version: int


register(ItemQueued, OfferMade, OfferEnded, ItemAssigned, ItemLeft, ItemMoved, ItemFinished, ItemWrappedUp)
register(WrapUpLimitChanged)
register(AgentStateChanged, QueueAdded, QueueChanged, DeskChanged, ReasonsChanged, MediaRulesChanged)
