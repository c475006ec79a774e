"""What telephony needs of a voice engine, and what a voice engine tells telephony.

A *leg* is one party's connection to the engine (RFC 3261 calls it a dialog). Legs of callers are named by the engine
when they arrive; legs that we create carry the id that we choose. Commands for one leg are carried out in the order
they were given; commands for different legs are independent. A command for a leg that is gone raises ``LegGone`` and
changes nothing. Every other trouble is ``TransientFailure`` or ``PermanentFailure``.
"""

import enum
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NewType, Protocol
from uuid import UUID

import msgspec

from careline.infra.database.transaction import Transaction
from careline.kernel.errors import AdapterFailure
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.telephony.views import CallView, FlowChoice

LegId = NewType("LegId", str)
BridgeId = NewType("BridgeId", str)
PlaybackId = NewType("PlaybackId", str)


class LegGone(AdapterFailure):
    """The leg hung up before the command reached it. Not an error of anybody: callers leave."""


class LegRole(enum.StrEnum):
    """Why the leg is there."""

    CALLER = "caller"
    AGENT = "agent"


class LegState(enum.StrEnum):
    """As far as we care: being set up, ringing, or answered."""

    SETUP = "setup"
    RINGING = "ringing"
    UP = "up"


class EndCause(enum.StrEnum):
    """Why a leg ended, of the causes in ITU-T Q.850 that change what we do next."""

    NORMAL = "normal"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    FAILED = "failed"


class InboundCall(msgspec.Struct, frozen=True, kw_only=True):
    """A caller's leg that has just reached us.

    ``answered``: it was answered before, so the caller is one whom the safe dialplan kept company and hands over again.

    ``called_number`` and ``caller_number`` are digits as the trunk sent them, perhaps after a ``+``;
    ``caller_number`` is None when withheld or not a number. ``trunk`` is the name of the configured trunk that it
    came in by. ``node`` names the voice node. A caller whom the node kept company while the link was lost arrives
    again, under the same leg id as before; until then they are ``LiveSnapshot.away``.
    """

    leg: LegId
    node: str
    trunk: str
    called_number: str
    caller_number: str | None
    answered: bool
    arrived_at: datetime


class LiveLeg(msgspec.Struct, frozen=True, kw_only=True):
    """A leg that the engine holds at this moment. ``aside``: it was set aside of ``bridge``, and hears music."""

    leg: LegId
    role: LegRole
    state: LegState
    call_ref: str | None
    bridge: BridgeId | None
    aside: bool = False


class LiveSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of ours that one node holds, for reconciling after a restart of either side.

    ``away`` are callers whom the safe dialplan keeps company. Each of them arrives again or ends, and is told.
    """

    node: str
    legs: list[LiveLeg]
    bridges: list[BridgeId]
    away: list[LegId] = []


class AgentDial(msgspec.Struct, frozen=True, kw_only=True):
    """Ring an agent. ``leg`` is the offer's id. ``call_ref`` reaches the phone as the header ``X-Call-Ref``."""

    leg: LegId
    endpoint: str
    caller_leg: LegId
    caller_number: str
    caller_name: str
    call_ref: str
    ring_seconds: int


class RecordingSpec(msgspec.Struct, frozen=True, kw_only=True):
    """Record a leg in two channels: left what the leg says, right what it hears. 8 kHz, 16 bit, at ``path``."""

    recording_id: UUID
    leg: LegId
    path: Path


