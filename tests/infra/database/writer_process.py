"""A process that writes as fast as it can and prints each number once it was told that it is stored; it is killed."""

import asyncio
import itertools
import sys

from careline.infra.database.database import Database
from careline.kernel.clock import SystemClock
from tests.infra.facts import do


async def write(database: Database, numbers: "itertools.count[int]") -> None:
    while True:
        number = next(numbers)
        await do(database, number)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


async def main(url: str) -> None:
    database = Database(url, SystemClock())
    numbers = itertools.count(1_000_000)
    await asyncio.gather(*(write(database, numbers) for _ in range(20)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
