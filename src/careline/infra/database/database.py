"""The database of one process: transactions for use cases, readings for questions.

>>> async with database.transaction(tenant_id, actor=actor.ref) as tx:
...     await tx.execute(insert(CaseRow).values(...))
...     tx.emit(CaseOpened(...), subject=case_id)
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Engine, NullPool, QueuePool, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncTransaction, create_async_engine

from careline.infra.database.doubts import Doubts
from careline.infra.database.failures import DatabaseUnreachable, in_a_line
from careline.infra.database.glances import SqliteGlances
from careline.infra.database.questions import Answer, Question, SqliteQuestions
from careline.infra.database.sqlite import BUSY_SECONDS, SqliteWriter
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uninterrupted import uninterrupted
from careline.kernel.clock import Clock
from careline.kernel.events import Recorded
from careline.kernel.tenancy import TenantId

logger = logging.getLogger(__name__)

Listener = Callable[[Sequence[Recorded]], None]

MOST_KEYS = 20
"""Of one glance; a row found by its key takes some 20 µs."""

READINGS_END_S = 5.0
"""So long a reading that goes on holds up the end."""

CONNECT_S = 5.0
"""So long PostgreSQL may take to let us in: a host that swallows what is sent to it says nothing."""

ALL_TENANTS = "*"
"""What the row-level policies read as "the system itself, across tenants"."""


class Database:
    """Opens connections, and hands what was committed to one listener (the event bus), in commit order.

    ``commits`` counts committed use cases, for tests and benchmarks that watch the cost of a path.
    """

    def __init__(self, url: str, clock: Clock, *, pool_size: int = 8) -> None:
        self._clock = clock
        self._listener: Listener | None = None
        self._unpublished: set[UUID] = set()
        self._writing: set[asyncio.Task[Any]] = set()
        self._longest_wait = 0.0
        self._doubts = Doubts(self._connected)
        self.commits = 0
        if url.startswith("sqlite"):
            self.engine = _sqlite_engine(url)
            self._writer: SqliteWriter | None = SqliteWriter(_sqlite_engine_of_the_loop(url, wait_s=0))
            self._glances: SqliteGlances | None = SqliteGlances(_sqlite_engine_of_the_loop(url, wait_s=1))
            self._questions: SqliteQuestions | None = SqliteQuestions(_sqlite_engine_of_the_loop(url, wait_s=1))
        else:
            self.engine = _postgres_engine(url, pool_size)
            self._writer = None
            self._glances = None
            self._questions = None

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.engine.dialect.name

    def on_committed(self, listener: Listener) -> None:
        """Name who hears of committed facts; called once, by bootstrap."""
        self._listener = listener

    def transaction(self, tenant_id: TenantId, *, actor: str = "system") -> AbstractAsyncContextManager[Transaction]:
        """A use case of one tenant: durable when the block has been left without an error, else undone.

        Await nothing but the database inside the block.
        """
        return self._write(tenant_id, actor)

    def system_transaction(self, *, actor: str = "system") -> AbstractAsyncContextManager[Transaction]:
        """A change across tenants: making a tenant, taking jobs, reading the log. Rare, and never for a user."""
        return self._write(None, actor)

    def reading(self, tenant_id: TenantId) -> AbstractAsyncContextManager[Reading]:
        """A consistent look at one tenant's rows."""
        return self._read(tenant_id)

    def system_reading(self) -> AbstractAsyncContextManager[Reading]:
        """A look across tenants."""
        return self._read(None)

    def glance(self, tenant_id: TenantId, *, keys: int = 1) -> AbstractAsyncContextManager[Reading]:
        """A reading of a few rows that an index finds, for what somebody waits for.

        It costs a tenth of a reading on SQLite, since it runs on the event loop's own thread; a search or a long list
        would hold up everybody there. When there may be many, say how many ``keys`` will be looked for: with more than
        ``MOST_KEYS`` it is a reading. Await nothing but the database inside the block.
        """
        return self._glance(tenant_id) if keys <= MOST_KEYS else self._read(tenant_id)

    def system_glance(self) -> AbstractAsyncContextManager[Reading]:
        """A glance across tenants."""
        return self._glance(None)

    async def ask(self, tenant_id: TenantId, question: Question[Answer]) -> Answer:
        """A reading as one piece: several short statements for what somebody waits for.

        On SQLite they go to a thread together instead of one by one. The question awaits nothing but the reading.
        """
        if self._questions is None:
            async with self._read(tenant_id) as reading:
                return await question(reading)
        await self.sure()
        now = self._clock.now()
        return await self._questions.answer(question, lambda connection: Reading(connection, tenant_id, now))

    async def close(self) -> None:
        """Finish what is being written, let readings end for some seconds, and close every connection."""
        if self._writer is not None:
            await self._writer.close()
        if self._glances is not None:
            self._glances.close()
        if self._questions is not None:
            await self._questions.close()
        # A connection that comes back to a pool which is gone would never be closed.
        with suppress(TimeoutError):
            async with asyncio.timeout(READINGS_END_S):
                while isinstance(pool := self.engine.pool, QueuePool) and pool.checkedout():  # noqa: ASYNC110 - it tells nobody
                    await asyncio.sleep(0.005)
        await self.engine.dispose()

    def longest_wait(self) -> float:
        """The most seconds that a use case had to wait for its turn to write since this was asked last."""
        waited, self._longest_wait = self._longest_wait, 0.0
        return waited

    async def sure(self) -> None:
        """Until no commit of this process is in doubt (see ``doubts``). Every use case and reading begins with it."""
        if self._doubts:
            await self._doubts.settle()

    def is_unpublished(self, event_id: UUID) -> bool:
        """Whether a fact is of a use case of this process that has not told the listener yet, and will or is undone."""
        return event_id in self._unpublished

    @asynccontextmanager
    async def _write(self, tenant_id: TenantId | None, actor: str) -> AsyncIterator[Transaction]:
        task = asyncio.current_task()
        assert task is not None
        if task in self._writing:
            raise RuntimeError("a transaction is open in this task already: pass its tx on")
        await self.sure()
        self._writing.add(task)
        work = _Work(self)
        opened: AbstractAsyncContextManager[Connection | AsyncConnection] = (
            self._writer.turn(work) if self._writer is not None else self._postgres_turn(work)
        )
        asked = self._clock.monotonic()
        try:
            async with opened as connection:
                self._longest_wait = max(self._longest_wait, self._clock.monotonic() - asked)
                if self._writer is not None:
                    await self.sure()  # a group that was ahead of this one may have failed while it waited for its turn
                await _set_tenant(connection, tenant_id)
                work.tx = tx = Transaction(connection, tenant_id, self._clock.now(), actor)
                yield tx
                work.recorded = await tx.store_events()
                self._unpublished.update(item.id for item in work.recorded)
        except Exception as error:
            if not work.is_in_doubt or not await self._is_stored(work, error):
                raise
        finally:
            self._writing.discard(task)

    async def _is_stored(self, work: "_Work", error: Exception) -> bool:
        """Whether a use case is stored although its commit failed, as far as that can be found out now."""
        logger.warning("the answer to a commit was lost: %s", in_a_line(error) or type(error).__name__)
        with suppress(DBAPIError, OSError, NoConnectionFree):  # in doubt, then; who waits is told what failed
            await self.sure()
        return work.is_durable

    @asynccontextmanager
    async def _postgres_turn(self, work: "_Work") -> AsyncIterator[AsyncConnection]:
        committing = False
        async with self._connected() as connection, connection.begin() as transaction:
            try:
                yield connection
                committing = True
            finally:
                if not committing:
                    work.lost()
            await uninterrupted(_commit(transaction, work))

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        inside = False
        try:
            async with self.engine.connect() as connection:
                inside = True
                yield connection
        except OSError as error:
            if inside:
                raise
            # The driver's own errors are SQLAlchemy's by now; what the network says is not.
            raise DatabaseUnreachable(error.strerror or str(error) or type(error).__name__) from error

    @asynccontextmanager
    async def _read(self, tenant_id: TenantId | None) -> AsyncIterator[Reading]:
        await self.sure()
        async with self._connected() as connection:
            if self._writer is not None:
                await connection.exec_driver_sql("BEGIN")
            else:
                await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            await _set_tenant(connection, tenant_id)
            yield Reading(connection, tenant_id, self._clock.now())

    @asynccontextmanager
    async def _glance(self, tenant_id: TenantId | None) -> AsyncIterator[Reading]:
        if self._glances is None:
            async with self._read(tenant_id) as reading:
                yield reading
            return
        await self.sure()
        with self._glances.one() as connection:
            yield Reading(connection, tenant_id, self._clock.now())

    def finished(self, tx: Transaction, recorded: Sequence[Recorded]) -> None:
        """Count a committed use case, do its work in memory and tell the listener its facts."""
        self.commits += 1
        tx.committed()
        if recorded and self._listener is not None:
            self._listener(recorded)
        self.undone(recorded)

    def doubt(self, work: "_Work") -> None:
        """It is not known what became of a use case. Its facts are kept back from the log's readers until it is."""
        self._doubts.add(work)

    def undone(self, recorded: Sequence[Recorded]) -> None:
        """Facts that will not be told any more."""
        self._unpublished.difference_update(item.id for item in recorded)