class VoiceEngine(Protocol):
    """Driven: what we ask of a voice engine."""

    async def answer(self, leg: LegId) -> None:
        """Answer a caller's leg."""
        ...

    async def play(self, leg: LegId, playback: PlaybackId, sounds: Sequence[Path]) -> None:
        """Play sound files one after another; ``CallEvents.playback_ended`` follows once, whatever happens.

        Sounds are WAV files, 16 bit, mono, 8 kHz, by their whole path.
        """
        ...

    async def stop_playback(self, playback: PlaybackId) -> None:
        """Stop it now; nothing happens when it has ended already."""
        ...

    async def start_music(self, leg: LegId) -> None:
        """Play music on hold to a leg until ``stop_music`` or until it joins a bridge."""
        ...

    async def stop_music(self, leg: LegId) -> None:
        """Stop the music; nothing happens when none plays."""
        ...

    async def dial_agent(self, dial: AgentDial) -> None:
        """Create and ring an agent's leg. A leg id that exists already is refused, so one offer rings once.

        The leg's fate comes as ``leg_answered`` or ``leg_ended``; a phone that is not there ends ``UNREACHABLE``.
        """
        ...

    async def join(self, bridge: BridgeId, legs: Sequence[LegId]) -> None:
        """Put legs together so that they hear each other, making the bridge when it is not there.

        Music and sounds that are played to them end first, whole or not.
        """
        ...

    async def set_aside(self, bridge: BridgeId, leg: LegId) -> None:
        """Take a leg out of a bridge: it hears music, and nobody of the bridge hears it. ``join`` brings it back.

        It still belongs there: those who are left go on together with it whatever becomes of us, and the end of the
        bridge is the end of its music. Nothing happens when it stands aside already.
        """
        ...

    async def destroy_bridge(self, bridge: BridgeId) -> None:
        """End a bridge; its legs stay up and hear nothing. Nothing happens when it is gone."""
        ...

    async def start_recording(self, spec: RecordingSpec) -> None:
        """Start recording a leg."""
        ...

    async def stop_recording(self, recording_id: UUID, leg: LegId) -> None:
        """Stop it: nothing more is recorded when this returns, and the leg may be recorded anew. Ending the leg stops
        it as well."""
        ...

    async def recording_finished(self, recording_id: UUID) -> None:
        """Until the file of a recording that was stopped is complete; the longer it is, the longer that takes."""
        ...

    async def finish_recordings(self, untouched_since: datetime) -> int:
        """Complete, with or without a link to the node, the files of recordings to which nothing was written since
        then; how many. A node that never comes back leaves nothing that was said in the clear."""
        ...

    async def hang_up(self, leg: LegId, cause: EndCause = EndCause.NORMAL) -> None:
        """End a leg; nothing happens when it is gone."""
        ...

    async def hand_to_safety(self, leg: LegId) -> None:
        """Give a caller whom we cannot serve back to the safe dialplan: an honest word, another try, a polite end.

        The leg is no longer ours: ``leg_ended`` follows, though its caller may still be there. Nothing happens when
        it is gone.
        """
        ...

    async def refuse(self, leg: LegId) -> None:
        """Turn away a caller whom nobody has answered: they hear that too many call now, and pay nothing.

        The leg is no longer ours: ``leg_ended`` follows. Nothing happens when it is gone.
        """
        ...

    async def snapshot(self) -> LiveSnapshot:
        """What the node holds now."""
        ...

    async def put_endpoint(self, endpoint: str, secret: str, *, role: LegRole, number: str | None = None) -> None:
        """Make a browser phone known: an agent's, or (in the demo) a caller's. Replaces an earlier secret.

        ``endpoint`` is of letters, digits, ``_`` and ``-``. ``number`` is the caller's number of the calls it
        makes, whatever it says of itself; None withholds it. An agent's phone cannot call out.
        """
        ...

    async def remove_endpoint(self, endpoint: str) -> None:
        """Forget a browser phone; its registration ends. Nothing happens when it is unknown."""
        ...


class CallOpening(Protocol):
    """Upward: who keeps the contact that a call is.

    It joins the transaction that stores a new call, so that a call and its interaction are one fact, and it knows
    whose the call was.
    """

    async def call_opened(self, tx: Transaction, call: CallView) -> None:
        """Write what belongs to the call; raise nothing but what should undo the arrival."""
        ...

    async def check_reach(self, actor: Actor, permission: str, call_id: UUID) -> None:
        """Pass whose permission reaches the people of a call. Raises ``Forbidden`` ``outside-your-scope``."""
        ...


EntryFlows = Callable[[TenantId], Awaitable[list[FlowChoice]]]
"""Upward: the flows that are in force and that a number of a tenant may lead to, by code."""


class PhoneLines(Protocol):
    """Driving: what the way of agents' browser phones to the voice engine tells us.

    A *line* is the one connection over which a page signals for its phone. Whatever a browser phone says passes it,
    so an endpoint whose line was opened is a browser's, and a phone that has no line can end no talk properly.
    """

    def line_opened(self, endpoint: str, page: str) -> None:
        """A page has a line. ``page`` is what the page calls itself: the same when it connects again, another after
        it was loaded anew."""
        ...

    def line_closed(self, endpoint: str, page: str, *, gone: bool) -> None:
        """A line is over. ``gone``: its page went, or may not be the phone any more; else the page may come back,
        with the talk that it still carries."""
        ...


class CallEvents(Protocol):
    """Driving: what a voice engine tells us. Each method returns quickly; the events of one leg arrive in order."""

    async def call_arrived(self, call: InboundCall) -> None:
        """A caller's leg is there and unanswered."""
        ...

    async def leg_ringing(self, leg: LegId) -> None:
        """A leg that we dialled rings."""
        ...

    async def leg_answered(self, leg: LegId, at: datetime) -> None:
        """A leg that we dialled was answered."""
        ...

    async def leg_ended(self, leg: LegId, cause: EndCause, at: datetime) -> None:
        """A leg is gone. Comes once for each leg that we were told of or created."""
        ...

    async def leg_away(self, leg: LegId) -> None:
        """The safe dialplan took a caller over, unasked; they arrive again or end, as ``LiveSnapshot.away``."""
        ...

    async def key_pressed(self, leg: LegId, key: str, at: datetime) -> None:
        """A key of ``0-9*#`` from a caller. Never written to a log here: it may be part of a secret."""
        ...

    async def playback_ended(self, leg: LegId, playback: PlaybackId, *, completed: bool) -> None:
        """The sounds were played to their end, or were stopped or failed."""
        ...

    async def engine_up(self, snapshot: LiveSnapshot) -> None:
        """The link to a node is there (again); compare ``snapshot`` with what is stored."""
        ...

    async def engine_down(self, node: str, reason: str) -> None:
        """The link to a node is lost. Calls there go on by the safe dialplan."""
        ...
