"""The audit trail: entries, seals, and the number of the last entry."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, func, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.directory.identity.engine.seals import AuditRecord
from careline.modules.directory.identity.models import AuditEntryRow, AuditHeadRow, AuditSealRow
from careline.modules.directory.identity.views import SealView

ENTRY = (
    AuditEntryRow.seq,
    AuditEntryRow.at,
    AuditEntryRow.actor,
    AuditEntryRow.action,
    AuditEntryRow.subject,
    AuditEntryRow.params,
)
"""The columns that ``record`` reads."""
_SEAL = (
    AuditSealRow.number,
    AuditSealRow.from_seq,
    AuditSealRow.to_seq,
    AuditSealRow.algorithm,
    AuditSealRow.hash,
    AuditSealRow.sealed_at,
)


async def take_numbers(tx: Transaction, count: int) -> int:
    """The last of ``count`` new numbers; others of the tenant wait until this transaction ends."""
    statement = (
        update(AuditHeadRow)
        .where(AuditHeadRow.tenant_id == tx.tenant_id)
        .values(seq=AuditHeadRow.seq + count)
        .returning(AuditHeadRow.seq)
    )
    return int((await tx.execute(statement)).scalar_one())


async def head(reading: Reading) -> int:
    """The number of the last entry; 0 when there is none."""
    statement = select(AuditHeadRow.seq).where(AuditHeadRow.tenant_id == reading.tenant_id)
    return int((await reading.execute(statement)).scalar_one_or_none() or 0)


async def add_entries(tx: Transaction, entries: Sequence[AuditRecord]) -> None:
    """Store entries."""
    rows = [{"tenant_id": tx.tenant_id, **msgspec.structs.asdict(entry)} for entry in entries]
    await tx.execute(insert(AuditEntryRow), rows)


async def entries_after(reading: Reading, seq: int, *, limit: int) -> list[AuditRecord]:
    """Entries after a number, in order."""
    statement = (
        select(*ENTRY)
        .where(AuditEntryRow.tenant_id == reading.tenant_id, AuditEntryRow.seq > seq)
        .order_by(AuditEntryRow.seq)
        .limit(limit)
    )
    return [record(row) for row in (await reading.execute(statement)).all()]


async def entries_below(reading: Reading, seq: int, *, limit: int) -> list[AuditRecord]:
    """Entries before a number, the last of them first."""
    statement = (
        select(*ENTRY)
        .where(AuditEntryRow.tenant_id == reading.tenant_id, AuditEntryRow.seq < seq)
        .order_by(AuditEntryRow.seq.desc())
        .limit(limit)
    )
    return [record(row) for row in (await reading.execute(statement)).all()]


async def entry_numbered(reading: Reading, seq: int) -> AuditRecord | None:
    """One entry by its number."""
    statement = select(*ENTRY).where(AuditEntryRow.tenant_id == reading.tenant_id, AuditEntryRow.seq == seq)
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else record(row)


async def numbers_between(reading: Reading, since: datetime | None, until: datetime | None) -> tuple[int, int] | None:
    """The first and the last number of what was written from ``since`` until before ``until``, if anything was."""
    statement = select(func.min(AuditEntryRow.seq).label("first"), func.max(AuditEntryRow.seq).label("last")).where(
        AuditEntryRow.tenant_id == reading.tenant_id
    )
    if since is not None:
        statement = statement.where(AuditEntryRow.at >= since)
    if until is not None:
        statement = statement.where(AuditEntryRow.at < until)
    row = (await reading.execute(statement)).one()
    return None if row.first is None else (int(row.first), int(row.last))


async def seals_ending_after(reading: Reading, seq: int, *, limit: int) -> list[SealView]:
    """Seals that cover an entry after a number, in order."""
    statement = (
        select(*_SEAL)
        .where(AuditSealRow.tenant_id == reading.tenant_id, AuditSealRow.to_seq > seq)
        .order_by(AuditSealRow.to_seq)
        .limit(limit)
    )
    return [_seal(row) for row in (await reading.execute(statement)).all()]


async def seal_numbered(reading: Reading, number: int) -> SealView | None:
    """One seal by its number."""
    statement = select(*_SEAL).where(AuditSealRow.tenant_id == reading.tenant_id, AuditSealRow.number == number)
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _seal(row)


async def seals_after(reading: Reading, number: int, *, limit: int) -> list[SealView]:
    """Seals after a number, in order."""
    statement = (
        select(*_SEAL)
        .where(AuditSealRow.tenant_id == reading.tenant_id, AuditSealRow.number > number)
        .order_by(AuditSealRow.number)
        .limit(limit)
    )
    return [_seal(row) for row in (await reading.execute(statement)).all()]


async def last_seal(reading: Reading) -> SealView | None:
    """The latest seal of the reading's tenant."""
    statement = (
        select(*_SEAL).where(AuditSealRow.tenant_id == reading.tenant_id).order_by(AuditSealRow.number.desc()).limit(1)
    )
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _seal(row)


async def add_seal(tx: Transaction, seal: SealView) -> None:
    """Store a seal."""
    await tx.execute(insert(AuditSealRow).values(tenant_id=tx.tenant_id, **msgspec.structs.asdict(seal)))


async def count_entries(reading: Reading) -> int:
    """How many entries the reading's tenant has."""
    statement = select(func.count()).select_from(AuditEntryRow).where(AuditEntryRow.tenant_id == reading.tenant_id)
    return int((await reading.execute(statement)).scalar_one())


def record(row: Row[Any]) -> AuditRecord:
    """An entry from the columns ``ENTRY``."""
    return AuditRecord(
        seq=row.seq, at=row.at, actor=row.actor, action=row.action, subject=row.subject, params=row.params
    )


def _seal(row: Row[Any]) -> SealView:
    return SealView(
        number=row.number,
        from_seq=row.from_seq,
        to_seq=row.to_seq,
        algorithm=row.algorithm,
        hash=row.hash,
        sealed_at=row.sealed_at,
    )
