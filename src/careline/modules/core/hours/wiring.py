"""Puts hours together."""

from collections.abc import Callable
from functools import partial

import msgspec
from fastapi import APIRouter

from careline.infra.database.database import Database
from careline.kernel.clock import Clock
from careline.modules.core.hours.endpoints import build_router
from careline.modules.core.hours.facade import Hours
from careline.modules.core.hours.service import HoursService
from careline.modules.directory.identity.facade import Identity


class HoursModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of hours."""

    facade: Hours
    router: Callable[[], APIRouter]


def build(database: Database, clock: Clock, identity: Identity) -> HoursModule:
    """Make hours."""
    facade = Hours(HoursService(database, clock, identity))
    return HoursModule(facade=facade, router=partial(build_router, facade))
