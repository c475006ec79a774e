"""One unit of work: statements and the facts that become true with them."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, CursorResult, Executable, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from careline.infra.database.models import EventRow
from careline.infra.database.prepared import Found, Parameters, Prepared
from careline.kernel.events import Event, Recorded
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId

logger = logging.getLogger(__name__)

# Built once: making a statement anew costs more than running it.
_INSERT_FACT = Prepared(insert(EventRow).returning(EventRow.position))
_INSERT_EACH = Prepared(insert(EventRow))
_LAST_PLACE = Prepared(select(func.last_insert_rowid()))
_INSERT_FACTS = insert(EventRow).returning(EventRow.position, sort_by_parameter_order=True)


class Reading:
    """A look at the database that changes nothing. Rows are plain; views are made of them by repositories."""

    def __init__(self, connection: Connection | AsyncConnection, tenant_id: TenantId | None, now: datetime) -> None:
        self._connection = connection
        self._tenant_id = tenant_id
        self.now = now

    @property
    def tenant_id(self) -> TenantId:
        """The tenant whose rows this sees. Work across tenants has none, and asking is an error."""
        if self._tenant_id is None:
            raise LookupError("work across tenants names the tenant in each statement")
        return self._tenant_id

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._connection.dialect.name

    async def run(self, prepared: Prepared, parameters: Parameters) -> Found:
        """Run a statement that was built once. ``parameters`` may be a list, to run it for each."""
        if isinstance(self._connection, Connection):
            return prepared.run(self._connection, parameters)
        return await self._connection.execute(prepared.executable, parameters)

    async def execute(self, statement: Executable, parameters: Parameters | None = None) -> CursorResult[Any]:
        """Run one statement. ``parameters`` may be a list, to run it for each."""
        if isinstance(self._connection, Connection):
            return self._connection.execute(statement, parameters)
        return await self._connection.execute(statement, parameters)


class Transaction(Reading):
    """A use case's changes, all or none.

    ``emit`` records facts with the changes; ``on_commit`` names work in memory to do once they are durable, in the
    order given, before subscribers hear of the facts. Nothing but the database may be awaited while one is open.
    """

    def __init__(
        self, connection: Connection | AsyncConnection, tenant_id: TenantId | None, now: datetime, actor: str
    ) -> None:
        super().__init__(connection, tenant_id, now)
        self.actor = actor
        self.xid = 0
        self._emitted: list[tuple[TenantId, UUID, Event]] = []
        self._before_commit: list[Callable[[Transaction], Awaitable[None]]] = []
        self._on_commit: list[Callable[[], None]] = []

    def emit(self, event: Event, *, subject: UUID, tenant_id: TenantId | None = None) -> None:
        """Record a fact about ``subject``; it becomes known when this commits."""
        self._emitted.append((tenant_id or self.tenant_id, subject, event))

    def before_commit(self, work: "Callable[[Transaction], Awaitable[None]]") -> None:
        """Run statements last, after all others of the use case, in the order given.

        For what takes a lock that many use cases need, such as a counter: taken last and held shortly, it cannot be
        part of a deadlock. When it fails, so does the use case.
        """
        self._before_commit.append(work)

    def on_commit(self, work: Callable[[], None]) -> None:
        """Do quick work in memory after the commit; not done when it fails."""
        self._on_commit.append(work)

    async def store_events(self) -> list[Recorded]:
        """Do what was left for the end and write the facts into the log; called once, last, by the database."""
        for work in self._before_commit:
            await work(self)
        if not self._emitted:
            if self._on_commit:  # should the answer to the commit be lost, only this tells whether it is to be done
                self.xid = await self._current_xid()
            return []
        self.xid = xid = await self._current_xid()
        rows: list[dict[str, Any]] = [
            {
                "xid": xid,
                "id": new_id(),
                "tenant_id": tenant_id,
                "name": event.name,
                "occurred_at": self.now,
                "subject": subject,
                "actor": self.actor,
                "payload": msgspec.json.encode(event).decode(),
            }
            for tenant_id, subject, event in self._emitted
        ]
        positions = await self._insert_facts(rows)
        return [
            Recorded(
                id=row["id"],
                xid=xid,
                position=position,
                tenant_id=tenant_id,
                occurred_at=self.now,
                subject=subject,
                actor=self.actor,
                event=event,
            )
            for (tenant_id, subject, event), row, position in zip(self._emitted, rows, positions, strict=True)
        ]

    async def _insert_facts(self, rows: list[dict[str, Any]]) -> Sequence[int]:
        """Write facts; their places, in the order of the rows."""
        if len(rows) == 1:
            # One fact is what a busy path tells; the way for many rows costs it twice the time.
            return [(await self.run(_INSERT_FACT, rows[0])).scalar_one()]
        if isinstance(self._connection, Connection):
            # There is one writer, so the rows of one statement get numbers that follow each other.
            await self.run(_INSERT_EACH, rows)
            last = (await self.run(_LAST_PLACE, {})).scalar_one()
            return range(last - len(rows) + 1, last + 1)
        return (await self.execute(_INSERT_FACTS, rows)).scalars().all()

    def committed(self) -> None:
        """Run the work that waited for the commit; called once by the database. One that fails stops no other."""
        for work in self._on_commit:
            try:
                work()
            except Exception:
                logger.exception("work after a commit failed; the changes themselves are stored")

    async def _current_xid(self) -> int:
        if self.dialect != "postgresql":
            return 0
        result = await self.execute(text("SELECT pg_current_xact_id()::text::bigint"))
        return int(result.scalar_one())
