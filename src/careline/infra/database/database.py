"""The database of one process: transactions for use cases, readings for questions.

>>> async with database.transaction(tenant_id, actor=actor.ref) as tx:
...     await tx.execute(insert(CaseRow).values(...))
...     tx.emit(CaseOpened(...), subject=case_id)
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from careline.infra.database.sqlite import SqliteWriter
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.clock import Clock
from careline.kernel.events import Recorded
from careline.kernel.tenancy import TenantId

Listener = Callable[[Sequence[Recorded]], None]

ALL_TENANTS = "*"
"""What the row-level policies read as "the system itself, across tenants"."""


class Database:
    """Opens connections, and hands what was committed to one listener (the event bus), in commit order.

    ``commits`` counts committed use cases, for tests and benchmarks that watch the cost of a path.
    """

    def __init__(self, url: str, clock: Clock, *, pool_size: int = 8) -> None:
        self._clock = clock
        self._listener: Listener | None = None
        self.commits = 0
        if url.startswith("sqlite"):
            self.engine = _sqlite_engine(url)
            self._writer: SqliteWriter | None = SqliteWriter(self.engine)
        else:
            self.engine = _postgres_engine(url, pool_size)
            self._writer = None

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.engine.dialect.name

    def on_committed(self, listener: Listener) -> None:
        """Name who hears of committed facts; called once, by bootstrap."""
        self._listener = listener

    @asynccontextmanager
    async def transaction(self, tenant_id: TenantId, *, actor: str = "system") -> AsyncIterator[Transaction]:
        """A use case of one tenant: durable when the block has been left without an error, else undone.

        Await nothing but the database inside the block.
        """
        async with self._write(tenant_id, actor) as tx:
            yield tx

    @asynccontextmanager
    async def system_transaction(self, *, actor: str = "system") -> AsyncIterator[Transaction]:
        """A change across tenants: making a tenant, taking jobs, reading the log. Rare, and never for a user."""
        async with self._write(None, actor) as tx:
            yield tx

    @asynccontextmanager
    async def reading(self, tenant_id: TenantId) -> AsyncIterator[Reading]:
        """A consistent look at one tenant's rows."""
        async with self._read(tenant_id) as reading:
            yield reading

    @asynccontextmanager
    async def system_reading(self) -> AsyncIterator[Reading]:
        """A look across tenants."""
        async with self._read(None) as reading:
            yield reading

    async def close(self) -> None:
        """Finish what is being written and close every connection."""
        if self._writer is not None:
            await self._writer.close()
        await self.engine.dispose()

    @asynccontextmanager
    async def _write(self, tenant_id: TenantId | None, actor: str) -> AsyncIterator[Transaction]:
        async with self._writing_connection() as connection:
            await _set_tenant(connection, tenant_id)
            tx = Transaction(connection, tenant_id, self._clock.now(), actor)
            yield tx
            recorded = await tx.store_events()
        self.commits += 1
        tx.committed()
        if recorded and self._listener is not None:
            self._listener(recorded)

    @asynccontextmanager
    async def _read(self, tenant_id: TenantId | None) -> AsyncIterator[Reading]:
        async with self.engine.connect() as connection:
            await _set_tenant(connection, tenant_id)
            yield Reading(connection, tenant_id, self._clock.now())

    @asynccontextmanager
    async def _writing_connection(self) -> AsyncIterator[AsyncConnection]:
        if self._writer is not None:
            async with self._writer.turn() as connection:
                yield connection
        else:
            async with self.engine.begin() as connection:
                yield connection


async def _set_tenant(connection: AsyncConnection, tenant_id: TenantId | None) -> None:
    """Tell PostgreSQL's row-level policies whose rows may be seen, until this transaction ends."""
    if connection.dialect.name == "postgresql":
        await connection.execute(
            text("SELECT set_config('careline.tenant', :tenant, true)"),
            {"tenant": ALL_TENANTS if tenant_id is None else str(tenant_id)},
        )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _sqlite_engine(url: str) -> AsyncEngine:
    engine = create_async_engine(url, json_serializer=_json, json_deserializer=msgspec.json.decode)

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
            "temp_store=MEMORY",
            "cache_size=-32768",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def _postgres_engine(url: str, pool_size: int) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        json_serializer=_json,
        json_deserializer=msgspec.json.decode,
        connect_args={"server_settings": {"timezone": "UTC", "application_name": "careline"}},
    )
