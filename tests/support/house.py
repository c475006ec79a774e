"""The whole house as bootstrap puts it together, on SQLite and with voice off, asked over HTTP without a socket.

Take the fixture ``house``. Its tenant ``demo`` holds all demo data; a second tenant ``demo2`` is there to be kept out.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from careline.bootstrap import Careline, build, prepare_data_folder
from careline.entrypoints.demo.accounts import ACCOUNTS, KnownAccount, read_passwords
from careline.entrypoints.demo.seed import Demo, accounts_file, ensure_demo
from careline.entrypoints.web.app import create_app
from careline.infra.settings.settings import Settings, load
from careline.kernel.tenancy import system_actor
from careline.modules.directory.identity.permissions import PERMISSIONS
from careline.modules.directory.identity.views import NewTenant, NewUser, PasswordCost, TenantView
from careline.modules.directory.people.views import NewAgent

CHEAP = PasswordCost(passes=1, memory_kib=64, lanes=1)
BASE = "http://127.0.0.1:8080"
PASSWORD = "correct horse battery"
STRANGER = "stranger"


@dataclass
class Browser:
    """One who is signed in; what changes something carries the CSRF token by itself."""

    http: httpx.AsyncClient
    session: dict[str, Any]

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"X-CSRF-Token": self.session["csrf_token"], **more.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **more)

    @property
    def user_id(self) -> str:
        return str(self.session["user"]["id"])


BY_THEMSELVES = {"audit_seal", "contact_fact", "figure_slot", "rating_fact"}
"""Tables that are written by time and by what the log tells, a little after whoever did something has their answer."""


@dataclass
class House:
    """``tenant`` is demo, ``other`` is demo2, in which ``stranger`` may do everything and is an agent."""

    careline: Careline
    app: FastAPI
    demo: Demo
    tenant: TenantView
    other: TenantView
    database_file: Path

    def nobody(self) -> httpx.AsyncClient:
        """A browser in which nobody is signed in."""
        transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 50_000))
        return httpx.AsyncClient(transport=transport, base_url=BASE)

    async def sign_in(self, login: str, *, tenant: str = "demo") -> Browser:
        """The browser of a demo account, or of the stranger when the tenant is demo2."""
        passwords = {account.login: account.password for account in self.demo.accounts}
        http = self.nobody()
        wanted = {"tenant": tenant, "login": login, "password": passwords.get(login, PASSWORD)}
        answer = await http.post("/api/v1/session", json=wanted)
        assert answer.status_code == 200, answer.text
        return Browser(http, answer.json())

    def rows_of(self, tenant_id: UUID) -> dict[str, list[tuple[Any, ...]]]:
        """Every stored row of a tenant, by table: to see that nothing changed."""
        with closing(sqlite3.connect(self.database_file)) as connection:
            return {
                table: sorted(
                    connection.execute(f'SELECT * FROM "{table}" WHERE tenant_id = ?', (tenant_id.hex,)), key=repr
                )
                for table in self._tenant_tables(connection)
                if table not in BY_THEMSELVES
            }

    def ids_of(self, tenant_id: UUID) -> dict[str, list[UUID]]:
        """The ids of everything that a tenant has, by table."""
        found = {}
        with closing(sqlite3.connect(self.database_file)) as connection:
            for table in self._tenant_tables(connection):
                columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
                if "id" in columns:
                    rows = connection.execute(f'SELECT id FROM "{table}" WHERE tenant_id = ?', (tenant_id.hex,))
                    found[table] = [UUID(row[0]) for row in rows]
        return {table: ids for table, ids in found.items() if ids}

    @staticmethod
    def _tenant_tables(connection: sqlite3.Connection) -> list[str]:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [
            name
            for name in names
            if any(row[1] == "tenant_id" for row in connection.execute(f'PRAGMA table_info("{name}")'))
        ]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Putting the whole house together for each test is for the full run."""
    for item in items:
        if "house" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def house_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with both tenants, made once a session and copied for each test."""
    data = tmp_path_factory.mktemp("house") / "var"
    with ThreadPoolExecutor(max_workers=1) as thread:  # the test's own event loop may be waiting for the fixture
        thread.submit(asyncio.run, _furnish(data)).result()
    return data


@pytest.fixture
async def house(house_template: Path, tmp_path: Path) -> AsyncIterator[House]:
    data = tmp_path / "var"
    shutil.copytree(house_template, data)
    careline = await build(_settings(data), cost=CHEAP)
    try:
        demo = Demo(made=False, file=accounts_file(careline.settings), accounts=_accounts(careline.settings))
        tenant = await careline.identity.facade.tenant_by_code("demo")
        other = await careline.identity.facade.tenant_by_code("demo2")
        assert tenant is not None
        assert other is not None
        await careline.start()
        await careline.identity.denials.stop()  # what is denied is written when a test says so
        yield House(careline, create_app(careline), demo, tenant, other, data / "careline.db")
    finally:
        await careline.stop()


def _settings(data: Path) -> Settings:
    return load(
        {
            "CARELINE_DATA": str(data),
            "CARELINE_DEMO": "1",
            "CARELINE_VOICE": "off",
            "CARELINE_UI": str(data.parent / "ui"),
        }
    )


def _accounts(settings: Settings) -> list[KnownAccount]:
    passwords = read_passwords(accounts_file(settings))
    return [
        KnownAccount(login=one.login, display_name=one.display_name, password=passwords[one.login]) for one in ACCOUNTS
    ]


async def _furnish(data: Path) -> None:
    settings = _settings(data)
    prepare_data_folder(settings)
    careline = await build(settings, cost=CHEAP)
    try:
        await careline.migrate()
        await ensure_demo(careline)
        await _another_tenant(careline, data / "careline.db")
    finally:
        await careline.close()


async def _another_tenant(careline: Careline, database_file: Path) -> None:
    identity = careline.identity.facade
    tenant = await identity.found_tenant(NewTenant(code="demo2", name="另一家"))
    actor = system_actor(tenant.id)
    wanted = NewUser(login=STRANGER, display_name="外人", password=PASSWORD, roles=("agent", "supervisor"))
    user = await identity.create_user(actor, wanted)
    await careline.people.facade.appoint(
        actor, NewAgent(user_id=user.id, number="9001", capacity={"voice": 1, "chat": 3, "message": 1}, skills={})
    )
    every = "{" + ",".join(f'"{code}":"tenant"' for code in PERMISSIONS) + "}"
    with closing(sqlite3.connect(database_file, timeout=10)) as connection:
        connection.execute(
            "UPDATE role SET permissions = ?, built_in = 0 WHERE tenant_id = ? AND code = 'supervisor'",
            (every, tenant.id.hex),
        )
        connection.execute("DELETE FROM job")  # done already: nothing is to change by itself in a test
        connection.commit()
