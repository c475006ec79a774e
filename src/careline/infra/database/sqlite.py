"""The single writer of the embedded database, with grouped commits.

SQLite has one writer at a time, and a durable commit costs an fsync. Each use case runs in a savepoint of a shared
outer transaction; the outer one is committed when nobody waits for the writer any more or when the group is full.
A use case returns to its caller only after the outer commit, so nothing is acknowledged that could be lost, and a
hundred writers at once share one fsync instead of queueing for a hundred.

Statements of the writer run on the event loop's own thread: they touch memory and the page cache and take some
20 µs, which is less than handing them to another thread and back. Only what may wait for the disk or for another
process – ``COMMIT``, and ``BEGIN`` when somebody else writes – is done in a thread. Readings, which can be long,
never run here.

``BEGIN IMMEDIATE`` takes the write lock at the start: a deferred one fails when another process (the command line)
wrote in between.
"""

import asyncio
import logging
import random
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from careline.infra.database.uninterrupted import uninterrupted
from careline.kernel.errors import Unavailable

logger = logging.getLogger(__name__)

MAX_GROUP = 64
"""Use cases committed together at the most, so that the first of a group never waits for long."""

BUSY_SECONDS = 10
"""How long another process may hold the write lock before we give up."""

RETRY_MILLISECONDS = (0.2, 2.0)
"""How long to wait between two tries at the write lock, at random in between.

SQLite's own waiting sleeps up to 100 ms between tries: beside a process that writes without a pause, whose lock is
free for a fraction of a millisecond at a time, a hundred tries in ten seconds can all miss. Thousands do not.
"""


def _is_busy(error: sqlite3.OperationalError) -> bool:
    """Whether somebody else has the lock, also when they are putting a log in order that a dead process left.

    The lower byte is the kind of the error, the rest its detail (SQLITE_BUSY_RECOVERY and others).
    """
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


class Outcome(Protocol):
    """What becomes of a use case after its block was left; exactly one of the three is called."""

    def durable(self) -> None:
        """Its changes are stored for good."""
        ...

    def lost(self) -> None:
        """Its changes are undone."""
        ...

    def in_doubt(self) -> None:
        """The group failed while it was committed: its changes are undone, or stored for good."""
        ...


