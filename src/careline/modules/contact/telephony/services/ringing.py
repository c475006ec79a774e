"""An offer of a call rings an agent's phone; the answered phone is the acceptance."""

import logging
from datetime import datetime
from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.errors import AdapterFailure, DomainError
from careline.kernel.events import Recorded
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony import repository
from careline.modules.contact.telephony.events import CallConnected
from careline.modules.contact.telephony.ports import AgentDial, EndCause, LegId, VoiceEngine
from careline.modules.contact.telephony.rules import talk_broke
from careline.modules.contact.telephony.services.lines import Lines
from careline.modules.contact.telephony.services.owed import Owed
from careline.modules.contact.telephony.services.passing import Passing
from careline.modules.contact.telephony.services.recording import Recorder
from careline.modules.contact.telephony.services.sessions import CallSession, CallSessions
from careline.modules.contact.telephony.views import AgentLeft, Connected
from careline.modules.core.routing.events import OfferEnded, OfferMade
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import Media
from careline.modules.directory.customers.views import mask_number
from careline.modules.directory.people.events import AgentChanged
from careline.modules.directory.people.facade import People

logger = logging.getLogger(__name__)

_DECLINED = frozenset({EndCause.BUSY, EndCause.REJECTED, EndCause.NORMAL})


def rings(offer: OfferMade | OfferEnded) -> bool:
    """Whether a phone begins or stops to ring by this: not for chats, nor when the phone was picked up."""
    return offer.media is Media.VOICE and (isinstance(offer, OfferMade) or offer.cause != "accepted")


