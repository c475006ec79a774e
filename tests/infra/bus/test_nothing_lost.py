"""Crashes, other processes and late commits: every committed fact reaches every durable subscriber."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import select

from careline.infra.bus import bus as bus_file
from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.infra.database.models import CursorRow
from careline.kernel.clock import SystemClock
from careline.kernel.events import Recorded
from tests.infra.facts import TENANT, Ended, Happened, change, do, until


class Process:
    """A process over a database, with one durable subscriber that remembers what it saw."""

    def __init__(self, url: str) -> None:
        self.database = Database(url, SystemClock())
        self.bus = EventBus(self.database)
        self.database.on_committed(self.bus.publish)
        self.seen: list[int] = []
        self.stuck_on: set[int] = set()
        self.bus.subscribe("test.remembers", Happened, self._remember)

    async def start(self) -> "Process":
        await self.bus.start()
        return self

    async def stop(self) -> None:
        await self.bus.stop()
        await self.database.close()

    async def crash(self) -> None:
        """No orderly end: what runs is gone, no cursor is stored."""
        assert self.bus._keeper is not None
        tasks = [self.bus._keeper, *self.bus._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.database.close()

    async def _remember(self, event: Happened, _recorded: Recorded) -> None:
        if event.number in self.stuck_on:
            await asyncio.Event().wait()
        self.seen.append(event.number)


async def stored_cursor(database: Database) -> int:
    async with database.system_reading() as reading:
        found = await reading.execute(select(CursorRow.position).where(CursorRow.subscriber == "test.remembers"))
        return found.scalar_one_or_none() or 0


async def test_after_an_orderly_end_nothing_is_seen_again(database_url: str) -> None:
    process = await Process(database_url).start()
    await do(process.database, 1)
    await process.stop()
    process = await Process(database_url).start()
    await do(process.database, 2)
    await process.stop()

    assert process.seen == [2]


async def test_after_a_crash_what_was_not_handled_is_handled(database_url: str) -> None:
    process = Process(database_url)
    process.stuck_on = {3}
    await process.start()
    for number in range(1, 4):
        await do(process.database, number)
    await until(lambda: process.seen == [1, 2])
    await process.bus.catch_up()
    await process.bus.save_cursors()
    await do(process.database, 4)
    await until(lambda: process.seen == [1, 2, 4])
    await process.crash()

    process = await Process(database_url).start()
    await process.bus.settled()
    await process.stop()

    assert process.seen == [3, 4]


async def test_facts_of_a_process_that_died_before_it_told_anybody(database_url: str) -> None:
    process = Process(database_url)
    await do(process.database, 1)  # committed, but this bus never ran
    await process.database.close()
    process = await Process(database_url).start()
    await process.bus.settled()
    await process.stop()

    assert process.seen == [1]


async def test_facts_of_another_process_arrive_once_and_ones_own_not_again(database_url: str) -> None:
    process = await Process(database_url).start()
    other = Database(database_url, SystemClock())
    for number in range(1, 7):
        await do(other if number % 2 else process.database, number)
        if number == 3:
            await process.bus.catch_up()
    await until(lambda: len(process.seen) == 6)  # by itself, within a second or two
    await process.bus.catch_up()
    await process.bus.settled()
    await other.close()
    await process.stop()

    assert sorted(process.seen) == [1, 2, 3, 4, 5, 6]
    assert not process.bus._handed_out


async def test_a_fact_that_is_stored_and_not_yet_told_is_left_to_who_tells_it(database_url: str) -> None:
    process = await Process(database_url).start()
    told_later: list[Recorded] = []
    process.database.on_committed(told_later.extend)
    await do(process.database, 1)
    process.database._unpublished.add(told_later[0].id)  # as between the commit and the call of the listener
    await process.bus.catch_up()
    assert process.seen == []
    process.bus.publish(told_later)
    process.database._unpublished.clear()
    await process.bus.catch_up()
    await process.bus.settled()
    await process.stop()

    assert process.seen == [1]


async def test_a_new_subscriber_gets_the_whole_log_and_an_old_one_does_not(database_url: str) -> None:
    process = await Process(database_url).start()
    await do(process.database, 1)
    await process.stop()
    process = Process(database_url)
    new: list[int] = []

    async def handler(event: Happened, _recorded: Recorded) -> None:
        new.append(event.number)

    process.bus.subscribe("test.new", Happened, handler)
    await process.start()
    await do(process.database, 2)
    await process.stop()

    assert (process.seen, new) == ([2], [1, 2])


async def test_a_fact_nobody_can_handle_does_not_stop_the_start(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_file, "PATIENCE_S", 0.05)
    monkeypatch.setattr(bus_file, "MOST_UNFINISHED", 3)
    writer = Database(database_url, SystemClock())
    for number in range(1, 8):
        await do(writer, number)
    await writer.close()
    process = Process(database_url)
    process.stuck_on = {1}
    await process.start()
    await do(process.database, 8)
    await until(lambda: process.seen == [2, 3, 4, 5, 6, 7, 8])
    await process.bus.catch_up()
    await process.bus.save_cursors()

    assert await stored_cursor(process.database) == 0, "the cursor waits before what was not handled"
    await process.crash()


async def test_a_handler_that_never_ends_is_waited_for_once_however_much_there_is_to_read(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("PATIENCE_S", 0.1), ("MOST_UNFINISHED", 3), ("BATCH", 2)):
        monkeypatch.setattr(bus_file, name, value)
    writer = Database(database_url, SystemClock())
    for number in range(40):
        await do(writer, number)
    await writer.close()
    process = Process(database_url)
    process.stuck_on = set(range(39))
    began = asyncio.get_running_loop().time()
    await process.start()

    assert asyncio.get_running_loop().time() - began < 1
    await until(lambda: process.seen == [39])
    await process.crash()


@pytest.mark.postgres
async def test_a_transaction_that_commits_late_is_not_skipped(postgres_tables_url: str) -> None:
    process = await Process(postgres_tables_url).start()
    other = Database(postgres_tables_url, SystemClock())
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def late() -> None:
        async with other.transaction(TENANT) as tx:
            await change(tx, 1)  # takes its place in the order now
            begun.set()
            await go_on.wait()

    slow = asyncio.create_task(late())
    await begun.wait()
    for number in (2, 3):
        await do(process.database, number)
    await process.bus.settled()
    await process.bus.catch_up()
    await process.bus.save_cursors()
    assert process.seen == [2, 3]
    assert await stored_cursor(process.database) == 0
    go_on.set()
    await slow
    await process.bus.catch_up()
    await process.bus.settled()
    assert process.seen == [2, 3, 1]
    await process.crash()

    process = await Process(postgres_tables_url).start()
    await process.bus.settled()
    await process.stop()
    await other.close()

    assert sorted(process.seen) == [1, 2, 3]


async def test_facts_of_every_kind_move_the_cursor(database_url: str) -> None:
    process = await Process(database_url).start()
    async with process.database.transaction(TENANT) as tx:
        tx.emit(Ended(number=1), subject=uuid4())  # nobody here wants it
    await process.bus.catch_up()
    await process.bus.save_cursors()

    assert await stored_cursor(process.database) == 1
    await process.stop()


async def test_who_follows_from_now_on_is_spared_what_was_and_misses_nothing_after(database_url: str) -> None:
    class Follower(Process):
        def __init__(self, url: str) -> None:
            super().__init__(url)
            self.followed: list[int] = []
            self.bus.subscribe("test.follows", Happened, self._follow, from_now=True)

        async def _follow(self, event: Happened, _recorded: Recorded) -> None:
            self.followed.append(event.number)

    before = await Process(database_url).start()
    await do(before.database, 1)
    await before.stop()

    first = Follower(database_url)
    await first.start()
    await do(first.database, 3)
    await first.bus.settled()
    assert (first.seen, first.followed) == ([3], [3])
    await first.stop()

    meanwhile = await Process(database_url).start()
    await do(meanwhile.database, 4)
    await meanwhile.stop()
    second = Follower(database_url)
    await second.start()
    await until(lambda: second.followed == [4])
    assert second.seen == []
    await second.stop()
