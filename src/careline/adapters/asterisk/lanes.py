"""Order within a leg, freedom between legs: turns for commands, deliveries for events."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

log = logging.getLogger(__name__)

Delivery = Callable[[], Awaitable[None]]


class Turns:
    """Who asks first goes first, for each name by itself; a name costs nothing while nobody asks for it."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, names: Iterable[str]) -> AsyncIterator[None]:
        """Hold the turn of all names, taken in one order everywhere so that nobody waits in a circle."""
        wanted = sorted(set(names))
        if len(wanted) == 1:
            async with self._one(wanted[0]):
                yield
            return
        async with AsyncExitStack() as held:
            for name in wanted:
                await held.enter_async_context(self._one(name))
            yield

    @asynccontextmanager
    async def _one(self, name: str) -> AsyncIterator[None]:
        lock, waiting = self._locks.get(name, (asyncio.Lock(), 0))
        self._locks[name] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks[name]
            if waiting == 1:
                del self._locks[name]
            else:
                self._locks[name] = (lock, waiting - 1)


class Deliveries:
    """Carries out deliveries one after another for each name. A delivery that fails is logged and stops no other.

    ``failed`` is called with the name of a lane in which one failed.
    """

    def __init__(self, failed: Callable[[str], None] | None = None) -> None:
        self._lanes: dict[str, deque[Delivery]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed = failed

    def put(self, name: str, delivery: Delivery) -> None:
        """Put a delivery at the end of a lane."""
        lane = self._lanes.get(name)
        if lane is not None:
            lane.append(delivery)
            return
        self._lanes[name] = deque([delivery])
        task = asyncio.get_running_loop().create_task(self._drain(name), name=f"voice {name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drained(self) -> None:
        """Wait until nothing is left to deliver."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Give up what is not delivered."""
        for task in self._tasks:
            task.cancel()
        await self.drained()
        self._lanes.clear()

    async def _drain(self, name: str) -> None:
        lane = self._lanes[name]
        try:
            while lane:
                try:
                    await lane.popleft()()
                except Exception:  # a handler's failure is its own; the next event must still be told
                    log.exception("an event of leg %s was not dealt with", name)
                    if self._failed is not None:
                        self._failed(name)
        finally:
            self._lanes.pop(name, None)
