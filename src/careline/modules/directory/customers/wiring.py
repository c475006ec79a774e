"""Puts customers together."""

from collections.abc import Callable
from functools import partial

import msgspec
from fastapi import APIRouter

from careline.infra.database.database import Database
from careline.modules.directory.customers.endpoints import build_router
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.identity.facade import Identity


class CustomersModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of customers."""

    facade: Customers
    router: Callable[[], APIRouter]


def build(database: Database, identity: Identity) -> CustomersModule:
    """Make customers."""
    facade = Customers(database, identity)
    return CustomersModule(facade=facade, router=partial(build_router, facade))
