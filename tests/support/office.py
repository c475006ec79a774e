"""Two tenants with staff and customers in the real directory, and a way to ask over HTTP as any of them.

Take the fixture ``office``; each test that does runs on both databases. Start its ``bus`` when all has subscribed.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from starlette.requests import HTTPConnection

from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.infra.database.log import Cursor, read_after
from careline.infra.http import UserSession, Visitor
from careline.infra.jobs.jobs import Jobs
from careline.infra.realtime.hub import Hub
from careline.infra.realtime.live import Live
from careline.infra.sealing import Sealing
from careline.infra.web.app import prepare
from careline.kernel.errors import AdapterFailure, NotSignedIn
from careline.kernel.events import Recorded
from careline.kernel.tenancy import Actor, ActorKind, TenantId, system_actor
from careline.modules.core.hours import wiring as hours
from careline.modules.directory.customers import wiring as customers
from careline.modules.directory.customers.ports import Handed, NewText
from careline.modules.directory.customers.views import (
    Brand,
    CustomerView,
    NewBillingAccount,
    NewCustomer,
    NewSubscription,
    PayKind,
)
from careline.modules.directory.identity import wiring as identity
from careline.modules.directory.identity.views import NewTenant, NewUser, TenantView
from careline.modules.directory.people import wiring as people
from careline.modules.directory.people.views import NewAgent
from tests.support.clock import FakeClock
from tests.support.house import CHEAP

CSRF = "the-csrf-token"
NO_KEY = Sealing(Path("/dev/null/seal.key"))
"""Nothing can be sealed with it; who tries is refused."""


@dataclass
class KnownCallers:
    """Says who sent a request: whoever was let in, by the name that they were given."""

    users: dict[str, Actor] = field(default_factory=dict)
    visitors: dict[str, Visitor] = field(default_factory=dict)

    async def user(self, request: HTTPConnection) -> UserSession:
        actor = self.users.get(request.cookies.get("careline_session", ""))
        if actor is None:
            raise NotSignedIn("not-signed-in")
        return UserSession(id=uuid4(), actor=actor, csrf_token=CSRF)

    async def visitor(self, request: HTTPConnection) -> Visitor:
        known = self.visitors.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if known is None:
            raise NotSignedIn("not-signed-in")
        return known

    def headers(self, who: Actor | Visitor | None) -> dict[str, str]:
        """What this one's requests carry."""
        if who is None:
            return {}
        name = uuid4().hex
        if isinstance(who, Visitor):
            self.visitors[name] = who
            return {"Authorization": f"Bearer {name}"}
        self.users[name] = who
        return {"Cookie": f"careline_session={name}", "X-CSRF-Token": CSRF}


