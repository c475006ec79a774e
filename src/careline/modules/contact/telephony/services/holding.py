"""A caller on hold: they hear music, and their agent hears nothing of them, until the agent takes them back.

Who is on hold stands with the voice engine, so a restart of ours ends no hold; and as nothing of it is in the agent's
browser, neither does a line that is lost and found.
"""

import logging
from uuid import UUID

from careline.infra.database.database import Database
from careline.modules.contact.telephony.errors import CallGone
from careline.modules.contact.telephony.events import CallHeld, CallResumed
from careline.modules.contact.telephony.ports import LegGone, VoiceEngine
from careline.modules.contact.telephony.services.sessions import CallSession, CallSessions

logger = logging.getLogger(__name__)


class Holding:
    """Holds and resumes talks. Asked twice, or by two at once, it does it once."""

    def __init__(self, database: Database, engine: VoiceEngine, sessions: CallSessions) -> None:
        self._database = database
        self._engine = engine
        self._sessions = sessions

    async def hold(self, call_id: UUID, agent_id: UUID) -> None:
        """Let the caller hear music. Raises ``CallGone`` when this agent does not talk with them (any more)."""
        session = self._talk(call_id, agent_id)
        async with session.turn:
            if self._talk(call_id, agent_id).held:
                return
            try:
                await self._engine.set_aside(session.bridge, session.caller_leg)
            except LegGone:
                raise CallGone(call_id) from None
            if not self._talks(session, agent_id):
                # The agent's side ended meanwhile, and with it the bridge: nobody would end this hold.
                await self._engine.destroy_bridge(session.bridge)
                raise CallGone(call_id)
            session.held = True
            async with self._database.transaction(session.tenant_id) as tx:
                tx.emit(CallHeld(call_id=call_id, agent_id=agent_id), subject=call_id)

    async def resume(self, call_id: UUID, agent_id: UUID) -> None:
        """Let the two hear each other again. Raises ``CallGone`` as ``hold`` does."""
        session = self._talk(call_id, agent_id)
        async with session.turn:
            if not self._talk(call_id, agent_id).held:
                return
            try:
                await self._engine.join(session.bridge, [session.caller_leg])
            except LegGone:
                raise CallGone(call_id) from None
            if not self._talks(session, agent_id):
                await self._engine.destroy_bridge(session.bridge)
                raise CallGone(call_id)
            session.held = False
            async with self._database.transaction(session.tenant_id) as tx:
                tx.emit(CallResumed(call_id=call_id, agent_id=agent_id), subject=call_id)

    def _talk(self, call_id: UUID, agent_id: UUID) -> CallSession:
        session = self._sessions.by_call(call_id)
        if session is None or not self._talks(session, agent_id):
            raise CallGone(call_id)
        return session

    @staticmethod
    def _talks(session: CallSession, agent_id: UUID) -> bool:
        return session.connected and session.agent_id == agent_id and not session.hung_up
