"""The floor, live: the whole document, at most twice a second for a tenant, and only while somebody looks."""

import asyncio
import logging
from typing import get_args

from careline.infra.realtime.connection import Principal
from careline.infra.realtime.hub import Hub
from careline.infra.realtime.live import Live
from careline.kernel.clock import Clock
from careline.kernel.errors import DomainError
from careline.kernel.events import Recorded
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing.events import (
    AgentStateChanged,
    ItemAssigned,
    ItemFinished,
    ItemLeft,
    ItemQueued,
    ItemWrappedUp,
    OfferEnded,
    OfferMade,
)
from careline.modules.insight.analytics.facade import Analytics

logger = logging.getLogger(__name__)

TOPIC = "floor"

EVERY_S = 0.5

OnAgent = AgentStateChanged | ItemAssigned | ItemFinished | ItemWrappedUp | OfferEnded | OfferMade
OnFloor = OnAgent | ItemQueued | ItemLeft

WHAT_MOVES_THE_FLOOR: tuple[type[OnFloor], ...] = get_args(OnFloor)


class FloorTopic:
    """``floor``, for who may see the floor."""

    def __init__(self, hub: Hub, clock: Clock, analytics: Analytics) -> None:
        self._hub = hub
        self._clock = clock
        self._analytics = analytics
        self._told_at: dict[TenantId, float] = {}
        self._stale: set[TenantId] = set()
        self._tasks: dict[TenantId, asyncio.Task[None]] = {}

    async def may_follow(self, principal: Principal, topic: str) -> bool:
        """Who may see the floor."""
        return topic == TOPIC and "floor:view" in principal.actor.permissions

    def moved(self, event: OnFloor, recorded: Recorded) -> None:
        """Something on the floor has changed."""
        if not isinstance(event, ItemQueued | ItemLeft):
            self._analytics.heard_of(recorded.tenant_id, event.agent_id)
        self.touch(recorded.tenant_id)

    def touch(self, tenant_id: TenantId) -> None:
        """The floor of a tenant is another one: tell it soon, when somebody looks."""
        if not self._hub.followed(tenant_id, TOPIC):
            return
        self._stale.add(tenant_id)
        if tenant_id not in self._tasks:
            task = asyncio.get_running_loop().create_task(self._tell(tenant_id), name=f"floor:{tenant_id}")
            self._tasks[tenant_id] = task

    async def stop(self) -> None:
        """Tell nothing more."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _tell(self, tenant_id: TenantId) -> None:
        try:
            while tenant_id in self._stale and self._hub.followed(tenant_id, TOPIC):
                last = self._told_at.get(tenant_id, -EVERY_S)
                await asyncio.sleep(max(0.0, last + EVERY_S - self._clock.monotonic()))
                self._stale.discard(tenant_id)
                self._told_at[tenant_id] = self._clock.monotonic()
                floor = await self._analytics.floor(tenant_id, look_at_all=False)
                self._hub.publish(tenant_id, TOPIC, "floor.changed", floor, floor.at, coalesce=True)
        except DomainError as refused:
            logger.warning("the floor cannot be told now: %s", refused)
        finally:
            self._stale.discard(tenant_id)
            self._tasks.pop(tenant_id, None)


def register(live: Live, clock: Clock, analytics: Analytics) -> FloorTopic:
    """Name who may follow, and hear what moves the floor."""
    topic = FloorTopic(live.hub, clock, analytics)
    live.hub.authorise(TOPIC, topic.may_follow)
    for event_class in WHAT_MOVES_THE_FLOOR:
        live.tell(event_class, topic.moved)
    return topic
