"""What a command of the engine decided, in the order in which it happened.

The engine has already changed its state when it hands these out; the live service makes them true outside
(ring, stop ringing, tell the caller) and writes them as events. Effects name ids; the records behind them are
asked for.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

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


@dataclass(frozen=True, slots=True)
class ItemWaiting:
    """The item waits in the queue: nobody can take it now. ``returned``: it had been there before."""

    item_id: UUID
    queue_id: UUID
    returned: bool


@dataclass(frozen=True, slots=True)
class OfferMade:
    """The item is reserved for the agent until the offer's deadline."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class OfferEnded:
    """The offer stands no more and was not accepted: stop ringing, take it off the desk."""

    offer: Offer
    end: OfferEnd


@dataclass(frozen=True, slots=True)
class ItemEngaged:
    """The agent accepted: bridge the call, attach the conversation."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class ItemRelaxed:
    """The item asks for less from now on; ``step`` steps of its queue have been taken."""

    item_id: UUID
    queue_id: UUID
    step: int


@dataclass(frozen=True, slots=True)
class ItemOverflowed:
    """The queue did not keep the item. It waits in queue ``to``, or has left the engine when that is None."""

    item_id: UUID
    queue_id: UUID
    cause: OverflowCause
    to: UUID | None


@dataclass(frozen=True, slots=True)
class ItemLeft:
    """The item is no longer with the engine: its customer is gone or the work is done. ``agent_id`` had it,
    if any.
    """

    item_id: UUID
    queue_id: UUID
    agent_id: UUID | None


@dataclass(frozen=True, slots=True)
class AgentSetAside:
    """The agent gets no more offers of the medium until ``until``; None: until they say ready."""

    agent_id: UUID
    medium: Medium
    cause: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class AgentBroughtBack:
    """The agent is no longer set aside for the medium."""

    agent_id: UUID
    medium: Medium


@dataclass(frozen=True, slots=True)
class AgentChose:
    """The agent's chosen state is now this one."""

    agent_id: UUID
    chosen: Chosen
    reason: str | None


@dataclass(frozen=True, slots=True)
class AfterContactStarted:
    """After-contact work for the item runs until ``until`` at most, or without limit when that is None."""

    agent_id: UUID
    item_id: UUID
    offer_id: UUID
    medium: Medium
    until: datetime | None


@dataclass(frozen=True, slots=True)
class AfterContactEnded:
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
    | ItemOverflowed
    | ItemLeft
    | AgentSetAside
    | AgentBroughtBack
    | AgentChose
    | AfterContactStarted
    | AfterContactEnded
)
