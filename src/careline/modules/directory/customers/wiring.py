"""Puts customers together."""

from collections.abc import Callable
from functools import partial

import msgspec
from fastapi import APIRouter

from careline.infra.database.database import Database
from careline.infra.jobs.jobs import Jobs
from careline.infra.sealing import Sealing
from careline.modules.directory.customers import tasks
from careline.modules.directory.customers.endpoints.customers import build_router
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.ports import TextSender
from careline.modules.directory.customers.services.custody import Custody
from careline.modules.directory.identity.facade import Identity


class CustomersModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of customers."""

    facade: Customers
    router: Callable[[], APIRouter]


def build_custody(database: Database) -> Custody:
    """What ``privacy`` asks for: its ports ``Custodian`` and ``Subjects``."""
    return Custody(database)


def build(
    database: Database, jobs: Jobs, identity: Identity, sealing: Sealing, sender: TextSender | None = None
) -> CustomersModule:
    """Make customers. Without a ``sender`` nobody can be sent a code."""
    facade = Customers(database, identity, jobs, sealing, sender)
    tasks.register(jobs, facade)
    return CustomersModule(facade=facade, router=partial(build_router, facade))