@dataclass
class SentCodes:
    """Stands for the way codes take to a telephone. ``fault`` is what comes of every text."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    is_ready: bool = True
    fault: AdapterFailure | None = None
    texts: list[NewText] = field(default_factory=list)

    async def send(self, tenant_id: TenantId, text: NewText) -> Handed:
        if self.fault is not None:
            raise self.fault
        self.sent.append((text.number, text.code))
        self.texts.append(text)
        return Handed.ACCEPTED


class Office:
    """The directory of two tenants over a real database, with bus and hub."""

    def __init__(self, database: Database, clock: FakeClock, sealing: Sealing = NO_KEY) -> None:
        self.database = database
        self.clock = clock
        self.bus = EventBus(database)
        database.on_committed(self.bus.publish)
        self.hub = Hub(clock)
        self.live = Live(self.bus, self.hub)
        self.jobs = Jobs(database, clock)
        self.identity = identity.build(database, clock, self.live, self.jobs, CHEAP, sealing).facade
        self.codes = SentCodes()
        customers_module = customers.build(database, self.jobs, self.identity, sealing, self.codes)
        self.customers = customers_module.facade
        self.customers_router = customers_module.router
        self.people = people.build(database, self.identity).facade
        self.hours = hours.build(database, clock, self.identity).facade
        self.callers = KnownCallers()
        self.tenant: TenantView
        self.other: TenantView
        self._numbers = 8000

    async def found(self) -> "Office":
        self.tenant = await self.identity.found_tenant(NewTenant(code="demo", name="客服一中心"))
        self.other = await self.identity.found_tenant(NewTenant(code="other", name="客服二中心"))
        return self

    async def staff(self, *permissions: str, name: str = "周文静", tenant: TenantView | None = None) -> Actor:
        """A user, by what the user may do."""
        where = (tenant or self.tenant).id
        self._numbers += 1
        new = NewUser(login=f"user{self._numbers}", display_name=name)
        user = await self.identity.create_user(system_actor(where), new)
        return Actor(tenant_id=where, kind=ActorKind.USER, id=user.id, permissions=frozenset(permissions))

    async def agent(self, *permissions: str, name: str = "何芳", tenant: TenantView | None = None) -> Actor:
        """A user who answers customers."""
        actor = await self.staff(*permissions, name=name, tenant=tenant)
        assert actor.id is not None
        self._numbers += 1
        new = NewAgent(
            user_id=actor.id, number=str(self._numbers), capacity={"voice": 1, "chat": 3, "message": 1}, skills={}
        )
        await self.people.appoint(system_actor(actor.tenant_id), new)
        return actor

    async def customer(self, *, name: str = "王小敏", tenant: TenantView | None = None) -> CustomerView:
        """Somebody with one line."""
        self._numbers += 1
        line = NewSubscription(msisdn=f"1380000{self._numbers}", brand=Brand.GLOBAL_LINK, plan="融合 129 元")
        new = NewCustomer(
            name=name,
            since=date(2019, 5, 1),
            accounts=(NewBillingAccount(name="主账户", pay_kind=PayKind.POSTPAID),),
            subscriptions=(line,),
        )
        return await self.customers.register(system_actor((tenant or self.tenant).id), new)

    @asynccontextmanager
    async def doors(self, *routers: APIRouter, address: str = "127.0.0.1") -> AsyncIterator["Doors"]:
        """The routes of some modules, to be knocked at from an address."""
        app = FastAPI(docs_url=None, redoc_url=None)
        for router in routers:
            app.router.routes.extend(router.routes)  # to include a router is to make its routes a second time
        prepare(app, self.callers, file_paths=r"/(visitor|conversations/[^/]+)/files")
        transport = httpx.ASGITransport(app=app, client=(address, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://office.test") as client:
            yield Doors(client, self.callers)

    async def log(self, tenant_id: TenantId | None = None) -> list[Recorded]:
        """Every fact that was recorded, in order."""
        async with self.database.system_reading() as reading:
            entries = await read_after(reading, Cursor(), limit=10_000)
        found = [entry.recorded for entry in entries if entry.recorded is not None]
        return [one for one in found if tenant_id in (None, one.tenant_id)]

    async def audited(self, tenant_id: TenantId) -> list[str]:
        """The actions in a tenant's audit, in order."""
        async with self.database.reading(tenant_id) as reading:
            return [entry.action for entry in await self.identity.export_audit(reading, 0)]


class Doors:
    """Asks over HTTP as somebody."""

    def __init__(self, client: httpx.AsyncClient, callers: KnownCallers) -> None:
        self._client = client
        self._callers = callers

    async def get(self, who: Actor | Visitor | None, path: str, **params: str | int | list[str]) -> httpx.Response:
        return await self._client.get(path, params=params, headers=self._callers.headers(who))

    async def post(self, who: Actor | Visitor | None, path: str, body: object) -> httpx.Response:
        return await self._client.post(path, json=body, headers=self._callers.headers(who))

    async def put(self, who: Actor | Visitor | None, path: str, body: object) -> httpx.Response:
        return await self._client.put(path, json=body, headers=self._callers.headers(who))

    async def delete(self, who: Actor | Visitor | None, path: str) -> httpx.Response:
        return await self._client.delete(path, headers=self._callers.headers(who))

    async def raw(
        self, who: Actor | Visitor | None, method: str, path: str, content: bytes, **more: str
    ) -> httpx.Response:
        headers = {**self._callers.headers(who), "Content-Type": "application/json", **more}
        return await self._client.request(method, path, content=content, headers=headers)


def without_permission(actor: Actor, *lost: str) -> Actor:
    """The same one, who may not do something."""
    return Actor(
        tenant_id=actor.tenant_id, kind=actor.kind, id=actor.id, permissions=actor.permissions - frozenset(lost)
    )


def code_of(response: httpx.Response) -> str:
    """The code of a problem; fails when the answer is none."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    body = response.json()
    assert body["status"] == response.status_code
    return str(body["code"])


def ids(items: Iterable[dict[str, object]]) -> list[UUID]:
    """The ids of listed things."""
    return [UUID(str(item["id"])) for item in items]


@pytest.fixture
async def office(database: Database, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Office]:
    office = await Office(database, clock, Sealing(tmp_path / "keys/seal.key")).found()
    yield office
    await office.bus.stop()
    office.identity.close()