class _Work:
    """What is left to do for a use case once it is known what became of it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.tx: Transaction | None = None
        self.recorded: list[Recorded] = []
        self.is_in_doubt = False
        self.is_durable = False

    @property
    def xid(self) -> int:
        return 0 if self.tx is None else self.tx.xid

    def durable(self) -> None:
        self.is_durable = True
        if self.tx is not None:
            try:
                self._database.finished(self.tx, self.recorded)
            except Exception:
                logger.exception("work after a commit failed; the changes themselves are stored")

    def lost(self) -> None:
        self._database.undone(self.recorded)

    def in_doubt(self) -> None:
        self.is_in_doubt = True
        self._database.doubt(self)


async def _commit(transaction: AsyncTransaction, work: _Work) -> None:
    try:
        await transaction.commit()
    except BaseException:
        work.in_doubt()
        raise
    work.durable()


async def _set_tenant(connection: Connection | AsyncConnection, tenant_id: TenantId | None) -> None:
    """Tell PostgreSQL's row-level policies whose rows may be seen, until this transaction ends."""
    if isinstance(connection, AsyncConnection) and connection.dialect.name == "postgresql":
        await connection.execute(
            text("SELECT set_config('careline.tenant', :tenant, true)"),
            {"tenant": ALL_TENANTS if tenant_id is None else str(tenant_id)},
        )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _sqlite_engine(url: str) -> AsyncEngine:
    """For readings: each in a thread of its own, on a snapshot of its own, begun by hand."""
    engine = create_async_engine(
        url, json_serializer=_json, json_deserializer=msgspec.json.decode, hide_parameters=True
    )
    event.listen(engine.sync_engine, "connect", _configure_sqlite)
    return engine


