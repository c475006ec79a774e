"""Puts analytics together."""

from collections.abc import Awaitable, Callable
from functools import partial

import msgspec
from fastapi import APIRouter

from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.infra.realtime.live import Live
from careline.kernel.clock import Clock
from careline.kernel.events import Event, Recorded
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing.facade import Routing
from careline.modules.directory.identity.events import UserChanged
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.people.events import AgentChanged
from careline.modules.directory.people.facade import People
from careline.modules.insight.analytics import live as analytics_live
from careline.modules.insight.analytics.endpoints import build_router
from careline.modules.insight.analytics.facade import Analytics
from careline.modules.insight.analytics.services.floor import Floor
from careline.modules.insight.analytics.services.following import Follower
from careline.modules.insight.analytics.services.projecting import FACTS, SUBSCRIBER, Projector
from careline.modules.insight.analytics.services.today import Today


class AnalyticsModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of analytics. ``start`` after the bus, ``stop`` before it."""

    facade: Analytics
    router: Callable[[], APIRouter]
    start: Callable[[], Awaitable[None]]
    stop: Callable[[], Awaitable[None]]


class Below(msgspec.Struct, frozen=True):
    """The modules below that analytics calls."""

    identity: Identity
    people: People
    routing: Routing


def build(database: Database, bus: EventBus, live: Live, clock: Clock, below: Below) -> AnalyticsModule:
    """Make analytics, let it hear that there are new facts, and let screens hear of the floor."""
    projector = Projector(database)
    today = Today(database, clock, below.identity)
    floor = Floor(clock, below.identity, below.routing, below.people, today)
    facade = Analytics(below.identity, below.routing, floor, Follower(database, below.routing, today), projector)
    topic = analytics_live.register(live, clock, facade)

    def projected(tenants: set[TenantId]) -> None:
        for tenant_id in tenants:
            today.forget(tenant_id)
            topic.touch(tenant_id)

    async def renamed(_event: Event, recorded: Recorded) -> None:
        floor.forget_names(recorded.tenant_id)
        topic.touch(recorded.tenant_id)

    async def stop() -> None:
        await topic.stop()
        await facade.stop()

    projector.projected = projected
    # Not durable: it only says that there is something to read; the projection keeps its own place in the log.
    for fact in FACTS:
        bus.tell(f"{SUBSCRIBER}:{fact.name}", fact, projector.heard)
    bus.subscribe("analytics.names", (AgentChanged, UserChanged), renamed, durable=False)
    return AnalyticsModule(facade=facade, router=partial(build_router, facade), start=facade.start, stop=stop)