class Ringing:
    """Dials agents for offers, and brings caller and agent together."""

    def __init__(
        self,
        database: Database,
        engine: VoiceEngine,
        routing: Routing,
        people: People,
        sessions: CallSessions,
        recorder: Recorder,
        lines: Lines,
        owed: Owed,
        passing: Passing,
    ) -> None:
        self._database = database
        self._engine = engine
        self._routing = routing
        self._people = people
        self._sessions = sessions
        self._recorder = recorder
        self._lines = lines
        self._owed = owed
        self._passing = passing
        self._endpoints: dict[UUID, str] = {}
        self._read: set[TenantId] = set()

    async def agent_changed(self, event: AgentChanged, _recorded: Recorded) -> None:
        """Forget where an agent's phone was."""
        self._endpoints.pop(event.agent_id, None)

    async def offer_changed(self, offer: OfferMade | OfferEnded, recorded: Recorded) -> None:
        """Ring, or stop ringing. Of offers that ``rings`` wants."""
        if isinstance(offer, OfferMade):
            await self._offer_made(offer, recorded)
        else:
            await self._offer_ended(offer)

    async def _offer_made(self, offer: OfferMade, recorded: Recorded) -> None:
        """Ring the agent. A caller who has left meanwhile is withdrawn, so that nothing rings for nobody."""
        session = self._sessions.by_call(offer.interaction_id)
        if session is None:
            await self._routing.withdraw(recorded.tenant_id, offer.interaction_id)
            return
        if session.agent_leg == str(offer.offer_id):
            return
        await self._passing.let_go(session)  # who is offered is with nobody: their agent has passed them on
        endpoint = await self._endpoint(recorded.tenant_id, offer.agent_id)
        self._sessions.attach_agent(session, offer.offer_id, offer.agent_id, endpoint)
        dial = AgentDial(
            leg=LegId(str(offer.offer_id)),
            endpoint=endpoint,
            caller_leg=session.caller_leg,
            caller_number=mask_number(session.caller_number) if session.caller_number else "anonymous",
            caller_name="Careline",
            call_ref=str(session.call_id),
            ring_seconds=offer.ring_seconds,
        )
        try:
            await self._engine.dial_agent(dial)
        except AdapterFailure as failure:
            logger.warning("agent %s could not be dialled: %s", offer.agent_id, failure.reason)
            self._sessions.detach_agent(session)
            await self._routing.fault(recorded.tenant_id, offer.offer_id)

    async def _endpoint(self, tenant_id: TenantId, agent_id: UUID) -> str:
        """Where an agent's phone is. Remembered, all of a tenant at once: a caller waits while it is looked up."""
        if tenant_id not in self._read:
            self._read.add(tenant_id)
            for agent in await self._people.agents(tenant_id):
                self._endpoints[agent.id] = agent.endpoint
        if agent_id not in self._endpoints:
            self._endpoints[agent_id] = (await self._people.agent(tenant_id, agent_id)).endpoint
        return self._endpoints[agent_id]

    async def _offer_ended(self, offer: OfferEnded) -> None:
        leg = LegId(str(offer.offer_id))
        session = self._sessions.by_leg(leg)
        if session is not None and session.offer_id == offer.offer_id and not session.connected:
            self._sessions.detach_agent(session)
        await self._engine.hang_up(leg)

    async def answered(self, session: CallSession, leg: LegId, at: datetime) -> None:
        """The agent picked up: claim the offer, then let the two hear each other."""
        offer_id, agent_id = session.offer_id, session.agent_id
        if offer_id is None or agent_id is None or str(offer_id) != leg:
            await self._engine.hang_up(leg)
            return
        try:
            await self._routing.accept(session.tenant_id, offer_id, agent_id=agent_id, token=None)
        except DomainError as refused:
            logger.info("answered offer %s was over: %s", offer_id, refused.code)
            self._sessions.detach_agent(session)
            await self._engine.hang_up(leg)
            return
        if self._sessions.by_call(session.call_id) is not session or session.away:
            # The caller left while the offer was being claimed.
            await self._engine.hang_up(leg)
            await self._routing.withdraw(session.tenant_id, session.call_id)
            return
        session.connected = True
        session.by_browser = self._lines.is_browser(session.endpoint)
        try:
            await self._engine.join(session.bridge, [session.caller_leg, leg])
        except AdapterFailure as failure:
            logger.warning("call %s could not be bridged: %s", session.call_id, failure.reason)
            await self._engine.hang_up(leg, EndCause.FAILED)
            return
        async with self._database.transaction(session.tenant_id) as tx:
            await repository.connect_call(tx, session.call_id, offer_id=offer_id, agent_id=agent_id, at=at)
            tx.emit(CallConnected(call_id=session.call_id, agent_id=agent_id), subject=session.call_id)
        session.signals.put_nowait(Connected(agent_id=agent_id))
        await self._recorder.start(session)

    async def agent_leg_ended(self, session: CallSession, leg: LegId, cause: EndCause) -> None:
        """The agent's leg is gone: not taken, or hung up after talking."""
        offer_id, agent_id = session.offer_id, session.agent_id
        connected, asked, by_browser = session.connected, session.hung_up, session.by_browser
        self._sessions.detach_agent(session)
        if offer_id is None or agent_id is None:
            return
        if connected:
            browser = by_browser or self._lines.is_browser(await self._endpoint(session.tenant_id, agent_id))
            lost = talk_broke(normal=cause is EndCause.NORMAL, asked=asked, browser=browser)
            await self._agent_left(session, agent_id, lost=lost)
        else:
            await self._not_taken(session, offer_id, agent_id, cause)

    async def _not_taken(self, session: CallSession, offer_id: UUID, agent_id: UUID, cause: EndCause) -> None:
        try:
            if cause in _DECLINED:
                await self._routing.decline(session.tenant_id, offer_id, agent_id=agent_id, token=None)
            elif cause is EndCause.NO_ANSWER:
                await self._routing.decline(session.tenant_id, offer_id, agent_id=agent_id, token=None, cause="expired")
            else:
                await self._routing.fault(session.tenant_id, offer_id)
        except DomainError as refused:
            logger.debug("offer %s was over already: %s", offer_id, refused.code)

    async def _agent_left(self, session: CallSession, agent_id: UUID, *, lost: bool) -> None:
        self._recorder.stop(session)
        try:
            await self._engine.destroy_bridge(session.bridge)
        except AdapterFailure as failure:
            logger.warning("the bridge of call %s could not be ended: %s", session.call_id, failure.reason)

        async def ended() -> None:
            async with self._database.transaction(session.tenant_id) as tx:
                await repository.disconnect_agent(tx, session.call_id)
            await self._routing.finish(session.tenant_id, session.call_id)

        await self._owed.do(f"the end of a talk in call {session.call_id}", ended)
        session.signals.put_nowait(AgentLeft(agent_id=agent_id, lost=lost))
