"""Roles, and who holds which."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uniqueness import conflict_when_taken
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.directory.identity.models import RoleGrantRow, RoleRow, UserRow
from careline.modules.directory.identity.permissions import AdministratorKind, BuiltInRole, Scope, widest
from careline.modules.directory.identity.views import GrantView, RoleView

_ROLE = (
    RoleRow.id,
    RoleRow.code,
    RoleRow.name,
    RoleRow.administrator,
    RoleRow.permissions,
    RoleRow.built_in,
    RoleRow.version,
)


async def roles(reading: Reading) -> list[RoleView]:
    """The roles of the reading's tenant, by code."""
    statement = select(*_ROLE).where(RoleRow.tenant_id == reading.tenant_id).order_by(RoleRow.code)
    return [_role_view(row) for row in (await reading.execute(statement)).all()]


async def hold_roles(tx: Transaction) -> list[RoleView]:
    """The same, and none of them is changed by another until this transaction ends.

    Who grants looks at what the roles permit, and who changes a role looks at who holds it: both at once must not
    make somebody two administrators.
    """
    statement = select(*_ROLE).where(RoleRow.tenant_id == tx.tenant_id).order_by(RoleRow.code).with_for_update()
    return [_role_view(row) for row in (await tx.execute(statement)).all()]


async def roles_of(reading: Reading, user_id: UUID) -> list[RoleView]:
    """The roles that a user holds, by code."""
    statement = (
        select(*_ROLE)
        .join(RoleGrantRow, RoleGrantRow.role_id == RoleRow.id)
        .where(
            RoleRow.tenant_id == reading.tenant_id,
            RoleGrantRow.tenant_id == reading.tenant_id,
            RoleGrantRow.user_id == user_id,
        )
        .order_by(RoleRow.code)
    )
    return [_role_view(row) for row in (await reading.execute(statement)).all()]


async def grants_of(reading: Reading, user_ids: Collection[UUID]) -> dict[UUID, list[GrantView]]:
    """What each of these users was granted, by the roles' codes."""
    statement = (
        select(RoleGrantRow.user_id, RoleGrantRow.scope, RoleRow.code)
        .join(RoleRow, RoleRow.id == RoleGrantRow.role_id)
        .where(
            RoleGrantRow.tenant_id == reading.tenant_id,
            RoleRow.tenant_id == reading.tenant_id,
            RoleGrantRow.user_id.in_(user_ids),
        )
        .order_by(RoleRow.code)
    )
    held: dict[UUID, list[GrantView]] = {user_id: [] for user_id in user_ids}
    for row in (await reading.execute(statement)).all():
        held[row.user_id].append(GrantView(role=row.code, scope=None if row.scope is None else Scope(row.scope)))
    return held


async def holders(reading: Reading, role_id: UUID) -> list[UUID]:
    """The users who hold a role."""
    statement = select(RoleGrantRow.user_id).where(
        RoleGrantRow.tenant_id == reading.tenant_id, RoleGrantRow.role_id == role_id
    )
    return list((await reading.execute(statement)).scalars().all())


async def holders_by_role(reading: Reading) -> dict[UUID, int]:
    """How many users hold each role that anybody holds."""
    statement = (
        select(RoleGrantRow.role_id, func.count().label("people"))
        .where(RoleGrantRow.tenant_id == reading.tenant_id)
        .group_by(RoleGrantRow.role_id)
    )
    return {row.role_id: row.people for row in (await reading.execute(statement)).all()}


async def active_administrators(reading: Reading, kind: AdministratorKind, *, but: UUID) -> int:
    """How many active users besides one hold a role of this administrator."""
    statement = (
        select(func.count(func.distinct(UserRow.id)))
        .select_from(RoleGrantRow)
        .join(RoleRow, RoleRow.id == RoleGrantRow.role_id)
        .join(UserRow, UserRow.id == RoleGrantRow.user_id)
        .where(
            RoleGrantRow.tenant_id == reading.tenant_id,
            RoleRow.tenant_id == reading.tenant_id,
            UserRow.tenant_id == reading.tenant_id,
            RoleRow.administrator == kind.value,
            UserRow.active.is_(True),
            UserRow.id != but,
        )
    )
    return int((await reading.execute(statement)).scalar_one())


async def add_built_in_roles(tx: Transaction, tenant_id: TenantId, built_in: Sequence[BuiltInRole]) -> None:
    """Store roles that the program brings."""
    rows = [
        {
            "id": new_id(),
            "tenant_id": tenant_id,
            "code": role.code,
            "name": role.name,
            "administrator": role.administrator,
            "permissions": dict(role.permissions),
            "built_in": True,
            "version": 1,
        }
        for role in built_in
    ]
    await tx.execute(insert(RoleRow), rows)


async def add_role(tx: Transaction, role: RoleView) -> None:
    """Store a role of the tenant's own."""
    values = {
        "id": role.id,
        "tenant_id": tx.tenant_id,
        "code": role.code,
        "name": role.name,
        "administrator": role.administrator,
        "permissions": dict(role.permissions),
        "built_in": role.built_in,
        "version": role.version,
    }
    with conflict_when_taken("role-exists", field="code"):
        await tx.execute(insert(RoleRow).values(values))


async def change_role(tx: Transaction, role_id: UUID, changes: Mapping[str, Any]) -> None:
    """Set columns of a role, which counts as one more version."""
    statement = (
        update(RoleRow)
        .where(RoleRow.tenant_id == tx.tenant_id, RoleRow.id == role_id)
        .values(**changes, version=RoleRow.version + 1)
    )
    await tx.execute(statement)


async def remove_role(tx: Transaction, role_id: UUID) -> None:
    """Forget a role that nobody holds."""
    await tx.execute(delete(RoleRow).where(RoleRow.tenant_id == tx.tenant_id, RoleRow.id == role_id))


async def replace_grants(tx: Transaction, user_id: UUID, grants: Mapping[UUID, Scope | None], now: datetime) -> None:
    """Let a user hold exactly these roles."""
    await tx.execute(
        delete(RoleGrantRow).where(RoleGrantRow.tenant_id == tx.tenant_id, RoleGrantRow.user_id == user_id)
    )
    rows = [
        {"tenant_id": tx.tenant_id, "user_id": user_id, "role_id": role_id, "scope": scope, "granted_at": now}
        for role_id, scope in grants.items()
    ]
    if rows:
        await tx.execute(insert(RoleGrantRow), rows)


def _role_view(row: Row[Any]) -> RoleView:
    return RoleView(
        id=row.id,
        code=row.code,
        name=row.name,
        administrator=None if row.administrator is None else AdministratorKind(row.administrator),
        permissions=widest([row.permissions]),
        built_in=row.built_in,
        version=row.version,
    )
