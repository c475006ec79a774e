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
    ItemMoved,
    ItemQueued,
    ItemWrappedUp,
    OfferEnded,
    OfferMade,
)
from careline.modules.directory.identity.views import EVERYBODY, Reach
from careline.modules.insight.analytics.facade import Analytics
from careline.modules.insight.analytics.services.floor import TOPIC, topic_of

logger = logging.getLogger(__name__)

WALL = "wall"
"""The floor without people: small, and shown where many can see it."""

EVERY_S = 0.5

OnAgent = AgentStateChanged | ItemAssigned | ItemFinished | ItemWrappedUp | OfferEnded | OfferMade
OnQueue = ItemQueued | ItemLeft | ItemMoved
OnFloor = OnAgent | OnQueue

WHAT_MOVES_THE_FLOOR: tuple[type[OnFloor], ...] = get_args(OnFloor)


class FloorTopic:
    """``floor``, for who may see all of it; ``floor:<department>``, for whose permission ends there; ``wall``."""

    def __init__(self, hub: Hub, clock: Clock, analytics: Analytics) -> None:
        self._hub = hub
        self._clock = clock
        self._analytics = analytics
        self._told_at: dict[TenantId, float] = {}
        self._stale: set[TenantId] = set()
        self._tasks: dict[TenantId, asyncio.Task[None]] = {}
        self._departments: dict[TenantId, dict[str, Reach]] = {}

    async def may_follow(self, principal: Principal, topic: str) -> bool:
        """Who may see the floor, as far as they may see it."""
        if "floor:view" not in principal.actor.permissions:
            return False
        reach = await self._analytics.reach(principal.actor)
        if topic_of(reach) != topic:
            return False
        if not reach.everybody:
            self._departments.setdefault(principal.actor.tenant_id, {})[topic] = reach
        return True

    def moved(self, event: OnFloor, recorded: Recorded) -> None:
        """Something on the floor has changed."""
        if not isinstance(event, OnQueue):
            self._analytics.heard_of(recorded.tenant_id, event.agent_id)
        self.touch(recorded.tenant_id)

    def touch(self, tenant_id: TenantId) -> None:
        """The floor of a tenant is another one: tell it soon, when somebody looks."""
        if not self._is_looked_at(tenant_id):
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

    async def may_follow_wall(self, principal: Principal, topic: str) -> bool:
        """Who may see a wall."""
        return topic == WALL and "wall:view" in principal.actor.permissions

    def _is_looked_at(self, tenant_id: TenantId) -> bool:
        return self._hub.followed(tenant_id, WALL) or bool(self._followed(tenant_id))

    def _followed(self, tenant_id: TenantId) -> dict[str, Reach]:
        """The topics that somebody follows now, with whom each of them shows."""
        known = {TOPIC: EVERYBODY, **self._departments.get(tenant_id, {})}
        return {topic: reach for topic, reach in known.items() if self._hub.followed(tenant_id, topic)}

    async def _tell(self, tenant_id: TenantId) -> None:
        try:
            while tenant_id in self._stale and self._is_looked_at(tenant_id):
                last = self._told_at.get(tenant_id, -EVERY_S)
                await asyncio.sleep(max(0.0, last + EVERY_S - self._clock.monotonic()))
                self._stale.discard(tenant_id)
                self._told_at[tenant_id] = self._clock.monotonic()
                if self._hub.followed(tenant_id, WALL):
                    wall = await self._analytics.wall(tenant_id)
                    self._hub.publish(tenant_id, WALL, "wall.changed", wall, wall.at, coalesce=True)
                for topic, reach in self._followed(tenant_id).items():
                    floor = await self._analytics.floor(tenant_id, look_at_all=False, reach=reach)
                    self._hub.publish(tenant_id, topic, "floor.changed", floor, floor.at, coalesce=True)
        except DomainError as refused:
            logger.warning("the floor cannot be told now: %s", refused)
        finally:
            self._stale.discard(tenant_id)
            self._tasks.pop(tenant_id, None)


def register(live: Live, clock: Clock, analytics: Analytics) -> FloorTopic:
    """Name who may follow, and hear what moves the floor."""
    topic = FloorTopic(live.hub, clock, analytics)
    live.hub.authorise(TOPIC, topic.may_follow)
    live.hub.authorise(WALL, topic.may_follow_wall)
    for event_class in WHAT_MOVES_THE_FLOOR:
        live.tell(event_class, topic.moved)
    return topic
