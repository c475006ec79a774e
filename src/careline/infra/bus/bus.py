"""The event bus of one process."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, overload
from uuid import UUID

import msgspec

from careline.infra.bus import places
from careline.infra.bus.subscription import Handler, Key, Subscription, Unfinished, Wanted
from careline.infra.database.database import Database
from careline.infra.database.log import Cursor, LogEntry, end_of_log, load_cursor, read_after
from careline.infra.database.transaction import Reading
from careline.kernel.events import Event, Recorded

logger = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)
Listener = Callable[[E, Recorded], None]

KEEP_UP_S = 1.0
"""How often the log is read for facts of other processes, and cursors are stored."""

BATCH = 200

MOST_UNFINISHED = 2000
"""Of one subscriber while it is brought up to date; then reading waits, no more once ``PATIENCE_S`` were in vain."""

PATIENCE_S = 10.0


def _subject(_event: Event, recorded: Recorded) -> object:
    return recorded.subject


class EventBus:
    """Subscribe while the process is put together, then ``start``; ``publish`` is called by the database.

    A fact of this process is handed out as soon as it is committed. The log is also read behind that, in commit
    order: what stands there and was not handed out comes from another process and is handed out then. So the place
    up to which the log was read is one before which nothing is missing, and the cursors follow it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._subscriptions: list[Subscription[Any]] = []
        self._by_class: dict[type[Event], list[Subscription[Any]]] = {}
        self._listeners: dict[type[Event], list[tuple[str, Listener[Any]]]] = {}
        self._names: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._pausing = 0
        self._idle = asyncio.Event()
        self._quiet = asyncio.Event()
        self._count()
        self._started = False
        self._handed_out: set[UUID] = set()
        self._read_to = Cursor()
        self._reading = asyncio.Lock()
        self._keeper: asyncio.Task[None] | None = None

    @overload
    def subscribe(
        self,
        name: str,
        classes: type[E],
        handler: Handler[E],
        *,
        key: Key[E] = ...,
        wanted: Wanted[E] | None = ...,
        durable: bool = ...,
        from_now: bool = ...,
    ) -> None: ...

    @overload
    def subscribe(
        self,
        name: str,
        classes: tuple[type[Event], ...],
        handler: Handler[Any],
        *,
        key: Key[Any] = ...,
        wanted: Wanted[Any] | None = ...,
        durable: bool = ...,
        from_now: bool = ...,
    ) -> None: ...

    def subscribe(
        self,
        name: str,
        classes: type[Event] | tuple[type[Event], ...],
        handler: Handler[Any],
        *,
        key: Key[Any] = _subject,
        wanted: Wanted[Any] | None = None,
        durable: bool = True,
        from_now: bool = False,
    ) -> None:
        """Call ``handler(event, recorded)`` for each fact of these classes.

        ``name`` is ``<module>.<what-it-does>``, stable, and names the cursor of a durable subscriber. A durable
        handler may see a fact twice and must not mind. Facts with equal ``key`` (the subject unless told) come one
        after another. A fact that is not ``wanted`` costs this subscriber nothing. A durable subscriber begins with the
        log; ``from_now``, with what happens from its first start on.
        """
        self._take_name(name)
        subscription = Subscription(name, handler, key, wanted, durable=durable, from_now=from_now)
        self._subscriptions.append(subscription)
        for cls in classes if isinstance(classes, tuple) else (classes,):
            self._by_class.setdefault(cls, []).append(subscription)

    def tell(self, name: str, event_class: type[E], listener: Listener[E]) -> None:
        """Call ``listener(event, recorded)`` for each fact of a class, at once and in commit order.

        For what is done in memory within microseconds, such as a frame for a screen: it needs no task and no lane. Not
        durable, and not called again when it fails.
        """
        self._take_name(name)
        self._listeners.setdefault(event_class, []).append((name, listener))

    async def start(self) -> None:
        """Bring durable subscribers up to date with the log, then let new facts through and keep up."""
        async with self._database.system_reading() as reading:
            for subscription in self._durable():
                await self._take_up(subscription, reading)
        self._read_to = min((item.stored for item in self._durable()), default=Cursor())
        patient = True
        while await self._read_on(self._bring_up):
            patient = patient and await self._not_too_many()
        self._started = True
        await self._at_most(PATIENCE_S)
        self._keeper = asyncio.create_task(self._keep_up(), name="bus keeps up")

    def publish(self, recorded: Sequence[Recorded]) -> None:
        """Hand committed facts to the subscribers of this process; returns at once."""
        if not self._started:
            return  # it stands in the log, and is handed out from there
        for item in recorded:
            self._handed_out.add(item.id)
            self._hand_out(item)

    async def settled(self) -> None:
        """Wait until every handler has finished what was published; for tests and an orderly end."""
        while self._tasks:
            await self._idle.wait()

    async def catch_up(self) -> None:
        """Hand out what other processes wrote into the log; done by itself every second."""
        while await self._read_on(self._deliver_foreign):
            pass

    async def save_cursors(self) -> None:
        """Remember how far the durable subscribers have come; done by itself every second.

        A crash in between only means that handlers see the last facts again.
        """
        await self._save(ending=False)

    def held_up(self) -> list[places.Stuck]:
        """Subscribers that fail on so many facts that their cursors wait. At a restart they see much again."""
        return [item.stuck() for item in self._durable() if item.is_full and item.unfinished]

    async def stop(self) -> None:
        """Let running handlers end, for at most five seconds, and save the cursors."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None
        if not await self._at_most(5):
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._save_at_the_end()

    def _durable(self) -> list[Subscription[Any]]:
        return [item for item in self._subscriptions if item.durable]

    async def _keep_up(self) -> None:
        while True:
            await asyncio.sleep(KEEP_UP_S)
            try:
                await self.catch_up()
                await self.save_cursors()
            except Exception:
                logger.exception("the event log could not be followed; trying again")

    async def _take_up(self, subscription: Subscription[Any], reading: Reading) -> None:
        """Where a subscriber was, with what it had not finished: that is handed out before all that follows."""
        subscription.stored = await load_cursor(reading, subscription.name)
        if subscription.from_now and subscription.stored == Cursor():
            subscription.stored = await end_of_log(reading)
        for entry, place in await places.load(reading, subscription.name):
            subscription.kept[entry.cursor] = place.attempts
            cls = entry.event_class
            recorded = entry.recorded if cls is not None and subscription in self._by_class.get(cls, ()) else None
            if recorded is not None:
                self._deliver(subscription, recorded, Unfinished.of(place, reading.now))

    async def _save(self, *, ending: bool) -> None:
        due = []
        for subscription in self._durable():
            was_full = subscription.is_full
            cursor, behind = subscription.reached(self._read_to, ending=ending)
            if subscription.is_full and not was_full:
                logger.error("the cursor of %s waits: it could not handle too many facts", subscription.name)
            changed, finished = subscription.changes(behind)
            if cursor > subscription.stored or changed or finished:
                due.append((subscription, cursor, changed, finished))
            for unfinished in subscription.unfinished.values():
                unfinished.lasting = True
        if due:
            async with self._database.system_transaction() as tx:
                for subscription, cursor, changed, finished in due:
                    await subscription.store(tx, cursor, changed, finished)

    async def _save_at_the_end(self) -> None:
        """Follow the log over what was handed out, without handing out more."""
        while await self._read_on(None):
            pass
        await self._save(ending=True)

    async def _read_on(self, hand_out: Callable[[LogEntry], None] | None) -> bool:
        """Go through the next entries of the log; whether there may be more now.

        It stops before a fact that this process is about to hand out itself, and, without ``hand_out``, before one of
        another process.
        """
        async with self._reading:
            # From a place on, most of the time some dozen rows.
            async with self._database.system_glance() as reading:
                entries = await read_after(reading, self._read_to, limit=BATCH)
            for entry in entries:
                if self._database.is_unpublished(entry.id):
                    return False
                if entry.id in self._handed_out:
                    self._handed_out.discard(entry.id)
                elif hand_out is None:
                    return False
                else:
                    hand_out(entry)
                self._read_to = entry.cursor
            return len(entries) == BATCH

    def _bring_up(self, entry: LogEntry) -> None:
        """To the durable subscribers that have not come so far."""
        cls = entry.event_class
        subscriptions = () if cls is None else self._by_class.get(cls, ())
        missing = [item for item in subscriptions if item.durable and entry.cursor > item.stored]
        recorded = entry.recorded if missing else None
        if recorded is not None:
            for subscription in missing:
                self._deliver(subscription, recorded)

    def _deliver_foreign(self, entry: LogEntry) -> None:
        cls = entry.event_class
        recorded = entry.recorded if cls in self._by_class or cls in self._listeners else None
        if recorded is not None:
            self._hand_out(recorded)

    def _hand_out(self, item: Recorded) -> None:
        """To everybody, as another process would read it, so that nobody comes to rely on a shared object."""
        cls = type(item.event)
        subscriptions, listeners = self._by_class.get(cls, ()), self._listeners.get(cls, ())
        if not subscriptions and not listeners:
            return
        copy = _through_wire(item)
        for name, listener in listeners:
            try:
                listener(copy.event, copy)
            except Exception:
                logger.exception("%s could not take in %s at %d", name, copy.event.name, copy.position)
        for subscription in subscriptions:
            self._deliver(subscription, copy)

    def _take_name(self, name: str) -> None:
        if self._started:
            raise RuntimeError("subscribe before start")
        if name in self._names:
            raise ValueError(f"subscriber {name!r} exists")
        self._names.add(name)

    async def _not_too_many(self) -> bool:
        """Bound what is in memory; a handler that does not end holds up the start for some seconds, not for ever.

        Whether waiting helps.
        """
        many = [len(item.unfinished) for item in self._durable()]
        if max(many, default=0) <= MOST_UNFINISHED:
            return True
        await self._at_most(PATIENCE_S)
        is_quiet = len(self._tasks) == self._pausing
        return is_quiet or sum(len(item.unfinished) for item in self._durable()) < sum(many)

    async def _at_most(self, seconds: float) -> bool:
        """Wait for the running handlers, and for no pause after a failure; whether all have ended."""
        try:
            async with asyncio.timeout(seconds):
                while len(self._tasks) > self._pausing:
                    await self._quiet.wait()
        except TimeoutError:
            return False
        return not self._tasks

    def _deliver(self, subscription: Subscription[Any], item: Recorded, unfinished: Unfinished | None = None) -> None:
        if subscription.wanted is not None and not subscription.wanted(item.event):
            return
        key = subscription.key(item.event, item)
        if subscription.durable:
            place = Cursor(item.xid, item.position)
            subscription.unfinished[place] = unfinished or Unfinished(item.tenant_id)
        lane = subscription.lanes.get(key)
        if lane is not None:
            lane.append(item)
            return
        subscription.lanes[key] = deque([item])
        task = asyncio.create_task(self._run_lane(subscription, key), name=subscription.name)
        self._tasks.add(task)
        self._count()
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._count()

    def _count(self) -> None:
        """After a task began or ended, or its pause did."""
        for event, is_so in ((self._idle, not self._tasks), (self._quiet, len(self._tasks) == self._pausing)):
            if is_so:
                event.set()
            else:
                event.clear()

    async def _run_lane(self, subscription: Subscription[Any], key: object) -> None:
        lane = subscription.lanes[key]
        try:
            while lane:
                item = lane.popleft()
                if subscription.durable:
                    await self._handle_until_done(subscription, item)
                else:
                    await self._handle(subscription, item)
        finally:
            subscription.lanes.pop(key, None)

    async def _handle_until_done(self, subscription: Subscription[Any], item: Recorded) -> None:
        place = Cursor(item.xid, item.position)
        unfinished = subscription.unfinished[place]
        while True:
            if unfinished.attempts:
                await self._pause_until(unfinished.due)
            error = await self._handle(subscription, item)
            if error is None:
                break
            unfinished.failed(error)
        del subscription.unfinished[place]

    async def _pause_until(self, due: float) -> None:
        pause = due - asyncio.get_running_loop().time()
        if pause <= 0:
            return
        self._pausing += 1
        self._count()
        try:
            await asyncio.sleep(pause)
        finally:
            self._pausing -= 1
            self._count()

    async def _handle(self, subscription: Subscription[Any], item: Recorded) -> Exception | None:
        """Why it failed, if it did."""
        try:
            await subscription.handler(item.event, item)
        except Exception as error:
            logger.exception("%s could not handle %s at %d", subscription.name, item.event.name, item.position)
            return error
        return None


def _through_wire(item: Recorded) -> Recorded:
    decoded = msgspec.json.decode(msgspec.json.encode(item.event), type=type(item.event))
    return msgspec.structs.replace(item, event=decoded)
