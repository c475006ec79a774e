"""What a shard knows of its live items beside what the engine knows: whose interaction, since when, until when.

The engine decides and forgets; the ledger remembers what desks, floors and telephony ask for. It follows the
engine's effects and is rebuilt with it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from careline.modules.core.routing.engine.model import Offer
from careline.modules.core.routing.engine.records import ItemRecord
from careline.modules.core.routing.views import Media


@dataclass(slots=True)
class LiveItem:
    """An item from its queueing to the end of after-contact work. ``state`` is one of the stored states."""

    id: UUID
    interaction_id: UUID
    media: Media
    queue_id: UUID
    enqueued_at: datetime
    priority: int
    preferred_agent_id: UUID | None
    preferred_wait_s: float | None = None
    boost_s: float = 0.0
    again: bool = False
    not_to: tuple[UUID, ...] = ()
    kind: str = ""
    not_before: datetime | None = None
    awake_s: float = 0.0
    slept_us: int = 0
    """How long it was not to be offered, until it was last."""
    entered_at: datetime | None = None
    """Since when it is in its queue; None until the engine has it."""
    state: str = "waiting"
    offer: Offer | None = None
    engaged_at: datetime | None = None
    finished_at: datetime | None = None
    wrap_up_until: datetime | None = None
    wrap_up_left_us: int | None = None
    leaving: str = "abandoned"
    """Why it leaves when it is withdrawn: ``parked`` items are not over and come back."""
    parked_as: ItemRecord | None = None
    """How it waited when it was parked; None when the engine never had it."""

    @property
    def agent_id(self) -> UUID | None:
        """Who is offered it or has it in hand."""
        return None if self.offer is None else self.offer.agent_id


@dataclass(slots=True)
class Ledger:
    """The live items of a shard by every name they are asked for."""

    items: dict[UUID, LiveItem] = field(default_factory=dict)
    by_interaction: dict[UUID, LiveItem] = field(default_factory=dict)
    by_offer: dict[UUID, LiveItem] = field(default_factory=dict)
    by_agent: dict[UUID, dict[UUID, LiveItem]] = field(default_factory=dict)
    words: dict[UUID, str] = field(default_factory=dict)
    """The one-word state of each agent, as it was told last."""

    def add(self, item: LiveItem) -> None:
        """An item came; an interaction's newer item hides its older one, which is in after-contact work at most."""
        self.items[item.id] = item
        self.by_interaction[item.interaction_id] = item
        if item.offer is not None:
            self.offer(item, item.offer)

    def offer(self, item: LiveItem, offer: Offer) -> None:
        """The item is in an offer now, or in the engagement that came of it."""
        item.offer = offer
        self.by_offer[offer.id] = item
        self.by_agent.setdefault(offer.agent_id, {})[item.id] = item

    def release(self, item: LiveItem) -> None:
        """The item is in nobody's hands any more."""
        if item.offer is not None:
            self.by_offer.pop(item.offer.id, None)
            self.by_agent.get(item.offer.agent_id, {}).pop(item.id, None)
        item.offer = None
        item.state = "waiting"

    def remove(self, item: LiveItem) -> None:
        """The item is done."""
        self.release(item)
        item.state = "done"
        self.items.pop(item.id, None)
        if self.by_interaction.get(item.interaction_id) is item:
            del self.by_interaction[item.interaction_id]

    def of_agent(self, agent_id: UUID) -> list[LiveItem]:
        """What an agent is offered or has in hand, the oldest first."""
        return sorted(self.by_agent.get(agent_id, {}).values(), key=lambda item: item.enqueued_at)
