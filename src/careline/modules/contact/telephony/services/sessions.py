"""The calls that this process holds, in memory: which legs belong to which call, and what a flow is waiting to hear.

Nothing here matters after a crash: it is rebuilt from the stored calls and the voice node (see ``reconcile``).
"""

import asyncio
from collections.abc import Iterator
from uuid import UUID

from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony.ports import BridgeId, LegId
from careline.modules.contact.telephony.views import Signal


class CallSession:
    """One call while it lives. ``offer_id`` is set from the moment an agent's phone is dialled.

    ``away``: the safe dialplan keeps the caller company, and they come back to us within seconds.
    ``by_browser``: the agent talks by a browser's phone. ``hung_up``: the agent asked us to end their side. ``held``:
    they have put the caller on hold. ``turn`` is held by whoever changes who hears whom because a person asked for it.
    """

    def __init__(
        self, tenant_id: TenantId, call_id: UUID, caller_leg: LegId, caller_number: str | None, entry_flow: str
    ) -> None:
        self.tenant_id = tenant_id
        self.call_id = call_id
        self.caller_leg = caller_leg
        self.caller_number = caller_number
        self.entry_flow = entry_flow
        self.offer_id: UUID | None = None
        self.agent_id: UUID | None = None
        self.connected = False
        self.hung_up = False
        self.held = False
        self.turn = asyncio.Lock()
        self.by_browser = False
        self.endpoint = ""
        self.away = False
        self.recording_allowed = False
        self.recording_id: UUID | None = None
        self.recording_stops: asyncio.Task[None] | None = None
        self.ending_by: str | None = None
        self.signals: asyncio.Queue[Signal] = asyncio.Queue()

    @property
    def bridge(self) -> BridgeId:
        """The bridge in which caller and agent meet; one a call, so its id follows from the call's."""
        return BridgeId(f"call-{self.call_id}")

    @property
    def agent_leg(self) -> LegId | None:
        """The leg of the agent who is rung or talks; its id is the offer's."""
        return None if self.offer_id is None else LegId(str(self.offer_id))

    def forget_agent(self) -> None:
        """No agent is rung or connected any more."""
        self.offer_id = self.agent_id = None
        self.connected = self.hung_up = self.held = self.by_browser = False


class CallSessions:
    """Finds a session by call or by any of its legs."""

    def __init__(self) -> None:
        self._by_call: dict[UUID, CallSession] = {}
        self._by_leg: dict[LegId, CallSession] = {}

    def __iter__(self) -> Iterator[CallSession]:
        return iter(list(self._by_call.values()))

    def __len__(self) -> int:
        return len(self._by_call)

    def add(self, session: CallSession) -> None:
        """Hold a call that has arrived or was taken up again."""
        self._by_call[session.call_id] = session
        self._by_leg[session.caller_leg] = session
        if session.agent_leg is not None:
            self._by_leg[session.agent_leg] = session

    def by_call(self, call_id: UUID) -> CallSession | None:
        """The session of a call; None when it has ended or is held elsewhere."""
        return self._by_call.get(call_id)

    def by_leg(self, leg: LegId) -> CallSession | None:
        """The session that a caller's or agent's leg belongs to."""
        return self._by_leg.get(leg)

    def of_agent(self, tenant_id: TenantId, agent_id: UUID) -> list[CallSession]:
        """The sessions in which this agent is rung or talks."""
        return [one for one in self if one.agent_id == agent_id and one.tenant_id == tenant_id]

    def attach_agent(self, session: CallSession, offer_id: UUID, agent_id: UUID, endpoint: str = "") -> None:
        """An agent's phone is being dialled for this call. Who is found in a talk has an endpoint that is not known."""
        session.offer_id, session.agent_id, session.endpoint = offer_id, agent_id, endpoint
        self._by_leg[LegId(str(offer_id))] = session

    def detach_agent(self, session: CallSession) -> None:
        """The agent's leg is gone or not wanted any more."""
        if session.agent_leg is not None:
            self._by_leg.pop(session.agent_leg, None)
        session.forget_agent()

    def remove(self, session: CallSession) -> None:
        """The call is over."""
        self._by_call.pop(session.call_id, None)
        self._by_leg.pop(session.caller_leg, None)
        self.detach_agent(session)
