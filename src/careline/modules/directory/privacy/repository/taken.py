"""Who took which copy."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.modules.directory.privacy.models import DataCopyTakenRow
from careline.modules.directory.privacy.views import CopyTaken


async def since(tx: Transaction, taker: UUID, begin: datetime) -> dict[UUID, datetime]:
    """The copies that somebody took since a time, and when; nobody else counts theirs before this transaction ends."""
    if tx.dialect == "postgresql":
        # What is not there yet cannot be locked, and two who both count the same would take one too many.
        await tx.execute(select(func.pg_advisory_xact_lock(taker.int & (2**63 - 1))))
    row = DataCopyTakenRow
    statement = select(row.request_id, row.taken_at).where(
        row.tenant_id == tx.tenant_id, row.taken_by == taker, row.taken_at > begin
    )
    return {one.request_id: one.taken_at for one in (await tx.execute(statement)).all()}


async def put(tx: Transaction, request_id: UUID, taker: UUID) -> None:
    """Somebody takes a copy, now."""
    key = {"tenant_id": tx.tenant_id, "request_id": request_id, "taken_by": taker}
    writing = insert_or(tx, DataCopyTakenRow).values(taken_at=tx.now, **key)
    await tx.execute(
        writing.on_conflict_do_update(index_elements=["request_id", "taken_by"], set_={"taken_at": tx.now})
    )


async def of(reading: Reading, request_id: UUID) -> list[CopyTaken]:
    """Who took the copy of a request, whoever took it latest last."""
    row = DataCopyTakenRow
    statement = (
        select(row.taken_by, row.taken_at)
        .where(row.tenant_id == reading.tenant_id, row.request_id == request_id)
        .order_by(row.taken_at, row.taken_by)
    )
    return [CopyTaken(by=one.taken_by, at=one.taken_at) for one in (await reading.execute(statement)).all()]
