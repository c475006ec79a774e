"""Chats passed on."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, Select, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.contact.conversations.models import TransferRow
from careline.modules.contact.conversations.states import TransferOutcome


class TransferView(msgspec.Struct, frozen=True, kw_only=True):
    """A chat passed on. ``ended_at`` is None while it waits for somebody to take it."""

    id: UUID
    interaction_id: UUID
    from_agent_id: UUID
    to_queue_id: UUID
    to_agent_id: UUID | None
    note: str
    begun_at: datetime
    ended_at: datetime | None = None
    outcome: TransferOutcome | None = None
    taken_by: UUID | None = None
    taken_over: bool = False


async def insert_transfer(tx: Transaction, transfer: TransferView) -> None:
    """A chat is on its way."""
    await tx.execute(insert(TransferRow), msgspec.structs.asdict(transfer) | {"tenant_id": tx.tenant_id})


async def of(reading: Reading, interaction_ids: Collection[UUID]) -> list[TransferView]:
    """Every transfer of some interactions, the first first."""
    statement = _all(reading).where(TransferRow.interaction_id.in_(interaction_ids))
    return [_view(row) for row in (await reading.execute(statement)).all()]


async def under_way(reading: Reading, interaction_id: UUID) -> TransferView | None:
    """The transfer of an interaction that nobody has taken yet."""
    statement = _all(reading).where(TransferRow.interaction_id == interaction_id, TransferRow.ended_at.is_(None))
    row = (await reading.execute(statement)).first()
    return None if row is None else _view(row)


async def end(
    tx: Transaction, transfer_id: UUID, outcome: TransferOutcome, taken_by: UUID | None, at: datetime
) -> None:
    """It is on its way no more."""
    await tx.execute(
        update(TransferRow)
        .where(TransferRow.tenant_id == tx.tenant_id, TransferRow.id == transfer_id)
        .values(outcome=outcome.value, taken_by=taken_by, ended_at=at)
    )


def _all(reading: Reading) -> Select[Any]:
    return (
        select(TransferRow.__table__)
        .where(TransferRow.tenant_id == reading.tenant_id)
        .order_by(TransferRow.begun_at, TransferRow.id)
    )


def _view(row: Row[Any]) -> TransferView:
    return TransferView(
        id=row.id,
        interaction_id=row.interaction_id,
        from_agent_id=row.from_agent_id,
        to_queue_id=row.to_queue_id,
        to_agent_id=row.to_agent_id,
        note=row.note,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        outcome=None if row.outcome is None else TransferOutcome(row.outcome),
        taken_by=row.taken_by,
        taken_over=row.taken_over,
    )
