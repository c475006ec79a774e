"""Looks and pictures read and written."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, delete, func, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uniqueness import conflict_when_taken
from careline.kernel.tenancy import TenantId
from careline.modules.contact.widget.models import WidgetLookRow, WidgetPictureRow
from careline.modules.contact.widget.views import Look, LookVersion


async def looks(reading: Reading, *, limit: int) -> list[LookVersion]:
    """The newest looks of the tenant, the newest first."""
    statement = select(WidgetLookRow.__table__).where(WidgetLookRow.tenant_id == reading.tenant_id)
    found = await reading.execute(statement.order_by(WidgetLookRow.number.desc()).limit(limit))
    return [_version(row) for row in found.all()]


async def look(reading: Reading, number: int) -> LookVersion | None:
    """One look."""
    statement = select(WidgetLookRow.__table__).where(
        WidgetLookRow.tenant_id == reading.tenant_id, WidgetLookRow.number == number
    )
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _version(row)


async def insert_look(tx: Transaction, version: LookVersion) -> None:
    """Add a look. Raises ``Conflict`` ("look-changed") when another was added meanwhile."""
    with conflict_when_taken("look-changed"):
        await tx.execute(insert(WidgetLookRow).values(tenant_id=tx.tenant_id, **_row(version)))


async def change_look(tx: Transaction, version: LookVersion, *, revision: int) -> bool:
    """Change the draft that is at this revision; False when it is at another one, or published."""
    statement = update(WidgetLookRow).where(
        WidgetLookRow.tenant_id == tx.tenant_id,
        WidgetLookRow.number == version.number,
        WidgetLookRow.revision == revision,
        WidgetLookRow.published_at.is_(None),
    )
    return (await tx.execute(statement.values(**_row(version)))).rowcount == 1


async def published_of_all(reading: Reading) -> dict[TenantId, LookVersion]:
    """What the customers of each tenant see now."""
    # house: allow tenant-filter – other sites are let in for all tenants at once
    newest = select(WidgetLookRow.tenant_id, func.max(WidgetLookRow.number).label("number"))
    last = newest.where(WidgetLookRow.published_at.is_not(None)).group_by(WidgetLookRow.tenant_id).subquery()
    statement = select(WidgetLookRow.__table__).join(
        last, (last.c.tenant_id == WidgetLookRow.tenant_id) & (last.c.number == WidgetLookRow.number)
    )
    return {TenantId(row.tenant_id): _version(row) for row in (await reading.execute(statement)).all()}


async def insert_picture(tx: Transaction, picture_id: UUID, kind: str, data: bytes) -> None:
    """Add a picture."""
    values = {"id": picture_id, "tenant_id": tx.tenant_id, "kind": kind, "data": data, "made_at": tx.now}
    await tx.execute(insert(WidgetPictureRow).values(**values))


async def picture(reading: Reading, picture_id: UUID) -> tuple[str, bytes] | None:
    """The media type and the bytes of a picture."""
    statement = select(WidgetPictureRow.kind, WidgetPictureRow.data).where(
        WidgetPictureRow.tenant_id == reading.tenant_id, WidgetPictureRow.id == picture_id
    )
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else (row.kind, row.data)


async def remove_unused(tx: Transaction, before: datetime) -> None:
    """Remove the pictures that were added before an instant and stand in no look, published ever or drafted."""
    looks = select(WidgetLookRow.look).where(WidgetLookRow.tenant_id == tx.tenant_id)
    named = {msgspec.convert(look, Look).picture for look in (await tx.execute(looks)).scalars()} - {None}
    await tx.execute(
        delete(WidgetPictureRow).where(
            WidgetPictureRow.tenant_id == tx.tenant_id,
            WidgetPictureRow.made_at < before,
            WidgetPictureRow.id.not_in(named),
        )
    )


async def count_pictures(reading: Reading) -> int:
    """How many pictures the tenant has."""
    statement = select(func.count()).where(WidgetPictureRow.tenant_id == reading.tenant_id)
    return int((await reading.execute(statement)).scalar_one())


def _row(version: LookVersion) -> dict[str, Any]:
    return {**msgspec.structs.asdict(version), "look": msgspec.to_builtins(version.look)}


def _version(row: Row[Any]) -> LookVersion:
    return LookVersion(
        number=row.number,
        revision=row.revision,
        look=msgspec.convert(row.look, Look),
        made_by=row.made_by,
        changed_at=row.changed_at,
        published_at=row.published_at,
    )
