"""A use case is done as a whole or not at all, and what it said is known exactly when it is done."""

import asyncio
import sqlite3
import threading
from collections.abc import Sequence
from uuid import uuid4

import pytest
from sqlalchemy import QueuePool, insert, text

from careline.infra.database import sqlite as sqlite_file
from careline.infra.database.database import Database
from careline.infra.database.log import Cursor, read_after, read_subject
from careline.infra.database.models import CursorRow
from careline.kernel.clock import SystemClock
from careline.kernel.errors import Conflict, Unavailable
from careline.kernel.events import Recorded
from tests.infra.facts import OTHER, TENANT, Ended, Happened, change, do, logged, numbers, stored_rows, until
from tests.support.clock import FakeClock
from tests.support.waiting import PATIENCE_S


class Heard:
    """The listener of a database."""

    def __init__(self, database: Database) -> None:
        self.recorded: list[Recorded] = []
        database.on_committed(self)

    def __call__(self, recorded: Sequence[Recorded]) -> None:
        self.recorded += recorded


async def test_what_a_use_case_did_and_said_is_there_after_it(database: Database, clock: FakeClock) -> None:
    heard = Heard(database)
    subject = uuid4()
    async with database.transaction(TENANT, actor="user:1") as tx:
        await change(tx, 1, subject=subject)
        tx.emit(Ended(number=2), subject=subject)
        assert heard.recorded == []

    assert await stored_rows(database) == {1}
    assert heard.recorded == await logged(database)
    first, second = heard.recorded
    assert (first.event, second.event) == (Happened(number=1), Ended(number=2))
    assert (first.tenant_id, first.subject, first.actor) == (TENANT, subject, "user:1")
    assert first.occurred_at == clock.now()
    assert first.position < second.position
    assert database.commits == 1


async def test_a_use_case_that_fails_leaves_nothing(database: Database) -> None:
    heard = Heard(database)
    done: list[str] = []

    async def fail() -> None:
        async with database.transaction(TENANT) as tx:
            await change(tx, 1)
            tx.on_commit(lambda: done.append("never"))
            raise Conflict("no")

    with pytest.raises(Conflict):
        await fail()
    await do(database, 2)

    assert await stored_rows(database) == {2}
    assert numbers(heard.recorded) == numbers(await logged(database)) == [2]
    assert done == []


async def test_a_statement_that_fails_undoes_the_whole_use_case(database: Database) -> None:
    await do(database, 1)

    async def twice() -> None:
        async with database.transaction(TENANT) as tx:
            await change(tx, 2)
            await change(tx, 1)

    with pytest.raises(Exception, match="event_cursor") as failed:
        await twice()

    assert "row 1" not in str(failed.value).partition("DETAIL")[0], "an error shows no values"
    assert await stored_rows(database) == {1}
    assert numbers(await logged(database)) == [1]


