"""The organisation tree, and the posts that people hold in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, Text, delete, func, insert, literal, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uniqueness import conflict_when_taken
from careline.modules.directory.identity.models import OrgUnitRow, PostRow, UserRow
from careline.modules.directory.identity.views import OrgUnitView, PostView

_UNIT = (OrgUnitRow.id, OrgUnitRow.parent_id, OrgUnitRow.name, OrgUnitRow.path, OrgUnitRow.version)
_POST = (PostRow.id, PostRow.name, PostRow.duties, PostRow.version)


async def org_units(reading: Reading) -> list[OrgUnitView]:
    """The organisation of the reading's tenant as it is, parents before what is below them."""
    statement = (
        select(*_UNIT)
        .where(OrgUnitRow.tenant_id == reading.tenant_id, OrgUnitRow.closed_at.is_(None))
        .order_by(OrgUnitRow.path)
    )
    return [_unit_view(row) for row in (await reading.execute(statement)).all()]


async def unit_names(reading: Reading) -> dict[UUID, str]:
    """What every department is called, or was called before it was closed."""
    statement = select(OrgUnitRow.id, OrgUnitRow.name).where(OrgUnitRow.tenant_id == reading.tenant_id)
    return {row.id: row.name for row in (await reading.execute(statement)).all()}


async def org_unit(reading: Reading, unit_id: UUID) -> OrgUnitView | None:
    """One department of the reading's tenant that is not closed."""
    statement = select(*_UNIT).where(
        OrgUnitRow.tenant_id == reading.tenant_id, OrgUnitRow.id == unit_id, OrgUnitRow.closed_at.is_(None)
    )
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _unit_view(row)


async def hold_org_unit(tx: Transaction, unit_id: UUID) -> OrgUnitView | None:
    """The same, and nobody closes it until this transaction ends."""
    statement = (
        select(*_UNIT)
        .where(OrgUnitRow.tenant_id == tx.tenant_id, OrgUnitRow.id == unit_id, OrgUnitRow.closed_at.is_(None))
        .with_for_update(read=True)
    )
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else _unit_view(row)


async def root_unit(reading: Reading) -> OrgUnitView:
    """The department that has none above it; every tenant has one."""
    statement = select(*_UNIT).where(OrgUnitRow.tenant_id == reading.tenant_id, OrgUnitRow.parent_id.is_(None))
    return _unit_view((await reading.execute(statement)).one())


async def hold_tree(tx: Transaction) -> list[OrgUnitView]:
    """The whole organisation, which nobody else changes until this transaction ends.

    Two who move at once could each put the other's department below their own; so there is one who changes the tree.
    """
    statement = (
        select(*_UNIT)
        .where(OrgUnitRow.tenant_id == tx.tenant_id, OrgUnitRow.closed_at.is_(None))
        .order_by(OrgUnitRow.path)
        .with_for_update()
    )
    await tx.execute(
        select(OrgUnitRow.id)
        .where(OrgUnitRow.tenant_id == tx.tenant_id, OrgUnitRow.parent_id.is_(None))
        .with_for_update()
    )
    return [_unit_view(row) for row in (await tx.execute(statement)).all()]


async def add_org_unit(tx: Transaction, unit: OrgUnitView) -> None:
    """Store a department."""
    await tx.execute(insert(OrgUnitRow).values(tenant_id=tx.tenant_id, **msgspec.structs.asdict(unit)))


async def change_org_unit(tx: Transaction, unit_id: UUID, changes: Mapping[str, Any]) -> None:
    """Set columns of a department, which counts as one more version."""
    statement = (
        update(OrgUnitRow)
        .where(OrgUnitRow.tenant_id == tx.tenant_id, OrgUnitRow.id == unit_id)
        .values(**changes, version=OrgUnitRow.version + 1)
    )
    await tx.execute(statement)


async def move_subtree(tx: Transaction, old: str, new: str) -> None:
    """Let what is at the path ``old`` and below it be at ``new``, closed departments too."""
    statement = (
        update(OrgUnitRow)
        .where(OrgUnitRow.tenant_id == tx.tenant_id, OrgUnitRow.path.startswith(old, autoescape=True))
        .values(path=literal(new, Text()) + func.substr(OrgUnitRow.path, len(old) + 1, type_=Text()))
    )
    await tx.execute(statement)


async def close_org_unit(tx: Transaction, unit_id: UUID, now: datetime) -> None:
    """Nobody works there any more."""
    await change_org_unit(tx, unit_id, {"closed_at": now})


async def posts(reading: Reading) -> list[PostView]:
    """The posts of the reading's tenant, in the order in which they were made."""
    statement = select(*_POST).where(PostRow.tenant_id == reading.tenant_id).order_by(PostRow.id)
    return [_post_view(row) for row in (await reading.execute(statement)).all()]


async def post(reading: Reading, post_id: UUID) -> PostView | None:
    """One post of the reading's tenant."""
    statement = select(*_POST).where(PostRow.tenant_id == reading.tenant_id, PostRow.id == post_id)
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _post_view(row)


async def hold_post(tx: Transaction, post_id: UUID) -> PostView | None:
    """The same, and nobody changes or removes it until this transaction ends."""
    statement = select(*_POST).where(PostRow.tenant_id == tx.tenant_id, PostRow.id == post_id).with_for_update()
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else _post_view(row)


async def add_post(tx: Transaction, view: PostView) -> None:
    """Store a post."""
    with conflict_when_taken("post-name-taken", field="name"):
        await tx.execute(insert(PostRow).values(tenant_id=tx.tenant_id, **msgspec.structs.asdict(view)))


async def change_post(tx: Transaction, post_id: UUID, name: str, duties: str) -> None:
    """Call a post otherwise or give it other duties, which counts as one more version."""
    statement = (
        update(PostRow)
        .where(PostRow.tenant_id == tx.tenant_id, PostRow.id == post_id)
        .values(name=name, duties=duties, version=PostRow.version + 1)
    )
    with conflict_when_taken("post-name-taken", field="name"):
        await tx.execute(statement)


async def remove_post(tx: Transaction, post_id: UUID) -> None:
    """Forget a post that nobody holds."""
    await tx.execute(delete(PostRow).where(PostRow.tenant_id == tx.tenant_id, PostRow.id == post_id))


async def held_by(reading: Reading, post_id: UUID) -> int:
    """How many users hold a post."""
    statement = (
        select(func.count())
        .select_from(UserRow)
        .where(UserRow.tenant_id == reading.tenant_id, UserRow.post_id == post_id)
    )
    return int((await reading.execute(statement)).scalar_one())


def _unit_view(row: Row[Any]) -> OrgUnitView:
    return OrgUnitView(id=row.id, parent_id=row.parent_id, name=row.name, path=row.path, version=row.version)


def _post_view(row: Row[Any]) -> PostView:
    return PostView(id=row.id, name=row.name, duties=row.duties, version=row.version)
