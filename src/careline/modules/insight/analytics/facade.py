"""The door to analytics."""

from uuid import UUID

from careline.kernel.tenancy import Actor, TenantId
from careline.modules.core.routing.facade import Routing
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.views import EVERYBODY, Reach
from careline.modules.insight.analytics.services.floor import Floor
from careline.modules.insight.analytics.services.following import Follower
from careline.modules.insight.analytics.services.projecting import Projector
from careline.modules.insight.analytics.views import FigureEvents, FloorView, ShiftView, WallView


class Analytics:
    """The floor, the figures and the events that make them."""

    def __init__(
        self, identity: Identity, routing: Routing, floor: Floor, follower: Follower, projector: Projector
    ) -> None:
        self._identity = identity
        self._routing = routing
        self._floor = floor
        self._follower = follower
        self._projector = projector

    async def floor(self, tenant_id: TenantId, *, look_at_all: bool = True, reach: Reach = EVERYBODY) -> FloorView:
        """Queues, agents and figures now.

        Without ``look_at_all`` only those agents are looked at of whom something was heard, which is much cheaper.
        """
        return await self._floor.floor(tenant_id, look_at_all=look_at_all, reach=reach)

    async def floor_for(self, actor: Actor) -> FloorView:
        """The floor now, as far as the actor's permission reaches."""
        return await self.floor(actor.tenant_id, reach=await self.reach(actor))

    async def wall(self, tenant_id: TenantId) -> WallView:
        """The floor without people, for a screen on a wall."""
        return await self._floor.wall(tenant_id)

    async def serving(self, actor: Actor, queue_id: UUID) -> list[UUID]:
        """The agents who may serve a queue, as far as the actor sees them. Raises ``queue-not-found``."""
        serving = self._routing.serving(actor.tenant_id, queue_id)
        reach = await self.reach(actor)
        if reach.everybody:
            return serving
        seen = {agent.id for agent in (await self.floor(actor.tenant_id, look_at_all=False, reach=reach)).agents}
        return [agent_id for agent_id in serving if agent_id in seen]

    async def reach(self, actor: Actor) -> Reach:
        """Whom of the floor somebody sees. Raises ``Forbidden``."""
        return await self._identity.reach(actor, "floor:view")

    async def shift_on_floor(self, actor: Actor, agent_id: UUID) -> ShiftView:
        """The day so far of an agent whom the actor sees on the floor. Raises ``Forbidden``, ``NotFound``."""
        await self._identity.check_reach(actor, agent_id, "floor:view")
        await self._routing.agent_state(actor.tenant_id, agent_id)
        return await self.shift(actor.tenant_id, agent_id)

    def heard_of(self, tenant_id: TenantId, agent_id: UUID) -> None:
        """Something has happened to an agent."""
        self._floor.heard_of(tenant_id, agent_id)

    async def shift(self, tenant_id: TenantId, agent_id: UUID) -> ShiftView:
        """One agent's day so far, in the tenant's zone."""
        return await self._floor.shift(tenant_id, agent_id)

    async def figure_events(
        self, tenant_id: TenantId, code: str, *, window: str = "today", after: str | None = None, limit: int = 100
    ) -> FigureEvents:
        """A page of the events that make a figure, in the order of the log.

        Raises ``figure-not-found``, ``window-unknown`` and ``position-unknown``.
        """
        return await self._follower.events(tenant_id, code, window=window, after=after, limit=limit)

    async def catch_up(self) -> None:
        """Read the log to its present end now, for who cannot wait the moment in which facts are gathered."""
        await self._projector.catch_up()

    async def rebuild(self) -> None:
        """Work all facts out anew from the log; figures are incomplete meanwhile."""
        await self._projector.rebuild()

    async def start(self) -> None:
        """Read what the log got while nobody read it, and go on reading."""
        await self._projector.start()

    async def stop(self) -> None:
        """Stop reading."""
        await self._projector.stop()
