"""The door to analytics."""

from uuid import UUID

from careline.kernel.tenancy import TenantId
from careline.modules.insight.analytics.services.floor import Floor
from careline.modules.insight.analytics.services.following import Follower
from careline.modules.insight.analytics.services.projecting import Projector
from careline.modules.insight.analytics.views import FigureEvents, FloorView, ShiftView


class Analytics:
    """The floor, the figures and the events that make them."""

    def __init__(self, floor: Floor, follower: Follower, projector: Projector) -> None:
        self._floor = floor
        self._follower = follower
        self._projector = projector

    async def floor(self, tenant_id: TenantId, *, look_at_all: bool = True) -> FloorView:
        """Queues, agents and figures now.

        Without ``look_at_all`` only those agents are looked at of whom something was heard, which is much cheaper.
        """
        return await self._floor.floor(tenant_id, look_at_all=look_at_all)

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
