"""Puts supervision together."""

from collections.abc import Callable
from functools import partial

import msgspec
from fastapi import APIRouter

from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.supervision import subscribers
from careline.modules.contact.supervision.endpoints import Services, build_router
from careline.modules.contact.supervision.services.contacts import Contacts
from careline.modules.contact.supervision.services.listening import Listening
from careline.modules.contact.supervision.services.orders import Orders
from careline.modules.core.routing.facade import Routing
from careline.modules.directory.identity.facade import Identity


class SupervisionModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of supervision."""

    router: Callable[[], APIRouter]


class Below(msgspec.Struct, frozen=True):
    """The modules below that supervision calls."""

    identity: Identity
    routing: Routing
    conversations: Conversations


def build(database: Database, bus: EventBus, below: Below) -> SupervisionModule:
    """Make supervision, and let it hear of who is elsewhere now."""
    services = Services(
        orders=Orders(database, below.routing, below.identity),
        contacts=Contacts(below.routing, below.conversations, below.identity),
        listening=Listening(below.conversations, below.identity),
    )
    subscribers.register(bus, services.listening)
    return SupervisionModule(router=partial(build_router, services))
