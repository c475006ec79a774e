"""Stretches of a talk in which the caller was on hold."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.contact.conversations.models import SegmentRow
from careline.modules.contact.conversations.views import SegmentKind


async def has(tx: Transaction, interaction_id: UUID, began_at: datetime) -> bool:
    """Whether the hold that began then is stored."""
    found = exists().where(
        SegmentRow.tenant_id == tx.tenant_id,
        SegmentRow.interaction_id == interaction_id,
        SegmentRow.kind == SegmentKind.HOLD.value,
        SegmentRow.started_at == began_at,
    )
    return bool((await tx.execute(select(found))).scalar_one())


async def end(tx: Transaction, interaction_id: UUID, at: datetime) -> None:
    """End the hold that lasts. One that began later is another one."""
    statement = update(SegmentRow).where(
        SegmentRow.tenant_id == tx.tenant_id,
        SegmentRow.interaction_id == interaction_id,
        SegmentRow.kind == SegmentKind.HOLD.value,
        SegmentRow.ended_at.is_(None),
        SegmentRow.started_at <= at,
    )
    await tx.execute(statement.values(ended_at=at))


async def since(reading: Reading, interaction_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Of those whose customer is on hold: since when."""
    statement = select(SegmentRow.interaction_id, SegmentRow.started_at).where(
        SegmentRow.tenant_id == reading.tenant_id,
        SegmentRow.interaction_id.in_(interaction_ids),
        SegmentRow.kind == SegmentKind.HOLD.value,
        SegmentRow.ended_at.is_(None),
    )
    return {row.interaction_id: row.started_at for row in (await reading.execute(statement)).all()}
