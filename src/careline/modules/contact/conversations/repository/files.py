"""Statements on the table of files that were sent."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, insert, select

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.contact.conversations.models import FileRow


class FileRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A file by the message that carries it."""

    id: UUID
    conversation_id: UUID
    seq: int
    size: int


async def insert_file(tx: Transaction, file: FileRecord) -> None:
    """Store which message carries a file."""
    values = msgspec.structs.asdict(file) | {"tenant_id": tx.tenant_id, "stored_at": tx.now}
    await tx.execute(insert(FileRow), values)


async def find(reading: Reading, file_id: UUID) -> FileRecord | None:
    """A file of this tenant."""
    statement = select(FileRow.id, FileRow.conversation_id, FileRow.seq, FileRow.size).where(
        FileRow.tenant_id == reading.tenant_id, FileRow.id == file_id
    )
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else FileRecord(**row._mapping)


async def sum_of(reading: Reading, conversation_id: UUID) -> tuple[int, int]:
    """How many files a conversation has, and their bytes."""
    statement = select(func.count().label("files"), func.coalesce(func.sum(FileRow.size), 0).label("bytes")).where(
        FileRow.tenant_id == reading.tenant_id, FileRow.conversation_id == conversation_id
    )
    row = (await reading.execute(statement)).one()
    return row.files, row.bytes


async def known(reading: Reading, ids: Sequence[UUID]) -> set[UUID]:
    """Which of the ids are files of this tenant."""
    statement = select(FileRow.id).where(FileRow.tenant_id == reading.tenant_id, FileRow.id.in_(ids))
    return set((await reading.execute(statement)).scalars())


async def remove_of(tx: Transaction, conversation_ids: Sequence[UUID]) -> list[UUID]:
    """Forget all files of some conversations; their ids."""
    gone = delete(FileRow).where(FileRow.tenant_id == tx.tenant_id, FileRow.conversation_id.in_(conversation_ids))
    return list((await tx.execute(gone.returning(FileRow.id))).scalars())
