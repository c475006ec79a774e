"""Connections to business systems read and written."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, delete, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uniqueness import conflict_when_taken
from careline.modules.contact.flows.models import FlowConnectionRow


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A connection as it is stored."""

    id: UUID
    code: str
    name: str
    url: str
    header: str
    sealed_secret: str | None
    let_through: bool
    version: int


async def all_of(reading: Reading) -> list[Kept]:
    """The tenant's connections, by code."""
    statement = (
        select(FlowConnectionRow.__table__)
        .where(FlowConnectionRow.tenant_id == reading.tenant_id)
        .order_by(FlowConnectionRow.code)
    )
    return [_kept(row) for row in (await reading.execute(statement)).all()]


async def one(reading: Reading, code: str) -> Kept | None:
    """A connection by its code."""
    statement = select(FlowConnectionRow.__table__).where(
        FlowConnectionRow.tenant_id == reading.tenant_id, FlowConnectionRow.code == code
    )
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _kept(row)


async def add(tx: Transaction, values: dict[str, Any]) -> None:
    """Store a new one. Raises ``Conflict`` ("connection-code-taken")."""
    with conflict_when_taken("connection-code-taken", field="code"):
        await tx.execute(insert(FlowConnectionRow).values({**values, "tenant_id": tx.tenant_id, "version": 1}))


async def change(tx: Transaction, connection_id: UUID, version: int, values: dict[str, Any]) -> bool:
    """Change the one that is still at ``version``; whether it was."""
    changed = await tx.execute(
        update(FlowConnectionRow)
        .where(
            FlowConnectionRow.tenant_id == tx.tenant_id,
            FlowConnectionRow.id == connection_id,
            FlowConnectionRow.version == version,
        )
        .values({**values, "version": version + 1})
    )
    return changed.rowcount == 1


async def remove(tx: Transaction, connection_id: UUID, version: int) -> bool:
    """Forget the one that is still at ``version``; whether it was."""
    removed = await tx.execute(
        delete(FlowConnectionRow).where(
            FlowConnectionRow.tenant_id == tx.tenant_id,
            FlowConnectionRow.id == connection_id,
            FlowConnectionRow.version == version,
        )
    )
    return removed.rowcount == 1


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        id=row.id,
        code=row.code,
        name=row.name,
        url=row.url,
        header=row.header,
        sealed_secret=row.sealed_secret,
        let_through=row.let_through,
        version=row.version,
    )
