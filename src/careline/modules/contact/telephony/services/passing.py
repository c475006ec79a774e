"""A talk that its agent passed on: their side is over, and the caller waits for another one."""

import logging
from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.errors import AdapterFailure
from careline.modules.contact.telephony import repository
from careline.modules.contact.telephony.ports import VoiceEngine
from careline.modules.contact.telephony.services.recording import Recorder
from careline.modules.contact.telephony.services.sessions import CallSession, CallSessions
from careline.modules.contact.telephony.views import PassedOn

logger = logging.getLogger(__name__)


class Passing:
    """Lets an agent go whom routing has released already. What was recorded so far is a recording of its own."""

    def __init__(self, database: Database, engine: VoiceEngine, sessions: CallSessions, recorder: Recorder) -> None:
        self._database = database
        self._engine = engine
        self._sessions = sessions
        self._recorder = recorder

    async def by_agent(self, call_id: UUID, agent_id: UUID) -> None:
        """The agent has passed the call on. Nothing happens when they do not talk with the caller any more."""
        session = self._sessions.by_call(call_id)
        if session is not None and session.agent_id == agent_id:
            await self.let_go(session)

    async def let_go(self, session: CallSession) -> None:
        """End the agent's side of a talk; the flow hears that the caller waits. Once, whoever says so first."""
        leg, agent_id = session.agent_leg, session.agent_id
        if not _talks(session) or leg is None or agent_id is None:
            return
        self._sessions.detach_agent(session)  # so that the end of the leg is nobody's end of the talk
        try:
            await self._engine.destroy_bridge(session.bridge)
            await self._engine.hang_up(leg)
        except AdapterFailure as failure:
            # The leg is nobody's any more: it is ended when the node is compared.
            logger.warning("the talk of call %s was not ended: %s", session.call_id, failure.reason)
        session.signals.put_nowait(PassedOn(agent_id=agent_id))
        self._recorder.stop(session)
        if not _talks(session):  # else the next agent was quicker, and stands there by now
            async with self._database.transaction(session.tenant_id) as tx:
                await repository.disconnect_agent(tx, session.call_id)


def _talks(session: CallSession) -> bool:
    return session.connected
