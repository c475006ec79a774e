"""The stored places of facts that durable subscribers left unfinished behind their cursors.

The statements are the system's: a subscriber serves all tenants.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, select

from careline.infra.database.log import Cursor, LogEntry
from careline.infra.database.models import EventRow, UnfinishedRow
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.kernel.tenancy import TenantId


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One unfinished fact of a subscriber; ``attempts`` is 0 for one that waits behind another of its key."""

    tenant_id: TenantId
    attempts: int
    next_try_at: datetime
    last_error: str | None


class Stuck(msgspec.Struct, frozen=True, kw_only=True):
    """What people are told of a subscriber that fails: how many facts wait, and of those the one tried most."""

    subscriber: str
    unfinished: int
    position: int
    attempts: int
    last_error: str


async def load(reading: Reading, subscriber: str) -> list[tuple[LogEntry, Place]]:
    """A subscriber's unfinished facts of all tenants, in the log's order."""
    rows = await reading.execute(
        select(  # house: allow tenant-filter – a subscriber serves all tenants
            EventRow.__table__, UnfinishedRow.attempts, UnfinishedRow.next_try_at, UnfinishedRow.last_error
        )
        .join(UnfinishedRow, UnfinishedRow.position == EventRow.position)
        .where(UnfinishedRow.subscriber == subscriber)
        .order_by(EventRow.xid, EventRow.position)
    )
    return [
        (
            LogEntry(row),
            Place(
                tenant_id=TenantId(row.tenant_id),
                attempts=row.attempts,
                next_try_at=row.next_try_at,
                last_error=row.last_error,
            ),
        )
        for row in rows.all()
    ]


async def store(tx: Transaction, subscriber: str, changed: Mapping[Cursor, Place], finished: Iterable[Cursor]) -> None:
    """Remember places that are new or were tried again, and forget those that are finished."""
    done = [place.position for place in finished]
    if done:
        await tx.execute(
            delete(UnfinishedRow).where(  # house: allow tenant-filter – a subscriber serves all tenants
                UnfinishedRow.subscriber == subscriber, UnfinishedRow.position.in_(done)
            )
        )
    if not changed:
        return
    rows: list[dict[str, Any]] = [
        {"subscriber": subscriber, "position": at.position, **msgspec.structs.asdict(place)}
        for at, place in changed.items()
    ]
    statement = insert_or(tx, UnfinishedRow)
    new = {name: statement.excluded[name] for name in ("attempts", "next_try_at", "last_error")}
    await tx.execute(statement.on_conflict_do_update(index_elements=["subscriber", "position"], set_=new), rows)


async def stuck(reading: Reading) -> list[Stuck]:
    """Who has left facts unfinished, by name, as it is stored: for people who look from another process."""
    rows = await reading.execute(
        select(UnfinishedRow.__table__)  # house: allow tenant-filter – the operator sees all
        .order_by(UnfinishedRow.subscriber, UnfinishedRow.attempts.desc(), UnfinishedRow.position)
    )  # fmt: skip
    found: dict[str, Stuck] = {}
    for row in rows.all():
        worst = found.get(row.subscriber) or Stuck(
            subscriber=row.subscriber,
            unfinished=0,
            position=row.position,
            attempts=row.attempts,
            last_error=row.last_error or "",
        )
        found[row.subscriber] = msgspec.structs.replace(worst, unfinished=worst.unfinished + 1)
    return list(found.values())
