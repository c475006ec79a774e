"""After either side restarted: every stored call and every live leg gets its match, a person, or a polite end."""

import logging
from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.clock import Clock
from careline.kernel.errors import AdapterFailure
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony import repository
from careline.modules.contact.telephony.ports import (
    BridgeId,
    EndCause,
    LegId,
    LegRole,
    LegState,
    LiveLeg,
    LiveSnapshot,
    VoiceEngine,
)
from careline.modules.contact.telephony.services.arrival import Arrivals
from careline.modules.contact.telephony.services.recording import Recorder
from careline.modules.contact.telephony.services.sessions import CallSession, CallSessions
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import MediumState

logger = logging.getLogger(__name__)


class Reconciler:
    """Compares what is stored with what a voice node holds."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        engine: VoiceEngine,
        routing: Routing,
        sessions: CallSessions,
        arrivals: Arrivals,
        recorder: Recorder,
    ) -> None:
        self._database = database
        self._clock = clock
        self._engine = engine
        self._routing = routing
        self._sessions = sessions
        self._arrivals = arrivals
        self._recorder = recorder

    async def reconcile(self, snapshot: LiveSnapshot) -> None:
        """Take up what lives, end what is gone, hang up what belongs to nobody."""
        live = {item.leg: item for item in snapshot.legs}
        async with self._database.system_reading() as reading:
            stored = await repository.open_calls(reading, snapshot.node)
        for call in stored:
            session = self._sessions.by_call(call.view.id)
            if call.caller_leg in snapshot.away:
                await self._went_away(call, session)
            elif call.caller_leg not in live:
                await self._end_vanished(call)
            elif session is None:
                await self._take_up(call, live)
        await self._release_orphans(snapshot)
        logger.info("%d live calls after comparing with node %s", len(self._sessions), snapshot.node)

    async def _end_vanished(self, call: repository.OpenCall) -> None:
        """The caller hung up while one side was away."""
        now = self._clock.now()
        session = self._sessions.by_call(call.view.id)
        if session is not None:
            session.ending_by = session.ending_by or "unknown"
            await self._arrivals.caller_gone(session, EndCause.NORMAL, now)
            return
        tenant_id = call.view.tenant_id
        await self._routing.withdraw(tenant_id, call.view.id)
        await self._close_recordings(call, tenant_id)
        gone = CallSession(tenant_id, call.view.id, call.caller_leg, None, call.view.entry_flow)
        await self._arrivals.store_end(gone, EndCause.NORMAL.value, "unknown", now)

    async def _went_away(self, call: repository.OpenCall, session: CallSession | None) -> None:
        """The safe dialplan keeps the caller company; they come back to us within seconds."""
        if session is None:
            session = self._session(call)
            session.away = True
            self._sessions.add(session)
            await self._without_agent(call)
        elif not session.away:
            await self._arrivals.caller_away(session)

    async def _take_up(self, call: repository.OpenCall, live: dict[LegId, LiveLeg]) -> None:
        session = self._session(call)
        agent = live.get(LegId(str(call.offer_id))) if call.offer_id is not None else None
        talking = agent is not None and agent.state is LegState.UP and agent.bridge == session.bridge
        mine = self._routing.assignment(call.view.tenant_id, call.view.id)
        if mine is None or mine.agent_id != call.agent_id or mine.state is MediumState.AFTER_CONTACT_WORK:
            talking = False  # their agent was just passing them on
        self._sessions.add(session)
        if talking and call.offer_id is not None and call.agent_id is not None:
            self._sessions.attach_agent(session, call.offer_id, call.agent_id)
            session.connected = True
            session.held = live[call.caller_leg].aside
            await self._resume_recording(session)
            await self._arrivals.recovered(session, connected=True)
            return
        await self._without_agent(call)
        await self._arrivals.recovered(session, connected=False)

    def _session(self, call: repository.OpenCall) -> CallSession:
        view = call.view
        session = CallSession(view.tenant_id, view.id, call.caller_leg, view.caller_number, view.entry_flow)
        session.recording_allowed = call.recording_allowed
        return session

    async def _without_agent(self, call: repository.OpenCall) -> None:
        """If there was an agent, they were lost while we were away: their side is over, the caller's is not."""
        view = call.view
        await self._close_recordings(call, view.tenant_id)
        if self._routing.assignment(view.tenant_id, view.id) is not None:
            await self._routing.finish(view.tenant_id, view.id)

    async def _resume_recording(self, session: CallSession) -> None:
        for item in await self._recorder.of_call(session.tenant_id, session.call_id):
            if item.state == "recording":
                # Asterisk's own recording went on without us.
                session.recording_id = item.id

    async def _close_recordings(self, call: repository.OpenCall, tenant_id: TenantId) -> None:
        for item in await self._recorder.of_call(tenant_id, call.view.id):
            if item.state == "recording":
                await self._stop_quietly(item.id, call.caller_leg)
                await self._recorder.close(tenant_id, call.view.id, item.id)

    async def _stop_quietly(self, recording_id: UUID, leg: LegId) -> None:
        try:
            await self._engine.stop_recording(recording_id, leg)
        except AdapterFailure as failure:
            logger.info("recording %s was over: %s", recording_id, failure.reason)

    async def _release_orphans(self, snapshot: LiveSnapshot) -> None:
        """Nothing rings for nobody, and no caller is left in a call that nobody knows."""
        for item in snapshot.legs:
            if self._sessions.by_leg(item.leg) is not None:
                continue
            if item.role is LegRole.AGENT:
                await self._engine.hang_up(item.leg)
            else:
                await self._engine.hand_to_safety(item.leg)
        known: set[BridgeId] = {session.bridge for session in self._sessions}
        for bridge in snapshot.bridges:
            if bridge not in known:
                await self._engine.destroy_bridge(bridge)
