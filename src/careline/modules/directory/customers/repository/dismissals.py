"""Pairs of customers who are not one, as somebody said."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, delete, or_, select

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.kernel.ids import new_id
from careline.modules.directory.customers.models import DismissedPairRow

Pair = tuple[UUID, UUID]


class Dismissal(msgspec.Struct, frozen=True, kw_only=True):
    """Who said of whom that they are two, and what they were compared by then."""

    id: UUID
    pair: Pair
    mark: str
    by: UUID | None
    at: datetime


async def among(reading: Reading, ids: Collection[UUID]) -> dict[Pair, Dismissal]:
    """What was dismissed among these customers, by pair."""
    row = DismissedPairRow
    statement = select(row.__table__).where(
        row.tenant_id == reading.tenant_id, row.customer_id.in_(ids), row.other_id.in_(ids)
    )
    found = [_view(one) for one in (await reading.execute(statement)).all()]
    return {one.pair: one for one in found}


async def latest(reading: Reading, *, after: UUID | None, limit: int) -> list[Dismissal]:
    """What was dismissed, the latest first, from the one after ``after`` on."""
    row = DismissedPairRow
    statement = select(row.__table__).where(row.tenant_id == reading.tenant_id)
    if after is not None:
        statement = statement.where(row.id < after)
    return [_view(one) for one in (await reading.execute(statement.order_by(row.id.desc()).limit(limit))).all()]


async def put(tx: Transaction, pair: Pair, mark: str, by: UUID | None) -> None:
    """Say it of a pair, or say it again of what they are now."""
    values = {"mark": mark, "dismissed_by": by, "dismissed_at": tx.now}
    statement = insert_or(tx, DismissedPairRow).values(
        id=new_id(), tenant_id=tx.tenant_id, customer_id=pair[0], other_id=pair[1], **values
    )
    await tx.execute(
        statement.on_conflict_do_update(index_elements=["tenant_id", "customer_id", "other_id"], set_=values)
    )


async def remove(tx: Transaction, pair: Pair) -> bool:
    """Take it back; False when nobody had said it."""
    row = DismissedPairRow
    gone = await tx.execute(
        delete(row).where(row.tenant_id == tx.tenant_id, row.customer_id == pair[0], row.other_id == pair[1])
    )
    return bool(gone.rowcount)


async def forget(tx: Transaction, customer_id: UUID) -> None:
    """Whatever was said of a customer who is absorbed or erased."""
    row = DismissedPairRow
    await tx.execute(
        delete(row).where(
            row.tenant_id == tx.tenant_id, or_(row.customer_id == customer_id, row.other_id == customer_id)
        )
    )


def _view(row: Row[Any]) -> Dismissal:
    return Dismissal(
        id=row.id, pair=(row.customer_id, row.other_id), mark=row.mark, by=row.dismissed_by, at=row.dismissed_at
    )
