"""Internal notes. Nothing that a customer may reach reads this table."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, func, select

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.kernel.ids import new_id
from careline.modules.contact.conversations.models import NoteRow
from careline.modules.contact.conversations.views import InteractionView


class NoteView(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody of ours wrote for colleagues only; ``mentions`` are the users whom it calls."""

    id: UUID
    conversation_id: UUID
    interaction_id: UUID
    author_id: UUID
    client_id: UUID
    text: str
    mentions: list[UUID]
    at: datetime


async def next_id(tx: Transaction, conversation_id: UUID) -> UUID:
    """The id of the next note here, greater than those before, whose writer comes after whoever writes now.

    A reader goes on after the last id that they saw: one that came into being earlier must not be stored later.
    """
    if tx.dialect == "postgresql":
        await tx.execute(select(func.pg_advisory_xact_lock(conversation_id.int & (1 << 62) - 1)))
    statement = (
        select(NoteRow.id)
        .where(NoteRow.tenant_id == tx.tenant_id, NoteRow.conversation_id == conversation_id)
        .order_by(NoteRow.id.desc())
        .limit(1)
    )
    last: UUID | None = (await tx.execute(statement)).scalar_one_or_none()
    made = new_id()
    # Another machine's clock may be ahead of ours.
    return made if last is None or made > last else UUID(int=last.int + 1)


async def insert_note(tx: Transaction, note: NoteView) -> bool:
    """Store a note; False when its author has stored one under its ``client_id`` already."""
    values = msgspec.structs.asdict(note) | {
        "tenant_id": tx.tenant_id,
        "mentions": [str(one) for one in note.mentions],
    }
    statement = insert_or(tx, NoteRow).values(values)
    statement = statement.on_conflict_do_nothing(index_elements=["conversation_id", "author_id", "client_id"])
    return bool((await tx.execute(statement)).rowcount)


async def by_client_id(reading: Reading, conversation_id: UUID, author_id: UUID, client_id: UUID) -> NoteView | None:
    """What somebody has stored under their own name for it."""
    statement = select(NoteRow.__table__).where(
        NoteRow.tenant_id == reading.tenant_id,
        NoteRow.conversation_id == conversation_id,
        NoteRow.author_id == author_id,
        NoteRow.client_id == client_id,
    )
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _view(row)


async def find(reading: Reading, note_id: UUID) -> NoteView | None:
    """One note of this tenant."""
    statement = select(NoteRow.__table__).where(NoteRow.tenant_id == reading.tenant_id, NoteRow.id == note_id)
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _view(row)


async def after(
    reading: Reading, conversation_id: UUID, note_id: UUID | None, *, only: Collection[UUID] | None = None, limit: int
) -> list[NoteView]:
    """The notes of a conversation after one of them, in the order in which they were written; with ``only``, those
    of these contacts."""
    statement = (
        select(NoteRow.__table__)
        .where(NoteRow.tenant_id == reading.tenant_id, NoteRow.conversation_id == conversation_id)
        .order_by(NoteRow.id)
        .limit(limit)
    )
    if note_id is not None:
        statement = statement.where(NoteRow.id > note_id)
    if only is not None:
        statement = statement.where(NoteRow.interaction_id.in_(only))
    return [_view(row) for row in (await reading.execute(statement)).all()]


async def of_interaction(reading: Reading, interaction: InteractionView, *, limit: int) -> list[NoteView]:
    """What was noted in one contact, in the order in which it was written."""
    statement = (
        select(NoteRow.__table__)
        .where(
            NoteRow.tenant_id == reading.tenant_id,
            NoteRow.conversation_id == interaction.conversation_id,
            NoteRow.interaction_id == interaction.id,
        )
        .order_by(NoteRow.id)
        .limit(limit)
    )
    return [_view(row) for row in (await reading.execute(statement)).all()]


def _view(row: Row[Any]) -> NoteView:
    return NoteView(
        id=row.id,
        conversation_id=row.conversation_id,
        interaction_id=row.interaction_id,
        author_id=row.author_id,
        client_id=row.client_id,
        text=row.text,
        mentions=[UUID(one) for one in row.mentions],
        at=row.at,
    )
