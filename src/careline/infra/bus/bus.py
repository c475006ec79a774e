"""The event bus of one process."""

import asyncio
import logging
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar, overload

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.log import Cursor, horizon, load_cursor, read_after, store_cursor
from careline.kernel.events import Event, Recorded

logger = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)
Handler = Callable[[E, Recorded], Awaitable[None]]
Key = Callable[[E, Recorded], object]

RETRY_AFTER_S = (0.05, 0.5, 2.0, 10.0, 30.0)
"""Waits between tries of a durable handler that fails; the last one repeats until it works."""

REPLAY_BATCH = 500


class _Subscription(Generic[E]):
    """One handler with its lanes: facts of one key wait for each other, different keys do not."""

    def __init__(
        self, name: str, classes: tuple[type[E], ...], handler: Handler[E], key: Key[E], *, durable: bool
    ) -> None:
        self.name = name
        self.classes = classes
        self.handler = handler
        self.key = key
        self.durable = durable
        self.lanes: dict[object, deque[Recorded]] = {}
        self.unfinished: set[Cursor] = set()
        self.seen = Cursor()
        self.stored = Cursor()

    def done_to(self) -> Cursor:
        """Everything at or before this was handled."""
        if not self.unfinished:
            return self.seen
        first = min(self.unfinished)
        return min(self.seen, Cursor(first.xid, first.position - 1))


def _subject(_event: Event, recorded: Recorded) -> object:
    return recorded.subject


class EventBus:
    """Subscribe while the process is put together, then ``start``; ``publish`` is called by the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._subscriptions: list[_Subscription[Any]] = []
        self._by_class: dict[type[Event], list[_Subscription[Any]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._started = False
        self._early: list[Recorded] = []

    @overload
    def subscribe(
        self, name: str, classes: type[E], handler: Handler[E], *, key: Key[E] = ..., durable: bool = ...
    ) -> None: ...

    @overload
    def subscribe(
        self,
        name: str,
        classes: tuple[type[Event], ...],
        handler: Handler[Any],
        *,
        key: Key[Any] = ...,
        durable: bool = ...,
    ) -> None: ...

    def subscribe(
        self,
        name: str,
        classes: type[Event] | tuple[type[Event], ...],
        handler: Handler[Any],
        *,
        key: Key[Any] = _subject,
        durable: bool = True,
    ) -> None:
        """Call ``handler(event, recorded)`` for each fact of these classes.

        ``name`` is ``<module>.<what-it-does>``, stable, and names the cursor of a durable subscriber. A durable
        handler may see a fact twice and must not mind. Facts with equal ``key`` (the subject unless told) come one
        after another.
        """
        if self._started:
            raise RuntimeError("subscribe before start")
        if any(known.name == name for known in self._subscriptions):
            raise ValueError(f"subscriber {name!r} exists")
        wanted = classes if isinstance(classes, tuple) else (classes,)
        subscription = _Subscription(name, wanted, handler, key, durable=durable)
        self._subscriptions.append(subscription)
        for cls in wanted:
            self._by_class.setdefault(cls, []).append(subscription)

    async def start(self) -> None:
        """Bring durable subscribers up to date with the log, then let new facts through."""
        async with self._database.system_reading() as reading:
            for subscription in self._durable():
                subscription.stored = subscription.seen = await load_cursor(reading, subscription.name)
        await self._replay()
        self._started = True
        early, self._early = self._early, []
        self.publish(early)

    def publish(self, recorded: Sequence[Recorded]) -> None:
        """Hand committed facts to the subscribers of this process; returns at once."""
        if not self._started:
            self._early.extend(recorded)
            return
        for item in recorded:
            for subscription in self._by_class.get(type(item.event), ()):
                self._deliver(subscription, item)

    async def settled(self) -> None:
        """Wait until every handler has finished what was published; for tests and an orderly end."""
        while self._tasks:
            await self._idle.wait()

    async def save_cursors(self) -> None:
        """Remember how far the durable subscribers have come; called now and then, and at the end.

        A crash in between only means that handlers see the last facts again.
        """
        limit = await self._limit()
        reached = [(item, min(item.done_to(), limit)) for item in self._durable()]
        moved = [(item, cursor) for item, cursor in reached if cursor > item.stored]
        if not moved:
            return
        async with self._database.system_transaction() as tx:
            for subscription, cursor in moved:
                await store_cursor(tx, subscription.name, cursor)
        for subscription, cursor in moved:
            subscription.stored = cursor

    async def stop(self) -> None:
        """Let running handlers end, for at most five seconds, and save the cursors."""
        try:
            async with asyncio.timeout(5):
                await self.settled()
        except TimeoutError:
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.save_cursors()

    async def _limit(self) -> Cursor:
        """No cursor may pass a transaction that can still publish facts, here or in another process."""
        publishing = self._database.publishing_from()
        async with self._database.system_reading() as reading:
            first = await horizon(reading)
        if first is None:
            return Cursor(sys.maxsize, sys.maxsize)
        return Cursor(min(first, first if publishing is None else publishing) - 1, sys.maxsize)

    def _durable(self) -> list[_Subscription[Any]]:
        return [item for item in self._subscriptions if item.durable]

    async def _replay(self) -> None:
        durable = self._durable()
        if not durable:
            return
        cursor = min(item.seen for item in durable)
        while True:
            async with self._database.system_reading() as reading:
                entries = await read_after(reading, cursor, limit=REPLAY_BATCH)
            if not entries:
                return
            for entry in entries:
                for subscription in durable:
                    if entry.cursor > subscription.seen:
                        subscription.seen = entry.cursor
                        if entry.recorded is not None and isinstance(entry.recorded.event, subscription.classes):
                            await self._handle(subscription, entry.recorded)
            cursor = entries[-1].cursor

    def _deliver(self, subscription: _Subscription[Any], item: Recorded) -> None:
        copy = _through_wire(item)
        key = subscription.key(copy.event, copy)
        subscription.unfinished.add(Cursor(copy.xid, copy.position))
        lane = subscription.lanes.get(key)
        if lane is not None:
            lane.append(copy)
            return
        subscription.lanes[key] = deque([copy])
        self._idle.clear()
        task = asyncio.create_task(self._run_lane(subscription, key), name=f"{subscription.name}:{key}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not self._tasks:
            self._idle.set()

    async def _run_lane(self, subscription: _Subscription[Any], key: object) -> None:
        lane = subscription.lanes[key]
        try:
            while lane:
                item = lane.popleft()
                await self._handle(subscription, item)
                place = Cursor(item.xid, item.position)
                subscription.unfinished.discard(place)
                subscription.seen = max(subscription.seen, place)
        finally:
            subscription.lanes.pop(key, None)

    async def _handle(self, subscription: _Subscription[Any], item: Recorded) -> None:
        attempt = 0
        while True:
            try:
                await subscription.handler(item.event, item)
            except Exception:
                logger.exception("%s could not handle %s at %d", subscription.name, item.event.name, item.position)
                if not subscription.durable:
                    return
                await asyncio.sleep(RETRY_AFTER_S[min(attempt, len(RETRY_AFTER_S) - 1)])
                attempt += 1
            else:
                return


def _through_wire(item: Recorded) -> Recorded:
    """The fact as another process would read it, so that no handler comes to rely on a shared object."""
    decoded = msgspec.json.decode(msgspec.json.encode(item.event), type=type(item.event))
    return msgspec.structs.replace(item, event=decoded)
