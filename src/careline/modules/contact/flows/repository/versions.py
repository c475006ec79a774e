"""Versions of flows, and when which was in force, read and written."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select

from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.ids import new_id
from careline.modules.contact.flows.models import FlowPublicationRow, FlowVersionRow


async def versions(reading: Reading, flow_id: UUID) -> list[Row[Any]]:
    """All versions of a flow without what they say, the newest first."""
    row = FlowVersionRow
    statement = (
        select(row.version, row.created_at, row.created_by, row.published_at, row.revision)
        .where(row.tenant_id == reading.tenant_id, row.flow_id == flow_id)
        .order_by(row.version.desc())
    )
    return list((await reading.execute(statement)).all())


async def version(reading: Reading, flow_id: UUID, number: int) -> Row[Any] | None:
    """One version with what it says."""
    row = FlowVersionRow
    statement = select(row.version, row.definition, row.drawing, row.revision, row.published_at).where(
        row.tenant_id == reading.tenant_id, row.flow_id == flow_id, row.version == number
    )
    return (await reading.execute(statement)).one_or_none()


async def publications(reading: Reading, flow_id: UUID, *, limit: int) -> list[Row[Any]]:
    """When which version was put in force, the latest first."""
    row = FlowPublicationRow
    statement = (
        select(row.version, row.replaced, row.at, row.by, row.note)
        .where(row.tenant_id == reading.tenant_id, row.flow_id == flow_id)
        .order_by(row.at.desc(), row.id.desc())
        .limit(limit)
    )
    return list((await reading.execute(statement)).all())


async def note_publication(tx: Transaction, flow_id: UUID, number: int, replaced: int | None, note: str) -> None:
    """Write down that a version was put in force."""
    await tx.execute(
        insert(FlowPublicationRow).values(
            id=new_id(),
            tenant_id=tx.tenant_id,
            flow_id=flow_id,
            version=number,
            replaced=replaced,
            at=tx.now,
            by=tx.actor,
            note=note,
        )
    )
