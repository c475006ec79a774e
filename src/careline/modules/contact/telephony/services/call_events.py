"""What the voice engine tells us, handed to the use case that it concerns."""

import asyncio
import logging
from datetime import datetime

from careline.modules.contact.telephony.ports import (
    EndCause,
    InboundCall,
    LegId,
    LiveSnapshot,
    PlaybackId,
)
from careline.modules.contact.telephony.services.arrival import Arrivals
from careline.modules.contact.telephony.services.reconciling import Reconciler
from careline.modules.contact.telephony.services.ringing import Ringing
from careline.modules.contact.telephony.services.sessions import CallSessions
from careline.modules.contact.telephony.services.softphones import Softphones
from careline.modules.contact.telephony.views import KeyPressed, PlaybackEnded

logger = logging.getLogger(__name__)


class EngineListener:
    """Implements ``CallEvents``."""

    def __init__(
        self,
        sessions: CallSessions,
        arrivals: Arrivals,
        ringing: Ringing,
        reconciler: Reconciler,
        softphones: Softphones,
    ) -> None:
        self._sessions = sessions
        self._arrivals = arrivals
        self._ringing = ringing
        self._reconciler = reconciler
        self._softphones = softphones
        self._comparing = asyncio.Lock()
        self.down_because: str | None = "not connected yet"

    async def call_arrived(self, call: InboundCall) -> None:
        await self._compared()
        await self._arrivals.arrived(call)

    async def leg_ringing(self, leg: LegId) -> None:
        """Nothing to do: the offer told the desk already."""

    async def leg_answered(self, leg: LegId, at: datetime) -> None:
        session = self._sessions.by_leg(leg)
        if session is not None and session.agent_leg == leg:
            await self._ringing.answered(session, leg, at)

    async def leg_ended(self, leg: LegId, cause: EndCause, at: datetime) -> None:
        await self._compared()
        session = self._sessions.by_leg(leg)
        if session is None:
            return
        if session.caller_leg == leg:
            await self._arrivals.caller_gone(session, cause, at)
        else:
            await self._ringing.agent_leg_ended(session, leg, cause)

    async def leg_away(self, leg: LegId) -> None:
        await self._compared()
        session = self._sessions.by_leg(leg)
        if session is not None and session.caller_leg == leg:
            await self._arrivals.caller_away(session)

    async def key_pressed(self, leg: LegId, key: str, at: datetime) -> None:
        session = self._sessions.by_leg(leg)
        if session is not None and session.caller_leg == leg:
            session.signals.put_nowait(KeyPressed(key=key, at=at))

    async def playback_ended(self, leg: LegId, playback: PlaybackId, *, completed: bool) -> None:
        session = self._sessions.by_leg(leg)
        if session is not None and session.caller_leg == leg:
            session.signals.put_nowait(PlaybackEnded(playback=playback, completed=completed))

    async def engine_up(self, snapshot: LiveSnapshot) -> None:
        async with self._comparing:
            await self._arrivals.load_numbers()
            await self._softphones.push_all()
            await self._reconciler.reconcile(snapshot)
        self.down_because = None

    async def engine_down(self, node: str, reason: str) -> None:
        logger.warning("voice node %s is away: %s", node, reason)
        self.down_because = reason

    async def _compared(self) -> None:
        """Legs come and go after the snapshot: what they mean is known once it was compared with what is stored."""
        if self._comparing.locked():
            async with self._comparing:
                pass
