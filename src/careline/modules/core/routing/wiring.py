"""Puts routing together."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import msgspec
from fastapi import APIRouter

from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.kernel.clock import Clock
from careline.modules.core.hours.facade import Hours
from careline.modules.core.routing import subscribers
from careline.modules.core.routing.endpoints import build_router
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.services.agents import Agents
from careline.modules.core.routing.services.desks import Desks
from careline.modules.core.routing.services.items import Items
from careline.modules.core.routing.services.queue_settings import QueueKeeper
from careline.modules.core.routing.services.shards import Shards
from careline.modules.core.routing.services.skills import Skills
from careline.modules.core.routing.services.staff import Staff
from careline.modules.core.routing.subscribers import Subscribers
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.people.facade import People


class RoutingModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of routing."""

    facade: Routing
    router: Callable[[], APIRouter]


class Below(msgspec.Struct, frozen=True):
    """The modules below that routing calls."""

    identity: Identity
    people: People
    hours: Hours


def build(database: Database, bus: EventBus, clock: Clock, below: Below, owner: UUID) -> RoutingModule:
    """Make routing and let it hear of settings; ``owner`` names this process in the fence."""
    shards = Shards(database, clock, below.people, below.hours, owner)
    agents = Agents(shards)
    keeper = QueueKeeper(database, below.people, below.identity, below.hours)
    skills = Skills(database, below.people)
    staff, desks = Staff(database, below.people), Desks(database, below.identity)
    subscribers.register(bus, Subscribers(shards))
    return RoutingModule(
        facade=Routing(shards, Items(shards), agents),
        router=partial(build_router, agents, keeper, skills, staff, desks),
    )
