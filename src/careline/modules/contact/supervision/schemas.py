"""What supervision's endpoints take and give."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from careline.kernel.errors import Param
from careline.modules.contact.supervision.views import MoveReason, Presence
from careline.modules.core.routing.views import Chosen, Media, OneWord


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class _Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OrderedState(_Wanted):
    """A state that a supervisor sets for an agent; not ready needs a reason. ``note`` says why, the agent reads it."""

    chosen: Chosen
    reason: Annotated[str, Field(max_length=80)] | None = None
    note: str = Field(max_length=1000)


class SigningOut(_Wanted):
    """Why a supervisor signs an agent out; the agent reads it when they sign in again."""

    note: str = Field(max_length=1000)


class StateSet(_Shown):
    """What the agent is now; ``state`` is the one word for screens."""

    agent_id: UUID
    chosen: Chosen
    reason: str | None
    state: OneWord


class StateOrderShown(_Shown):
    """What a supervisor set for me. ``in_force`` until my state is chosen anew."""

    id: UUID
    by_name: str | None
    chosen: Chosen
    reason: str | None
    note: str
    signed_out: bool
    made_at: datetime
    in_force: bool


class StateOrderList(_Shown):
    """A page of orders, the newest first."""

    items: list[StateOrderShown]
    next: str | None


class CustomerMasked(_Shown):
    """Who it seems to be; all null when nobody knows."""

    id: UUID | None
    name_masked: str | None
    number_masked: str | None


class WaitingShown(_Shown):
    """One who waits. ``position`` 1 is next; 0 is being offered to an agent at this moment.

    Left messages come after people and are counted among each other; ``put_off_until``: an agent has put it off.
    """

    interaction_id: UUID
    media: Media
    position: int
    waiting_since: datetime
    moved_up: bool
    put_off_until: datetime | None
    customer: CustomerMasked


class WaitingList(_Shown):
    """Who waits in a queue, the next one first; ``next`` is the ``after`` of what follows."""

    items: list[WaitingShown]
    next: str | None


class WhyShown(_Shown):
    """One reason: ``why.<code>`` with ``params``; times are RFC 3339, and seconds are in names with ``_s``."""

    code: str
    params: dict[str, Param]


class ContactWhyShown(_Shown):
    """Why a contact waits, or is with whom it is; ``agent_name`` has it, is offered it or is waited for."""

    state: Literal["waiting", "offered", "engaged", "after_contact_work"]
    agent_name: str | None
    why: list[WhyShown]


class MoveWanted(_Wanted):
    """Where a waiting contact shall wait: in another queue, or (``front``) before all others there or in its own."""

    queue_id: UUID | None = None
    front: bool = False
    reason: MoveReason


class PresenceWanted(_Wanted):
    """How I am in a chat: listening, whispering to its agent, or joined for all to see."""

    presence: Presence


class WatchedShown(_Shown):
    """A chat in which I am now."""

    interaction_id: UUID
    conversation_id: UUID
    presence: Presence
