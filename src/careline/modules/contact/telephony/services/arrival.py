"""A call arrives and, in the end, is gone."""

import asyncio
import logging
from datetime import datetime

from careline.infra.database.database import Database
from careline.infra.telemetry.load import Load
from careline.kernel.errors import AdapterFailure
from careline.kernel.ids import new_id
from careline.modules.contact.telephony import repository
from careline.modules.contact.telephony.events import CallArrived, CallEnded, CallRecovered
from careline.modules.contact.telephony.ports import CallOpening, EndCause, InboundCall, VoiceEngine
from careline.modules.contact.telephony.services.entries import Entries
from careline.modules.contact.telephony.services.owed import Owed
from careline.modules.contact.telephony.services.recording import Recorder
from careline.modules.contact.telephony.services.sessions import CallSession, CallSessions
from careline.modules.contact.telephony.views import CallerGone, CallState, CallView
from careline.modules.core.routing.facade import Routing

logger = logging.getLogger(__name__)


class Arrivals:
    """Stores calls that arrive and closes calls that are over."""

    def __init__(
        self,
        database: Database,
        engine: VoiceEngine,
        routing: Routing,
        opening: CallOpening,
        sessions: CallSessions,
        recorder: Recorder,
        load: Load,
        entries: Entries,
        owed: Owed,
    ) -> None:
        self._database = database
        self._engine = engine
        self._routing = routing
        self._opening = opening
        self._sessions = sessions
        self._recorder = recorder
        self._load = load
        self._entries = entries
        self._owed = owed

    async def load_numbers(self) -> None:
        """Read the numbers anew; a call to one that is not there is refused."""
        await self._entries.load()

    async def arrived(self, inbound: InboundCall) -> None:
        """Store the call and its interaction as one fact; what cannot be stored goes to the safe dialplan.

        While everything is late a newcomer is turned away before any work is done for them. Who was answered before
        is none: they were told to wait, and it would cost them.
        """
        known = self._sessions.by_leg(inbound.leg)
        if known is not None and known.away:
            # The same call goes on, at the step that it was at.
            known.away = False
            await self.recovered(known, connected=False)
            return
        if known is not None:
            # Handed to the safe dialplan by us, who could not serve them: what was before is over.
            await self.caller_gone(known, EndCause.FAILED, inbound.arrived_at)
        number = await self._entries.find(inbound.called_number, inbound.arrived_at)
        if number is None:
            logger.info("call to an unknown number refused", extra={"trunk": inbound.trunk})
            await self._engine.hang_up(inbound.leg, EndCause.UNREACHABLE)
            return
        if not inbound.answered and not self._load.admits():
            await self._engine.refuse(inbound.leg)
            return
        call = CallView(
            id=new_id(),
            tenant_id=number.tenant_id,
            node=inbound.node,
            called_number=number.number,
            caller_number=inbound.caller_number,
            entry_flow=await self._entries.flow_for(number, inbound.caller_number, inbound.arrived_at),
            state=CallState.WAITING,
            arrived_at=inbound.arrived_at,
        )
        session = CallSession(call.tenant_id, call.id, inbound.leg, inbound.caller_number, call.entry_flow)
        try:
            await self._routing.ensure_open(call.tenant_id)
            async with self._database.transaction(call.tenant_id) as tx:
                await repository.insert_call(tx, call, inbound.leg)
                tx.emit(CallArrived(call_id=call.id, node=call.node, called_number=call.called_number), subject=call.id)
                await self._opening.call_opened(tx, call)
                tx.on_commit(lambda: self._sessions.add(session))
        except Exception:
            logger.exception("a call could not be stored; it is handed to the safe dialplan")
            await self._engine.hand_to_safety(inbound.leg)

    async def recovered(self, session: CallSession, *, connected: bool) -> None:
        """A caller of before our start is with us (again); tell whoever runs flows."""
        async with self._database.transaction(session.tenant_id) as tx:
            if not connected:
                await repository.disconnect_agent(tx, session.call_id)
            tx.emit(CallRecovered(call_id=session.call_id, connected=connected), subject=session.call_id)

    async def caller_away(self, session: CallSession) -> None:
        """The safe dialplan keeps a caller company for a while; nobody is rung for them, and they keep their place."""
        session.away = True
        agent_leg = session.agent_leg
        self._sessions.detach_agent(session)
        if not await self._routing.park(session.tenant_id, session.call_id):
            await self._routing.finish(session.tenant_id, session.call_id)
        if agent_leg is not None:
            await self._engine.hang_up(agent_leg)
        await self._engine.destroy_bridge(session.bridge)
        self._recorder.stop(session)

    async def caller_gone(self, session: CallSession, cause: EndCause, at: datetime) -> None:
        """Stop everything that runs for a caller who is not there any more, then store the end."""
        agent_leg = session.agent_leg
        by = session.ending_by or "caller"
        self._sessions.remove(session)
        session.signals.put_nowait(CallerGone())
        try:
            if agent_leg is not None:
                await self._engine.hang_up(agent_leg)
            await self._engine.destroy_bridge(session.bridge)
        except AdapterFailure as failure:
            # What is left on the node is found when it is compared; that the call is over must be stored now, or its
            # agent would never be free again.
            logger.warning("what call %s left could not be ended: %s", session.call_id, failure.reason)
        self._recorder.stop(session)

        async def ended() -> None:
            # Stored in this order, and with one commit.
            await asyncio.gather(
                self._routing.withdraw(session.tenant_id, session.call_id),
                self.store_end(session, cause.value, by, at),
            )

        await self._owed.do(f"the end of call {session.call_id}", ended)

    async def store_end(self, session: CallSession, cause: str, by: str, at: datetime) -> None:
        """Store that a call is over, once."""
        async with self._database.transaction(session.tenant_id) as tx:
            if await repository.end_call(tx, session.call_id, at):
                tx.emit(CallEnded(call_id=session.call_id, cause=cause, by=by), subject=session.call_id)
