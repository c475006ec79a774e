"""The directory on a real database of each kind, with passwords that cost nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from careline.infra.database.database import Database
from careline.infra.jobs.jobs import Jobs
from careline.infra.sealing import Sealing
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.wiring import build
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.views import NewTenant, NewUser, TenantView, UserView
from careline.modules.directory.people.facade import People
from tests.support.clock import FakeClock
from tests.support.house import CHEAP, PASSWORD


@pytest.fixture
def sealing(tmp_path: Path) -> Sealing:
    return Sealing(tmp_path / "seal.key")


@pytest.fixture
def identity(database: Database, clock: FakeClock, sealing: Sealing) -> Iterator[Identity]:
    identity = Identity(database, clock, CHEAP, sealing)
    yield identity
    identity.close()


@pytest.fixture
def customers(database: Database, clock: FakeClock, identity: Identity, sealing: Sealing) -> Customers:
    return build(database, Jobs(database, clock), identity, sealing).facade


@pytest.fixture
def people(database: Database, identity: Identity) -> People:
    return People(database, identity)


@pytest.fixture
async def tenant(identity: Identity) -> TenantView:
    return await identity.found_tenant(NewTenant(code="demo", name="示例移动"))


@pytest.fixture
async def other_tenant(identity: Identity) -> TenantView:
    return await identity.found_tenant(NewTenant(code="demo2", name="另一家"))


@pytest.fixture
def system(tenant: TenantView) -> Actor:
    return system_actor(tenant.id)


@pytest.fixture
async def agent(identity: Identity, system: Actor) -> UserView:
    return await identity.create_user(
        system, NewUser(login="8021", display_name="陈晓岚", password=PASSWORD, roles=("agent",))
    )
