"""Puts the widget together."""

from collections.abc import Awaitable, Callable
from functools import partial

import msgspec
from fastapi import APIRouter

from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.infra.web.origins import CarryingSites
from careline.kernel.events import Recorded
from careline.modules.contact.widget.endpoints import build_router
from careline.modules.contact.widget.events import LookPublished
from careline.modules.contact.widget.facade import Widget
from careline.modules.contact.widget.services.looks import Wardrobe
from careline.modules.directory.identity.facade import Identity


class WidgetModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of the widget."""

    facade: Widget
    router: Callable[[], APIRouter]
    start: Callable[[], Awaitable[None]]


def build(database: Database, bus: EventBus, identity: Identity, sites: CarryingSites) -> WidgetModule:
    """Make the widget, and let what was published decide which sites are let in."""
    wardrobe = Wardrobe(database, identity)

    async def let_in() -> None:
        sites.replace(await wardrobe.sites())

    async def published(_event: LookPublished, _recorded: Recorded) -> None:
        await let_in()

    # As routing hears of its settings: whichever process published it, and again when it could not be read.
    bus.subscribe("widget.sites", LookPublished, published, key=lambda *_: None, from_now=True)
    return WidgetModule(facade=Widget(wardrobe), router=partial(build_router, wardrobe), start=let_in)