async def test_work_after_the_commit_is_done_in_order_and_stops_nobody(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    heard = Heard(database)
    done: list[int] = []

    def broken() -> None:
        raise RuntimeError("broken")

    async with database.transaction(TENANT) as tx:
        await change(tx, 1)
        tx.on_commit(lambda: done.append(1))
        tx.on_commit(broken)
        tx.on_commit(lambda: done.append(2))

    assert done == [1, 2]
    assert numbers(heard.recorded) == [1]
    assert "work after a commit failed" in caplog.text


async def test_a_transaction_in_a_transaction_is_refused_at_once(database: Database) -> None:
    async def nested() -> None:
        async with database.transaction(TENANT) as tx:
            await change(tx, 1)
            await do(database, 2)

    with pytest.raises(RuntimeError, match="pass its tx on"):
        await nested()
    await asyncio.gather(*(do(database, number) for number in (3, 4)))

    assert await stored_rows(database) == {3, 4}


async def test_a_reading_sees_one_moment(database: Database) -> None:
    await do(database, 1)
    async with database.reading(TENANT) as reading:
        before = len(await read_after(reading, Cursor(), limit=9))
        await asyncio.create_task(do(database, 2))
        assert len(await read_after(reading, Cursor(), limit=9)) == before == 1

    assert numbers(await logged(database)) == [1, 2]


async def test_the_history_of_one_thing_is_its_tenants_only(database: Database) -> None:
    subject = uuid4()
    for number in range(4):
        await do(database, number, subject=subject if number % 2 else None)
    async with database.reading(TENANT) as reading:
        assert numbers(await read_subject(reading, subject, limit=9)) == [1, 3]
        assert numbers(await read_subject(reading, subject, limit=1)) == [1]
    async with database.reading(OTHER) as reading:
        assert await read_subject(reading, subject, limit=9) == []


async def test_a_fact_of_a_version_that_is_gone_is_passed_over(database: Database) -> None:
    await do(database, 1)
    async with database.system_transaction() as tx:
        await tx.execute(text("UPDATE event_log SET name = 'test.unknown'"))
    await do(database, 2)
    async with database.system_reading() as reading:
        unknown, known = await read_after(reading, Cursor(), limit=9)

    assert unknown.recorded is None
    assert known.recorded is not None
    assert unknown.cursor < known.cursor


@pytest.mark.parametrize("payload", ["", "{", '{"number": "many"}', "[]"])
async def test_a_fact_that_cannot_be_read_is_passed_over_and_said(
    database: Database, caplog: pytest.LogCaptureFixture, payload: str
) -> None:
    await do(database, 1)
    async with database.system_transaction() as tx:
        await tx.execute(text("UPDATE event_log SET payload = :payload"), {"payload": payload})
    await do(database, 2)

    assert numbers(await logged(database)) == [2]
    assert "test.happened" in caplog.text
    assert "cannot be read" in caplog.text


async def test_a_system_transaction_belongs_to_no_tenant(database: Database) -> None:
    async with database.system_transaction() as tx:
        with pytest.raises(LookupError):
            assert tx.tenant_id
        tx.emit(Happened(number=1), subject=uuid4(), tenant_id=TENANT)

    assert [item.tenant_id for item in await logged(database)] == [TENANT]


async def test_many_writers_at_once_share_commits_on_sqlite(sqlite_url: str) -> None:
    database = Database(sqlite_url, SystemClock())
    await asyncio.gather(*(do(database, number) for number in range(300)))

    assert database._writer is not None
    assert await stored_rows(database) == set(range(300))
    assert database.commits == 300
    assert 300 / sqlite_file.MAX_GROUP <= database._writer.commits < 30
    await database.close()


async def test_what_is_acknowledged_is_seen_by_another_process_at_once(sqlite_url: str) -> None:
    database = Database(sqlite_url, SystemClock())
    other = sqlite3.connect(sqlite_url.partition("///")[2])

    async def write_and_look(number: int) -> None:
        await do(database, number)
        found = other.execute("SELECT count(*) FROM event_cursor WHERE position = ?", (number,)).fetchone()
        assert found == (1,)

    await asyncio.gather(*(write_and_look(number) for number in range(30)))
    other.close()
    await database.close()


class OtherProcess:
    """Holds SQLite's write lock, as the command line would."""

    def __init__(self, url: str) -> None:
        self._file = url.partition("///")[2]
        self._release = threading.Event()
        self._held = threading.Event()
        self._thread = threading.Thread(target=self._hold)

    def _hold(self) -> None:
        connection = sqlite3.connect(self._file, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO event_cursor VALUES ('row 1000', 0, 1000)")
        self._held.set()
        self._release.wait()
        connection.execute("COMMIT")
        connection.close()

    def __enter__(self) -> "OtherProcess":
        self._thread.start()
        assert self._held.wait(PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._release.set()
        self._thread.join()


async def test_another_process_that_writes_is_waited_for_and_readings_go_on(sqlite_url: str) -> None:
    database = Database(sqlite_url, SystemClock())
    await do(database, 0)
    with OtherProcess(sqlite_url):
        writers = [asyncio.create_task(do(database, number)) for number in range(1, 21)]
        await asyncio.sleep(0.1)
        for writer in writers[::3]:
            writer.cancel()  # the first of them is the one that waits for the lock
        assert await stored_rows(database) == {0}
        assert not any(writer.done() for writer in writers[1::3])
    results = await asyncio.gather(*writers, return_exceptions=True)

    acknowledged = {number for number, result in enumerate(results, 1) if result is None}
    assert {2, 3, 5, 6, 20} <= acknowledged
    assert await stored_rows(database) == acknowledged | {0, 1000}
    await do(database, 21)
    await database.close()


async def test_another_process_that_writes_for_too_long_is_said_so(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.1)
    database = Database(sqlite_url, SystemClock())
    with OtherProcess(sqlite_url), pytest.raises(Unavailable, match="database-busy"):
        await do(database, 1)
    await do(database, 2)

    assert await stored_rows(database) == {2, 1000}
    await database.close()


async def test_a_full_disk_fails_everybody_in_the_group_and_nobody_after(sqlite_url: str) -> None:
    database = Database(sqlite_url, SystemClock())
    heard = Heard(database)
    await do(database, 0)

    async def fill_the_disk() -> None:
        async with database.transaction(TENANT) as tx:
            pages = (await tx.execute(text("PRAGMA page_count"))).scalar_one()
            await tx.execute(text(f"PRAGMA max_page_count={pages}"))
            await change(tx, 1)
            await tx.execute(
                insert(CursorRow), [{"subscriber": f"{n:0500}", "xid": 0, "position": 0} for n in range(2000)]
            )

    results = await asyncio.gather(do(database, 2), fill_the_disk(), do(database, 3), return_exceptions=True)
    acknowledged = {number for number, result in zip((2, 1, 3), results, strict=True) if result is None}
    await do(database, 4)

    assert isinstance(results[1], Exception)
    assert 1 not in acknowledged
    assert await stored_rows(database) == acknowledged | {0, 4}
    assert set(numbers(heard.recorded)) == acknowledged | {0, 4}
    assert not database._unpublished
    await database.close()


_WAITING_FOR_A_LOCK = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


@pytest.mark.postgres
async def test_a_use_case_cancelled_in_the_middle_of_its_commit_is_published_once(postgres_tables_url: str) -> None:
    database = Database(postgres_tables_url, SystemClock(), pool_size=1)
    heard = Heard(database)
    async with database.engine.begin() as connection:
        await connection.execute(
            text(
                "CREATE FUNCTION slow() RETURNS trigger AS "
                "'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END' LANGUAGE plpgsql"
            )
        )
        await connection.execute(
            text(
                "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON event_cursor "
                "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()"
            )
        )
    holder = Database(postgres_tables_url, SystemClock())
    async with holder.system_transaction() as tx:
        await tx.execute(text("SELECT pg_advisory_xact_lock(1)"))
        writer = asyncio.create_task(do(database, 1))
        while not (await tx.execute(_WAITING_FOR_A_LOCK)).scalar_one():
            await asyncio.sleep(0.005)
        writer.cancel()
        writer.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await writer

    assert numbers(heard.recorded) == [1]
    assert not database._unpublished
    await asyncio.gather(*(do(database, number) for number in (2, 3)))
    assert await stored_rows(database) == {1, 2, 3}
    await holder.close()
    await database.close()


@pytest.mark.postgres
async def test_a_commit_that_fails_is_not_published(postgres_tables_url: str) -> None:
    database = Database(postgres_tables_url, SystemClock())
    heard = Heard(database)
    async with database.engine.begin() as connection:
        await connection.execute(
            text("CREATE FUNCTION refuse() RETURNS trigger AS 'BEGIN RAISE EXCEPTION ''late''; END' LANGUAGE plpgsql")
        )
        await connection.execute(
            text(
                "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON event_cursor "
                "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()"
            )
        )
    with pytest.raises(Exception, match="late"):
        await do(database, 1)

    assert heard.recorded == []
    assert not database._unpublished
    assert await logged(database) == []
    await database.close()


async def test_a_reading_that_goes_on_has_its_connection_closed_too(database_url: str) -> None:
    database = Database(database_url, SystemClock())
    reads, go_on, ended = asyncio.Event(), asyncio.Event(), False

    async def read() -> None:
        nonlocal ended
        async with database.system_reading() as reading:
            reads.set()
            await go_on.wait()
            await reading.execute(text("SELECT 1"))
        ended = True

    task = asyncio.create_task(read())
    await reads.wait()
    pool = database.engine.pool
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0.02)
    go_on.set()
    await closing
    assert ended
    assert isinstance(pool, QueuePool)
    assert (pool.checkedout(), pool.checkedin()) == (0, 0)
    await task


async def test_how_long_a_turn_to_write_is_waited_for_is_known(database_url: str, clock: FakeClock) -> None:
    database = Database(database_url, clock, pool_size=1)
    at_once = 1 if database.dialect == "sqlite" else 2
    go_on, begun = asyncio.Event(), 0

    async def hold() -> None:
        nonlocal begun
        async with database.transaction(TENANT):
            begun += 1
            await go_on.wait()

    holding = [asyncio.create_task(hold()) for _ in range(at_once)]
    await until(lambda: begun == at_once)
    waiting = asyncio.create_task(do(database, 1))
    await asyncio.sleep(0)
    clock.advance(2)
    go_on.set()
    await asyncio.gather(*holding, waiting)

    assert database.longest_wait() == 2
    assert database.longest_wait() == 0
    await database.close()
