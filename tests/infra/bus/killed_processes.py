"""Processes that follow the log, each killed at another line of the bus: ``… <url> <how many>`` prints the lines.

A process is forked from one that has imported everything, so that it takes no time to begin.
"""

import asyncio
import os
import signal
import sys
import time
from types import FrameType
from typing import Any
from uuid import UUID

from careline.infra.bus import bus as bus_file
from careline.infra.bus import places, subscription
from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.infra.database.models import CursorRow
from careline.infra.database.upsert import insert_or
from careline.kernel.clock import SystemClock
from careline.kernel.events import Recorded
from tests.infra.facts import Happened, do, until

FILES = frozenset(str(module.__file__) for module in (bus_file, places, subscription))
FACTS = 6
KEYS = 3


def key_of(number: int) -> UUID:
    """Three keys a process; the first fact of the first key fails until somebody mends it."""
    process, place = divmod(number, FACTS)
    return UUID(int=1 + process * KEYS + place % KEYS)


def fails(number: int) -> bool:
    return number % FACTS == 0


async def handled(database: Database, number: int) -> None:
    """Write down that a fact was handled, and when it was for the first time."""
    async with database.system_transaction() as tx:
        first = insert_or(tx, CursorRow).values(subscriber=f"handled {number}", xid=0, position=time.monotonic_ns())
        await tx.execute(first.on_conflict_do_nothing(index_elements=["subscriber"]))


async def live(url: str, process: int) -> None:
    """Write facts, handle them but for the one that fails, and end in order, if nothing comes between."""
    database = Database(url, SystemClock())
    bus = EventBus(database)
    database.on_committed(bus.publish)
    seen: set[int] = set()

    async def handler(event: Happened, _recorded: Recorded) -> None:
        if fails(event.number):
            raise RuntimeError("not yet")
        await handled(database, event.number)
        seen.add(event.number)

    bus.subscribe("test.killed", Happened, handler)
    await bus.start()
    facts = range(process * FACTS, (process + 1) * FACTS)
    for number in facts:
        await do(database, number, subject=key_of(number))
    free = {number for number in facts if key_of(number) != key_of(facts[0])}
    await until(lambda: free <= seen)
    for _ in range(2):
        await bus.catch_up()
        await bus.save_cursors()
    await bus.stop()
    await database.close()


class Killer:
    """Counts the lines of the bus that are run, and kills the process at one of them."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.lines = 0

    def called(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        return self.line if frame.f_code.co_filename in FILES else None

    def line(self, _frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            self.lines += 1
            if self.lines == self.last:
                os.kill(os.getpid(), signal.SIGKILL)
        return self.line


def forked(url: str, process: int, last: int) -> int:
    """Let one process live until a line; how many lines it ran when it was not killed, else 0."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        killer = Killer(last)
        sys.settrace(killer.called)
        asyncio.run(live(url, process))
        os.write(writing, str(killer.lines).encode())
        os._exit(0)
    os.close(writing)
    said = os.read(reading, 100)
    os.close(reading)
    _, status = os.waitpid(child, 0)
    assert said or os.WIFSIGNALED(status), "it failed by itself"
    return int(said or 0)


def main(url: str, kills: int) -> None:
    subscription.RETRY_AFTER_S = (0.001,)
    whole = forked(url, 0, last=0)
    for process in range(1, kills + 1):
        last = 1 + whole * (process - 1) // kills + process % 7
        print(last, forked(url, process, last), flush=True)


if __name__ == "__main__":
    import logging

    logging.disable()
    main(sys.argv[1], int(sys.argv[2]))
