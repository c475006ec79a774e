"""What each agent wrote of their part of an interaction. It stands with the segment that it is about."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, exists, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.contact.conversations.models import InteractionRow, SegmentRow
from careline.modules.contact.conversations.views import SegmentKind


class WriteUpView(msgspec.Struct, frozen=True, kw_only=True):
    """What one agent wrote of their part; ``code`` is None in a draft without one, ``path`` the way to it."""

    agent_id: UUID
    started_at: datetime
    code: str | None
    path: str | None
    note: str


async def write(tx: Transaction, segment_id: UUID, disposition: str | None, path: str | None, note: str | None) -> None:
    """Keep what an agent wrote, in place of what they wrote before."""
    await tx.execute(
        update(SegmentRow)
        .where(SegmentRow.tenant_id == tx.tenant_id, SegmentRow.id == segment_id)
        .values(disposition=disposition, disposition_path=path, note=note)
    )


async def of(reading: Reading, interaction_id: UUID) -> list[WriteUpView]:
    """Everything that was written, in the order of the segments; of a talk only while it lasts."""
    statement = (
        select(SegmentRow.__table__)
        .where(
            SegmentRow.tenant_id == reading.tenant_id,
            SegmentRow.interaction_id == interaction_id,
            SegmentRow.agent_id.is_not(None),
            SegmentRow.note.is_not(None),
            (SegmentRow.kind == SegmentKind.WRAP_UP.value) | SegmentRow.ended_at.is_(None),
        )
        .order_by(SegmentRow.started_at, SegmentRow.id)
    )
    return [_view(row) for row in (await reading.execute(statement)).all()]


async def is_open(reading: Reading, interaction_id: UUID) -> bool:
    """Whether anybody still writes up their part."""
    left = exists().where(
        SegmentRow.tenant_id == reading.tenant_id,
        SegmentRow.interaction_id == interaction_id,
        SegmentRow.kind == SegmentKind.WRAP_UP.value,
        SegmentRow.ended_at.is_(None),
    )
    return bool((await reading.execute(select(left))).scalar_one())


async def under_way(reading: Reading, conversation_id: UUID, agent_id: UUID) -> UUID | None:
    """The newest interaction of a conversation in which an agent still writes up their part; None when in none."""
    statement = (
        select(SegmentRow.interaction_id)
        .join(InteractionRow, InteractionRow.id == SegmentRow.interaction_id)
        .where(
            SegmentRow.tenant_id == reading.tenant_id,
            InteractionRow.tenant_id == reading.tenant_id,
            InteractionRow.conversation_id == conversation_id,
            SegmentRow.kind == SegmentKind.WRAP_UP.value,
            SegmentRow.agent_id == agent_id,
            SegmentRow.ended_at.is_(None),
        )
        .order_by(SegmentRow.started_at.desc(), SegmentRow.id.desc())
        .limit(1)
    )
    return (await reading.execute(statement)).scalar_one_or_none()


def _view(row: Row[Any]) -> WriteUpView:
    return WriteUpView(
        agent_id=row.agent_id,
        started_at=row.started_at,
        code=row.disposition,
        path=row.disposition_path,
        note=row.note or "",
    )
