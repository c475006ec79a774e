"""What a command of the engine decided, in the order in which it happened.

The engine has already changed its state when it hands these out; the live service makes them true outside
(ring, stop ringing, tell the caller) and writes them as events. Effects name ids; the records behind them are
asked for.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from careline.kernel.records import Record
from careline.modules.core.routing.engine.capacity import Medium
from careline.modules.core.routing.engine.model import Chosen, Offer


class OfferEnd(StrEnum):
    """Why an offer ended without being accepted."""

    DECLINED = "declined"
    EXPIRED = "expired"
    FAILED = "failed"
    ITEM_GONE = "item-gone"
    ITEM_MOVED = "item-moved"
    AGENT_GONE = "agent-gone"


class OverflowCause(StrEnum):
    """Why a queue could not keep an item."""

    QUEUE_CLOSED = "queue-closed"
    QUEUE_FULL = "queue-full"
    MAX_WAIT = "max-wait"
    QUEUE_REMOVED = "queue-removed"


class ItemWaiting(Record, frozen=True):
    """The item waits in the queue: nobody can take it now. ``returned``: it had been there before."""

    item_id: UUID
    queue_id: UUID
    returned: bool


class OfferMade(Record, frozen=True):
    """The item is reserved for the agent until the offer's deadline."""

    offer: Offer


class OfferEnded(Record, frozen=True):
    """The offer stands no more and was not accepted: stop ringing, take it off the desk."""

    offer: Offer
    end: OfferEnd


class ItemEngaged(Record, frozen=True):
    """The agent accepted: bridge the call, attach the conversation."""

    offer: Offer


class ItemRelaxed(Record, frozen=True):
    """The item asks for less from now on; ``step`` steps of its queue have been taken."""

    item_id: UUID
    queue_id: UUID
    step: int


class ItemHeld(Record, frozen=True):
    """Something changed while the item waits: it is kept for its preferred agent until then, or, None, for anybody."""

    item_id: UUID
    until: datetime | None


class ItemTurned(Record, frozen=True):
    """A patient item that waits is ``asleep`` from now on, not to be offered, or is so no more."""

    item_id: UUID
    asleep: bool


class ItemOverflowed(Record, frozen=True):
    """The queue did not keep the item. It waits in queue ``to``, or has left the engine when that is None."""

    item_id: UUID
    queue_id: UUID
    cause: OverflowCause
    to: UUID | None


class ItemLeft(Record, frozen=True):
    """The item is no longer with the engine: its customer is gone or the work is done. ``agent_id`` had it,
    if any.
    """

    item_id: UUID
    queue_id: UUID
    agent_id: UUID | None


class AgentSetAside(Record, frozen=True):
    """The agent gets no more offers of the medium until ``until``; None: until they say ready."""

    agent_id: UUID
    medium: Medium
    cause: str
    until: datetime | None


class AgentBroughtBack(Record, frozen=True):
    """The agent is no longer set aside for the medium."""

    agent_id: UUID
    medium: Medium


class AgentChose(Record, frozen=True):
    """The agent's chosen state is now this one."""

    agent_id: UUID
    chosen: Chosen
    reason: str | None


class AfterContactStarted(Record, frozen=True):
    """After-contact work for the item runs until ``until`` at most, or without limit when that is None.

    ``left_us``: its clock stands while something else interrupts it, and so much is left of its limit.
    """

    agent_id: UUID
    item_id: UUID
    offer_id: UUID
    medium: Medium
    until: datetime | None
    left_us: int | None = None


class AfterContactEnded(Record, frozen=True):
    """After-contact work is over; ``by_limit`` when its time ran out."""

    agent_id: UUID
    item_id: UUID
    offer_id: UUID
    medium: Medium
    by_limit: bool


Effect = (
    ItemWaiting
    | OfferMade
    | OfferEnded
    | ItemEngaged
    | ItemRelaxed
    | ItemHeld
    | ItemTurned
    | ItemOverflowed
    | ItemLeft
    | AgentSetAside
    | AgentBroughtBack
    | AgentChose
    | AfterContactStarted
    | AfterContactEnded
)
