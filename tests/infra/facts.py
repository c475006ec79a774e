"""A fact to try the log and the bus on, and a use case that stores a row together with it."""

import asyncio
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from careline.infra.database.database import Database
from careline.infra.database.log import Cursor, LogEntry, read_after
from careline.infra.database.models import CursorRow
from careline.infra.database.transaction import Transaction
from careline.kernel.events import Event, Recorded, register
from careline.kernel.tenancy import TenantId
from tests.support.waiting import PATIENCE_S

TENANT = TenantId(uuid4())
OTHER = TenantId(uuid4())


class Happened(Event, frozen=True, kw_only=True):
    name = "test.happened"
    number: int


class Ended(Event, frozen=True, kw_only=True):
    name = "test.ended"
    number: int


register(Happened, Ended)


async def change(tx: Transaction, number: int, *, subject: UUID | None = None) -> None:
    """Store a row (the only table without tenants' rows that is at hand) and say so in a fact."""
    await tx.execute(insert(CursorRow).values(subscriber=f"row {number}", xid=0, position=number))
    tx.emit(Happened(number=number), subject=subject or uuid4())


async def do(database: Database, number: int, *, subject: UUID | None = None) -> None:
    """A whole use case."""
    async with database.transaction(TENANT) as tx:
        await change(tx, number, subject=subject)


async def stored_rows(database: Database) -> set[int]:
    async with database.system_reading() as reading:
        found = await reading.execute(select(CursorRow.position).where(CursorRow.subscriber.startswith("row ")))
        return set(found.scalars())


async def logged(database: Database) -> list[Recorded]:
    """Everything in the log that may be read now, in its order."""
    entries: list[LogEntry] = []
    cursor = Cursor()
    while True:
        async with database.system_reading() as reading:
            more = await read_after(reading, cursor, limit=100)
        if not more:
            return [recorded for entry in entries if (recorded := entry.recorded) is not None]
        entries += more
        cursor = more[-1].cursor


def numbers(recorded: list[Recorded]) -> list[int]:
    return [item.event.number for item in recorded if isinstance(item.event, Happened)]


async def until(condition: object, *, seconds: float = PATIENCE_S) -> None:
    """Wait until a call of ``condition`` says yes."""
    assert callable(condition)
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