def _sqlite_engine_of_the_loop(url: str, *, wait_s: float) -> Engine:
    """For the one writer and glances, on the event loop's thread, and for questions: transactions are begun by hand.

    ``wait_s`` is how long a statement may wait for a lock; the writer waits by hand, away from the loop.
    """
    engine = create_engine(
        url.replace("sqlite+aiosqlite", "sqlite+pysqlite"),
        isolation_level="AUTOCOMMIT",
        connect_args={"check_same_thread": False, "timeout": wait_s},
        poolclass=NullPool,
        json_serializer=_json,
        json_deserializer=msgspec.json.decode,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _configure_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself
    cursor = connection.cursor()
    _write_ahead(cursor)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-32768"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    # Its own knows the 26 letters of English only.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _write_ahead(cursor: Any) -> None:
    """Have the file written ahead (WAL), for good. Of several that turn a new file round at once SQLite lets one do so
    and refuses the others without waiting, whatever their timeout (sqlite.org/wal.html, "busy").
    """
    for left in reversed(range(BUSY_SECONDS * 100)):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as refusal:
            if refusal.sqlite_errorcode != sqlite3.SQLITE_BUSY or not left:
                raise
            time.sleep(0.01)
        else:
            return


def _postgres_engine(url: str, pool_size: int) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        json_serializer=_json,
        json_deserializer=msgspec.json.decode,
        hide_parameters=True,
        connect_args={"timeout": CONNECT_S, "server_settings": {"timezone": "UTC", "application_name": "careline"}},
    )