class SqliteWriter:
    """Hands out the one writing connection, a savepoint at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-commit")
        self._waiting = 0
        self._connection: Connection | None = None
        self._group: asyncio.Future[None] | None = None
        self._size = 0
        self._outcomes: list[Outcome] = []
        self._committing: set[asyncio.Task[None]] = set()
        self.commits = 0

    @asynccontextmanager
    async def turn(self, outcome: Outcome) -> AsyncIterator[Connection]:
        """A savepoint on the writing connection; leaving it normally means durable, leaving by an error means undone.

        ``outcome`` is told which, in commit order, even when the use case's own task was cancelled while it waited
        for the commit. What is inside the block must await nothing but the database: everybody else waits meanwhile.
        Raises ``Unavailable`` ("database-busy") when another process writes for too long.
        """
        await self._take_turn()
        group: asyncio.Future[None] | None = None
        try:
            connection, group = await self._begin()
            self._raw(connection).execute("SAVEPOINT use_case")
            try:
                yield connection
                self._raw(connection).execute("RELEASE SAVEPOINT use_case")
            except BaseException:
                self._undo(connection)
                raise
            self._size += 1
            self._outcomes.append(outcome)
        except BaseException:
            outcome.lost()
            raise
        finally:
            self._leave()
        await asyncio.shield(group)

    async def close(self) -> None:
        """Finish what is open and give the connection back."""
        while self._committing:
            await asyncio.gather(*self._committing)
        async with self._turn:
            if self._group is not None:
                await self._commit()
            if self._connection is not None:
                self._connection.close()
                self._connection = None
        self._thread.shutdown()

    async def _take_turn(self) -> None:
        self._waiting += 1
        try:
            await self._turn.acquire()
        except BaseException:
            self._waiting -= 1
            # Whoever ran before us may have left the commit to us.
            if self._waiting == 0 and self._group is not None and not self._turn.locked():
                self._spawn(self._commit_left_over())
            raise
        self._waiting -= 1

    def _leave(self) -> None:
        """Let the next one in, or, when nobody waits or the group is full, commit first and keep the turn for that."""
        if self._group is not None and (self._waiting == 0 or self._size >= MAX_GROUP):
            self._spawn(self._commit_and_release())
        else:
            self._turn.release()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        # In a task of its own: the use case that happens to be last may be cancelled, the commit may not.
        task = asyncio.get_running_loop().create_task(work)
        self._committing.add(task)
        task.add_done_callback(self._committing.discard)

    async def _commit_left_over(self) -> None:
        await self._turn.acquire()
        self._leave()

    async def _commit_and_release(self) -> None:
        try:
            await self._commit()
        finally:
            self._turn.release()

    async def _begin(self) -> tuple[Connection, "asyncio.Future[None]"]:
        if self._connection is None:
            self._connection = self._engine.connect()
        if self._group is None:
            await self._take_write_lock(self._connection)
            self._group = asyncio.get_running_loop().create_future()
            self._size = 0
        return self._connection, self._group

    async def _take_write_lock(self, connection: Connection) -> None:
        raw = self._raw(connection)
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not _is_busy(error):
                raise
            try:
                await self._in_thread(self._wait_for_write_lock, raw)
            except asyncio.CancelledError:
                if raw.in_transaction:
                    raw.execute("ROLLBACK")
                raise

    @staticmethod
    def _wait_for_write_lock(raw: sqlite3.Connection) -> None:
        slept_s = 0.0
        while True:
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if not _is_busy(error):
                    raise
                if slept_s >= BUSY_SECONDS:
                    raise Unavailable("database-busy", seconds=BUSY_SECONDS) from None
            else:
                return
            pause_s = random.uniform(*RETRY_MILLISECONDS) / 1000  # noqa: S311 - no secret
            time.sleep(pause_s)
            slept_s += pause_s

    def _undo(self, connection: Connection) -> None:
        try:
            raw = self._raw(connection)
            raw.execute("ROLLBACK TO SAVEPOINT use_case")
            raw.execute("RELEASE SAVEPOINT use_case")
        except (sqlite3.Error, SQLAlchemyError) as error:
            # A full disk makes SQLite roll back the whole transaction: the group is lost, and all in it are told so.
            self._fail_group(error)

    async def _commit(self) -> None:
        connection, group = self._connection, self._group
        assert connection is not None
        assert group is not None
        try:
            await self._in_thread(self._raw(connection).execute, "COMMIT")
        except Exception as error:
            logger.exception("%d use cases could not be committed", self._size)
            self._fail_group(error)
            return
        self._group = None
        self.commits += 1
        outcomes, self._outcomes = self._outcomes, []
        for outcome in outcomes:
            outcome.durable()
        if not group.done():
            group.set_result(None)

    def _fail_group(self, error: Exception) -> None:
        connection, self._connection = self._connection, None
        group, self._group = self._group, None
        outcomes, self._outcomes = self._outcomes, []
        if connection is not None:
            with suppress(sqlite3.Error, SQLAlchemyError):
                connection.invalidate()
                connection.close()
        for outcome in outcomes:
            outcome.in_doubt()
        if group is not None and not group.done():
            group.set_exception(error)
            group.exception()  # marks it as seen: the waiting use cases raise it themselves

    async def _in_thread(self, work: Callable[..., Any], *args: Any) -> None:
        await uninterrupted(asyncio.get_running_loop().run_in_executor(self._thread, work, *args))

    @staticmethod
    def _raw(connection: Connection) -> sqlite3.Connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        return raw
