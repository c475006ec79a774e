"""A ``CallEvents`` that remembers what it was told, for asserting on a voice engine."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from careline.modules.contact.telephony.ports import (
    EndCause,
    InboundCall,
    LegId,
    LiveSnapshot,
    PlaybackId,
)
from tests.support.waiting import PATIENCE_S


@dataclass(frozen=True)
class Told:
    """One thing that was told: its kind (the method's name), the leg it is about, and the rest."""

    kind: str
    leg: LegId | None = None
    detail: object = None


@dataclass
class Heard:
    """Remembers everything in the order it came; ``wait`` waits for one that fits."""

    told: list[Told] = field(default_factory=list)
    calls: list[InboundCall] = field(default_factory=list)
    snapshots: list[LiveSnapshot] = field(default_factory=list)

    def of(self, leg: LegId) -> list[Told]:
        """Everything about one leg, in order."""
        return [one for one in self.told if one.leg == leg]

    def kinds(self, leg: LegId) -> list[str]:
        """The kinds of everything about one leg, in order."""
        return [one.kind for one in self.of(leg)]

    def keys(self, leg: LegId) -> str:
        """The keys that came from a leg, in order."""
        return "".join(str(one.detail) for one in self.of(leg) if one.kind == "key_pressed")

    async def wait(self, kind: str, leg: LegId | None = None, *, count: int = 1, within: float = PATIENCE_S) -> Told:
        """The ``count``-th thing of a kind (about a leg); fails with everything told when it does not come."""

        def found() -> list[Told]:
            return [one for one in self.told if one.kind == kind and leg in (None, one.leg)]

        await self.until(lambda: len(found()) >= count, f"{kind} of {leg}", within=within)
        return found()[count - 1]

    async def until(self, true: Callable[[], bool], what: str, *, within: float = PATIENCE_S) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + within
        while not true():
            if time.monotonic() > deadline:
                raise AssertionError(f"no {what} within {within} s; told: {self.told}")
            await asyncio.sleep(0.005)

    async def call_arrived(self, call: InboundCall) -> None:
        self.calls.append(call)
        self.told.append(Told("call_arrived", call.leg, call))

    async def leg_ringing(self, leg: LegId) -> None:
        self.told.append(Told("leg_ringing", leg))

    async def leg_answered(self, leg: LegId, at: datetime) -> None:
        assert at.tzinfo is not None
        self.told.append(Told("leg_answered", leg))

    async def leg_ended(self, leg: LegId, cause: EndCause, at: datetime) -> None:
        assert at.tzinfo is not None
        self.told.append(Told("leg_ended", leg, cause))

    async def leg_away(self, leg: LegId) -> None:
        self.told.append(Told("leg_away", leg))

    async def key_pressed(self, leg: LegId, key: str, at: datetime) -> None:
        self.told.append(Told("key_pressed", leg, key))

    async def playback_ended(self, leg: LegId, playback: PlaybackId, *, completed: bool) -> None:
        self.told.append(Told("playback_ended", leg, (playback, completed)))

    async def engine_up(self, snapshot: LiveSnapshot) -> None:
        self.snapshots.append(snapshot)
        self.told.append(Told("engine_up", None, snapshot))

    async def engine_down(self, node: str, reason: str) -> None:
        self.told.append(Told("engine_down", None, node))


@dataclass
class HeardLines:
    """A ``PhoneLines`` that remembers: page, and whether it opened, closed, or went."""

    told: list[tuple[str, str, str]] = field(default_factory=list)

    def line_opened(self, endpoint: str, page: str) -> None:
        self.told.append((endpoint, page, "opened"))

    def line_closed(self, endpoint: str, page: str, *, gone: bool) -> None:
        self.told.append((endpoint, page, "gone" if gone else "closed"))
