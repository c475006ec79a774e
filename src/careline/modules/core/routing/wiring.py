"""Puts routing together."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import msgspec
from fastapi import APIRouter

from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.kernel.clock import Clock
from careline.modules.core.routing import subscribers
from careline.modules.core.routing.endpoints import build_router
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.services.agents import Agents
from careline.modules.core.routing.services.items import Items
from careline.modules.core.routing.services.shards import Shards
from careline.modules.core.routing.subscribers import Subscribers
from careline.modules.directory.people.facade import People


class RoutingModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of routing."""

    facade: Routing
    router: Callable[[], APIRouter]


def build(database: Database, bus: EventBus, clock: Clock, people: People, owner: UUID) -> RoutingModule:
    """Make routing and let it hear of settings; ``owner`` names this process in the fence."""
    shards = Shards(database, clock, people, owner)
    agents = Agents(shards)
    subscribers.register(bus, Subscribers(shards))
    return RoutingModule(facade=Routing(shards, Items(shards), agents), router=partial(build_router, agents))
