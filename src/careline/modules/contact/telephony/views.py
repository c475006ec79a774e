"""Frozen records that telephony hands out."""

import enum
from datetime import datetime
from uuid import UUID

import msgspec

from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony.engine.entries import EntryRule, Overlap, OverlapKind, When

__all__ = ["EntryRule", "Overlap", "OverlapKind", "When"]


class CallState(enum.StrEnum):
    """Where a call is. ``waiting`` covers prompts, queue and ringing: the caller hears a machine."""

    WAITING = "waiting"
    CONNECTED = "connected"
    ENDED = "ended"


class CallView(msgspec.Struct, frozen=True, kw_only=True):
    """A call as it is stored. Its id is also its interaction's id.

    ``caller_number`` is personal and None when withheld; ``entry_flow`` is the code of the flow its number leads to.
    """

    id: UUID
    tenant_id: TenantId
    node: str
    called_number: str
    caller_number: str | None
    entry_flow: str
    state: CallState
    arrived_at: datetime
    connected_at: datetime | None = None
    ended_at: datetime | None = None


class NumberView(msgspec.Struct, frozen=True, kw_only=True):
    """A number of ours, whose it is and where it leads: by the first of ``rules`` that fits, or to ``entry_flow``.

    ``changed_by`` is the id of who changed it last; None for the system.
    """

    id: UUID
    tenant_id: TenantId
    number: str
    name: str
    entry_flow: str
    rules: tuple[EntryRule, ...]
    version: int
    changed_at: datetime | None
    changed_by: UUID | None


class FlowChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A flow that is in force, for whoever chooses one."""

    code: str
    name: str


class RecordingView(msgspec.Struct, frozen=True, kw_only=True):
    """A recording. ``state`` is recording, done or lost (nothing usable was left after a crash)."""

    id: UUID
    call_id: UUID
    state: str
    started_at: datetime
    ended_at: datetime | None


class SoftphoneView(msgspec.Struct, frozen=True, kw_only=True):
    """What a browser phone needs to register. ``secret`` is shown to its owner only and never logged."""

    endpoint: str
    secret: str


class KeyPressed(msgspec.Struct, frozen=True, kw_only=True):
    """The caller pressed a key of ``0-9*#``."""

    key: str
    at: datetime


class PlaybackEnded(msgspec.Struct, frozen=True, kw_only=True):
    """What was played has ended; ``completed`` is False when it was stopped or failed."""

    playback: str
    completed: bool


class Connected(msgspec.Struct, frozen=True, kw_only=True):
    """The caller talks with an agent now."""

    agent_id: UUID


class AgentLeft(msgspec.Struct, frozen=True, kw_only=True):
    """The agent's side is over; ``lost`` when it broke rather than being hung up."""

    agent_id: UUID
    lost: bool


class PassedOn(msgspec.Struct, frozen=True, kw_only=True):
    """The agent has passed the call on; the caller waits for another one, with a place in a queue."""

    agent_id: UUID


class CallerGone(msgspec.Struct, frozen=True):
    """The caller hung up; nothing can be played any more. The last signal of a call."""


Signal = KeyPressed | PlaybackEnded | Connected | AgentLeft | PassedOn | CallerGone
"""What a running flow is told about its call, in the order it happened. In memory only: keys may be secret."""
