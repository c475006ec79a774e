"""What is told apart: a database that fails, and everything else."""

import asyncio
import socket

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from careline.infra.database.database import Database
from careline.infra.database.failures import DatabaseUnreachable, in_a_line, may_be_a_mistake, why_unusable
from careline.infra.database.models import CursorRow
from careline.kernel.clock import SystemClock
from careline.kernel.errors import Conflict
from tests.infra.facts import TENANT


async def failure(database: Database, *statements: str) -> BaseException:
    async def use_case() -> None:
        async with database.transaction(TENANT) as tx:
            for statement in statements:
                await tx.execute(text(statement))
            await tx.execute(
                insert(CursorRow), [{"subscriber": f"{n:0500}", "xid": 0, "position": 0} for n in range(2000)]
            )

    [error] = await asyncio.gather(use_case(), return_exceptions=True)
    assert isinstance(error, Exception)
    return error


@pytest.mark.parametrize(
    ("pragma", "why"),
    [
        ("max_page_count=1", "database or disk is full"),  # no less than there are pages already
        ("query_only=1", "attempt to write a readonly database"),
    ],
)
async def test_a_file_that_cannot_be_written(sqlite_url: str, pragma: str, why: str) -> None:
    database = Database(sqlite_url, SystemClock())
    error = await failure(database, f"PRAGMA {pragma}")
    await database.close()

    assert why_unusable(error) == why
    assert in_a_line(error) == f"the database cannot be used ({why})"


@pytest.mark.parametrize("write", [True, False])
async def test_a_server_that_is_not_there(write: bool) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        database = Database(f"postgresql+asyncpg://careline@127.0.0.1:{taken.getsockname()[1]}/x", SystemClock())
        with pytest.raises(DatabaseUnreachable) as raised:
            async with database.transaction(TENANT) if write else database.reading(TENANT):
                raise AssertionError("there is no connection")
        await database.close()

    assert "connect" in str(why_unusable(raised.value)).lower()


@pytest.mark.postgres
async def test_a_server_that_ends_while_it_is_asked(postgres_tables_url: str) -> None:
    database = Database(postgres_tables_url, SystemClock())
    error = await failure(database, "SELECT pg_terminate_backend(pg_backend_pid())")
    await database.close()

    assert why_unusable(error)


async def test_what_may_be_a_mistake_of_ours_is_told_from_a_database_that_is_away(database_url: str) -> None:
    database = Database(database_url, SystemClock(), pool_size=1)
    with pytest.raises(DBAPIError) as wrote:
        async with database.glance(TENANT) as reading:
            await reading.execute(text("INSERT INTO event_cursor (subscriber, xid, position) VALUES ('x', 0, 0)"))
    await database.close()

    assert why_unusable(wrote.value)
    assert may_be_a_mistake(wrote.value) in ("SQLITE_READONLY", "sqlstate 25006")
    assert may_be_a_mistake(NoConnectionFree())
    for error in (DatabaseUnreachable("Connection refused"), ValueError(), Conflict("no")):
        assert may_be_a_mistake(error) is None


async def test_what_is_no_failure_of_the_database(database: Database) -> None:
    wrong = await failure(database, "SELECT nothing FROM nowhere")
    double = "INSERT INTO event_cursor (subscriber, xid, position) VALUES ('x', 0, 0)"
    taken = await failure(database, double, double)

    for error in (wrong, taken, Conflict("no"), ValueError(), ConnectionError(), FileNotFoundError()):
        assert why_unusable(error) is None
        assert in_a_line(error) is None


async def test_what_was_made_of_a_failure_is_still_one() -> None:
    broken = RuntimeError("the step failed")
    broken.__cause__ = DatabaseUnreachable("Connection refused")
    assert why_unusable(broken) == "Connection refused"


async def test_an_error_of_the_use_case_stays_what_it_is(database: Database) -> None:
    with pytest.raises(FileNotFoundError):
        async with database.reading(TENANT):
            raise FileNotFoundError
