"""Many writers, errors and cancellations anywhere, other processes, and kill -9: acknowledged means stored."""

import asyncio
import random
import sys
from collections import Counter

import pytest

from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.kernel.clock import SystemClock
from careline.kernel.errors import Conflict
from careline.kernel.events import Recorded
from tests.infra.facts import TENANT, Happened, change, do, logged, numbers, stored_rows

WRITERS = 150


class Run:
    """Use cases that end in every way, and what each was told."""

    def __init__(self, database: Database, chance: random.Random, first: int) -> None:
        self.database = database
        self.chance = chance
        self.first = first
        self.acknowledged: set[int] = set()
        self.refused: set[int] = set()

    async def go(self) -> None:
        tasks = [asyncio.create_task(self._use_case(self.first + number)) for number in range(WRITERS)]
        for task in self.chance.sample(tasks, WRITERS // 4):
            await asyncio.sleep(self.chance.random() * 0.004)
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _use_case(self, number: int) -> None:
        await asyncio.sleep(self.chance.random() * 0.1)
        fails = self.chance.choice(["", "", "", "before", "after", "statement"])
        try:
            async with self.database.transaction(TENANT) as tx:
                if fails == "before":
                    raise Conflict("no")
                await change(tx, number)
                if fails == "statement":
                    await change(tx, number)
                if fails == "after":
                    raise Conflict("no")
        except asyncio.CancelledError:
            raise  # whether it is stored is not known to who was cancelled
        except Exception:  # noqa: BLE001 - whatever it was, it was refused
            self.refused.add(number)
        else:
            self.acknowledged.add(number)


async def follow(bus: EventBus) -> None:
    """Read the log all the time, also while a commit is stored and not yet told."""
    while True:
        await bus.catch_up()
        await asyncio.sleep(0)


@pytest.mark.parametrize("seed", range(3))
async def test_stored_if_acknowledged_told_if_stored(database_url: str, seed: int) -> None:
    databases = [Database(database_url, SystemClock()) for _ in range(2)]
    buses = [EventBus(database) for database in databases]
    seen: list[Counter[int]] = [Counter(), Counter()]
    for database, bus, counter in zip(databases, buses, seen, strict=True):

        async def handler(event: Happened, _recorded: Recorded, counter: Counter[int] = counter) -> None:
            counter[event.number] += 1

        database.on_committed(bus.publish)
        bus.subscribe("test.counts", Happened, handler)
        await bus.start()
    chance = random.Random(seed)
    runs = [Run(database, chance, first) for database, first in zip(databases, (0, 10_000), strict=True)]
    following = [asyncio.create_task(follow(bus)) for bus in buses]
    await asyncio.gather(*(run.go() for run in runs))
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)
    for bus in buses:
        await bus.catch_up()
        await bus.settled()

    stored = await stored_rows(databases[0])
    acknowledged = runs[0].acknowledged | runs[1].acknowledged
    refused = runs[0].refused | runs[1].refused
    assert len(acknowledged) > WRITERS / 2
    assert acknowledged <= stored
    assert not refused & stored
    assert Counter(numbers(await logged(databases[0]))) == Counter(stored), "a fact for each change, and no other"
    assert seen == [Counter(stored), Counter(stored)], "each fact once in each process"
    for database, bus in zip(databases, buses, strict=True):
        await bus.stop()  # it may be storing how far it has come
        assert not database._unpublished
        assert not database._writing
        await database.close()


@pytest.mark.slow
async def test_what_a_killed_process_was_told_is_stored_is_there(database_url: str) -> None:
    ours = Database(database_url, SystemClock())
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.infra.database.writer_process", database_url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    told = [int(await process.stdout.readline())]
    for number in range(100):  # we write while it writes
        await do(ours, number)
    process.kill()
    told += [int(line) for line in (await process.stdout.read()).split(b"\n")[:-1]]
    await process.wait()

    stored = await stored_rows(ours)
    assert len(told) > 20
    assert set(told) <= stored
    assert set(range(100)) <= stored
    assert Counter(numbers(await logged(ours))) == Counter(stored)
    await do(ours, 100)
    await ours.close()
