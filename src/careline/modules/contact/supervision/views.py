"""Frozen records that supervision hands out."""

import enum
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from careline.modules.contact.conversations.views import CustomerBrief
from careline.modules.core.routing.views import Chosen, Media, Why


class StateOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A supervisor's order to an agent, with who gave it and why.

    ``in_force`` until the agent, or somebody for them, has chosen anew.
    """

    id: UUID
    by_name: str | None
    chosen: Chosen
    reason: str | None
    note: str
    signed_out: bool
    made_at: datetime
    in_force: bool


class MoveReason(enum.StrEnum):
    """Why a waiting contact is put elsewhere; it stands in the audit."""

    WRONG_QUEUE = "wrong_queue"
    WAITED_LONG = "waited_long"
    URGENT = "urgent"
    COMPLAINT = "complaint"
    BALANCE = "balance"


class WaitingContact(msgspec.Struct, frozen=True, kw_only=True):
    """One who waits. ``position`` 1 is next; 0 is being offered to an agent at this moment.

    Left messages come after people and are counted among each other; ``put_off_until``: an agent has put it off.
    """

    interaction_id: UUID
    media: Media
    position: int
    waiting_since: datetime
    moved_up: bool
    put_off_until: datetime | None
    customer: CustomerBrief


class ContactWhy(msgspec.Struct, frozen=True, kw_only=True):
    """Why a contact waits, or is with whom it is; ``agent_name`` has it, is offered it or is waited for."""

    state: Literal["waiting", "offered", "engaged", "after_contact_work"]
    agent_name: str | None
    why: list[Why]


class Presence(enum.StrEnum):
    """How a supervisor is in a chat. The agent sees who whispers, the customer who joined; who listens, only the audit
    and other supervisors.
    """

    LISTENING = "listening"
    WHISPERING = "whispering"
    JOINED = "joined"


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A chat in which a supervisor is."""

    interaction_id: UUID
    conversation_id: UUID
    presence: Presence
