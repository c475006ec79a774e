"""A log that came from another PostgreSQL server goes on: nothing is lost, nothing is heard twice."""

import pytest
from sqlalchemy import text

from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.infra.database.log import Cursor, load_cursor
from careline.kernel.clock import SystemClock
from careline.kernel.events import Recorded
from tests.infra.bus.test_nothing_lost import Process
from tests.infra.facts import Happened, do, logged, numbers

pytestmark = pytest.mark.postgres

AHEAD = 1_000_000_000


@pytest.fixture
async def url(postgres_url: str) -> str:
    """A database whose log holds three facts that were heard and one that was not, of a server far ahead of this."""
    first = Database(postgres_url, SystemClock())
    await schema.migrate(first)
    await first.close()
    process = await Process(postgres_url).start()
    for number in (1, 2, 3):
        await do(process.database, number)
    await process.bus.settled()
    await process.stop()
    writer = Database(postgres_url, SystemClock())
    await do(writer, 4)
    async with writer.system_transaction() as tx:
        for table in ("event_log", "event_cursor"):
            await tx.execute(text(f"UPDATE {table} SET xid = xid + {AHEAD}"))
    await writer.close()
    return postgres_url


async def brought_here(url: str) -> None:
    database = Database(url, SystemClock())
    await schema.migrate(database)
    await schema.check(database)
    await database.close()


async def test_what_happens_here_is_heard_after_what_happened_there(url: str) -> None:
    await brought_here(url)
    process = await Process(url).start()
    await process.bus.settled()
    assert process.seen == [4]
    other = Database(url, SystemClock())
    await do(other, 5)
    await process.bus.catch_up()
    await do(process.database, 6)
    await process.bus.catch_up()
    await process.stop()
    assert process.seen == [4, 5, 6]

    await do(other, 7)
    process = await Process(url).start()
    await process.stop()
    assert process.seen == [7]
    assert numbers(await logged(other)) == [1, 2, 3, 4, 5, 6, 7]
    await other.close()


async def test_a_new_subscriber_hears_both_in_order(url: str) -> None:
    await brought_here(url)
    process = Process(url)
    heard: list[int] = []

    async def handler(event: Happened, _recorded: Recorded) -> None:
        heard.append(event.number)

    process.bus.subscribe("test.new", Happened, handler, key=lambda *_: None)
    await process.start()
    await do(process.database, 5)
    await process.stop()

    assert heard == [1, 2, 3, 4, 5]


async def test_it_is_moved_once_and_from_server_to_server(url: str) -> None:
    await brought_here(url)
    database = Database(url, SystemClock())
    async with database.system_reading() as reading:
        before = await load_cursor(reading, "test.remembers")
    assert before > Cursor()
    await brought_here(url)
    async with database.system_reading() as reading:
        assert await load_cursor(reading, "test.remembers") == before
    await do(database, 5)
    async with database.system_transaction() as tx:
        for table in ("event_log", "event_cursor"):
            await tx.execute(text(f"UPDATE {table} SET xid = xid + {AHEAD}"))
    await brought_here(url)
    await do(database, 6)
    await database.close()
    process = await Process(url).start()
    await process.stop()

    assert process.seen == [4, 5, 6]


async def test_nobody_works_on_it_before(url: str) -> None:
    database = Database(url, SystemClock())
    with pytest.raises(schema.DatabaseMoved, match="run `careline migrate`"):
        await schema.check(database)
    await database.close()
