"""A database with every table, fresh for each test, on SQLite and on PostgreSQL.

A test that takes ``database`` runs twice. ``database_url`` gives the address alone, to open it in another process or
a second time. Tables are made once a session; a test's own are a copy of them, or what the last test had, emptied.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from careline.infra.database.append_only import append_only_tables, refuse_changes
from careline.infra.database.database import Database
from careline.infra.database.row_security import protect, tenant_tables
from careline.kernel.clock import SystemClock
from careline.tables import METADATA
from tests.support.clock import FakeClock
from tests.support.postgres import PostgresCluster

SQLITE = "sqlite"
POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=[SQLITE, POSTGRES])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database with every table and no rows."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == SQLITE else "postgres_tables_url")
    return url


@pytest.fixture
async def database(database_url: str, clock: FakeClock) -> AsyncIterator[Database]:
    database = Database(database_url, clock)
    yield database
    await database.close()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    file = tmp_path / "careline.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
def postgres_tables_url(postgres_cluster: PostgresCluster, postgres_template: str) -> Iterator[str]:
    with postgres_cluster.lend(postgres_template) as name:
        yield postgres_cluster.url(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "careline.db"
    _run(_make_tables(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: PostgresCluster) -> str:
    name = postgres_cluster.create()
    _run(_make_tables(postgres_cluster.url(name)))
    return name


async def _make_tables(url: str) -> None:
    database = Database(url, SystemClock())
    async with database.engine.begin() as connection:
        await connection.run_sync(make_tables)
    await database.close()


def make_tables(connection: Connection) -> None:
    """Every table from the models, with its policy where the database knows policies."""
    METADATA.create_all(connection)
    for table in append_only_tables(METADATA):
        for statement in refuse_changes(table, connection.dialect.name):
            connection.execute(text(statement))
    if connection.dialect.name == "postgresql":
        for table in tenant_tables(METADATA):
            for statement in protect(table):
                connection.execute(text(statement))


def _run(work: Coroutine[Any, Any, None]) -> None:
    """In a thread, since the test's own event loop may be waiting for the fixture."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, work).result()
