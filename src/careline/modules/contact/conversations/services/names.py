"""Names for ids, as screens need them, remembered for a moment."""

from uuid import UUID

import msgspec

from careline.kernel.clock import Clock
from careline.kernel.errors import NotFound
from careline.kernel.events import Recorded
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.views import Named
from careline.modules.core.routing.facade import Routing
from careline.modules.directory.identity.events import UserChanged
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.people.facade import People

REMEMBERED_S = 30.0


class AgentName(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent is called, and the number that customers are told."""

    name: str
    number: str


class Names:
    """Looks up what people and queues are called."""

    def __init__(self, clock: Clock, people: People, identity: Identity, routing: Routing) -> None:
        self._clock = clock
        self._people = people
        self._identity = identity
        self._routing = routing
        self._agents: dict[tuple[TenantId, UUID], tuple[float, AgentName | None]] = {}
        self._others: dict[tuple[TenantId, UUID], tuple[float, str | None]] = {}

    async def agent(self, tenant_id: TenantId, agent_id: UUID) -> AgentName | None:
        """An agent's name and number; None when there is no such agent any more."""
        until, known = self._agents.get((tenant_id, agent_id), (0.0, None))
        if until > self._clock.monotonic():
            return known
        try:
            view = await self._people.agent(tenant_id, agent_id)
            known = AgentName(name=view.display_name, number=view.number)
        except NotFound:
            known = None
        self._agents[tenant_id, agent_id] = (self._clock.monotonic() + REMEMBERED_S, known)
        return known

    async def of(self, tenant_id: TenantId, user_id: UUID | None) -> str | None:
        """The name of an agent, or of one of us who is no agent, as supervisors may be; None for nobody."""
        if user_id is None:
            return None
        found = await self.agent(tenant_id, user_id)
        return await self._other(tenant_id, user_id) if found is None else found.name

    async def _other(self, tenant_id: TenantId, user_id: UUID) -> str | None:
        until, known = self._others.get((tenant_id, user_id), (0.0, None))
        if until <= self._clock.monotonic():
            user = await self._identity.user(tenant_id, user_id)
            known = None if user is None else user.display_name
            self._others[tenant_id, user_id] = (self._clock.monotonic() + REMEMBERED_S, known)
        return known

    async def changed(self, event: UserChanged, recorded: Recorded) -> None:
        """Somebody may be called otherwise from now on."""
        key = recorded.tenant_id, event.user_id
        self._agents.pop(key, None)
        self._others.pop(key, None)

    def queue(self, tenant_id: TenantId, queue_id: UUID | None) -> Named | None:
        """A queue with its name; None for none."""
        if queue_id is None:
            return None
        return next(
            (Named(id=queue.id, name=queue.name) for queue in self._routing.queues(tenant_id) if queue.id == queue_id),
            None,
        )
