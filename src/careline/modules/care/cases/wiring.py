"""Puts cases together."""

from collections.abc import Callable
from functools import partial

import msgspec
from fastapi import APIRouter

from careline.infra.database.database import Database
from careline.infra.realtime.live import Live
from careline.infra.sealing import Sealing
from careline.modules.care.cases import live as cases_live
from careline.modules.care.cases.endpoints import build_router, build_sealed_router
from careline.modules.care.cases.facade import Cases
from careline.modules.care.cases.services.below import Below as Below
from careline.modules.care.cases.services.changing import CaseService
from careline.modules.care.cases.services.custody import Custody
from careline.modules.care.cases.services.keeping import Keeping
from careline.modules.care.cases.services.sealed import SealedCases
from careline.modules.care.cases.services.showing import CaseReader
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.privacy.facade import Privacy


class CasesModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of cases."""

    facade: Cases
    router: Callable[[], APIRouter]


def build_custody(database: Database, sealing: Sealing) -> Custody:
    """What ``privacy`` asks for: its port ``Custodian``."""
    return Custody(database, sealing)


def build_sealed(database: Database, sealing: Sealing, identity: Identity, privacy: Privacy) -> Callable[[], APIRouter]:
    """The routes to complaints that are kept sealed."""
    return partial(build_sealed_router, SealedCases(database, sealing, identity, privacy))


def build(database: Database, live: Live, below: Below) -> CasesModule:
    """Make cases and let screens hear of them."""
    facade = Cases(CaseService(database, below), CaseReader(database, below))
    cases_live.register(live, facade)
    below.customers.add_keeper(Keeping())
    return CasesModule(facade=facade, router=partial(build_router, facade))
