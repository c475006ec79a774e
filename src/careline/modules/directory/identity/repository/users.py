"""Users, roles, and who holds which."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uniqueness import conflict_when_taken
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.directory.identity.models import OrgUnitRow, RoleGrantRow, RoleRow, UserRow
from careline.modules.directory.identity.permissions import AdministratorKind, BuiltInRole, widest
from careline.modules.directory.identity.views import RoleView, UserView

USER = (UserRow.id, UserRow.login, UserRow.display_name, UserRow.org_unit_id, UserRow.active, UserRow.locale)
_ROLE = (RoleRow.id, RoleRow.code, RoleRow.name, RoleRow.administrator, RoleRow.permissions)


async def user(reading: Reading, user_id: UUID) -> UserView | None:
    """One user of the reading's tenant."""
    statement = select(*USER).where(UserRow.tenant_id == reading.tenant_id, UserRow.id == user_id)
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else user_view(row)


async def user_by_login(reading: Reading, login: str) -> UserView | None:
    """One user of the reading's tenant by login, which is stored in lower case."""
    statement = select(*USER).where(UserRow.tenant_id == reading.tenant_id, UserRow.login == login)
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else user_view(row)


async def users(reading: Reading, ids: Collection[UUID]) -> list[UserView]:
    """Those users of the reading's tenant that are among ``ids``."""
    statement = select(*USER).where(UserRow.tenant_id == reading.tenant_id, UserRow.id.in_(ids))
    return [user_view(row) for row in (await reading.execute(statement)).all()]


async def users_after(reading: Reading, after: str, *, path: str, limit: int) -> list[UserView]:
    """Users in the department at ``path`` or below it, by login, those after ``after``."""
    statement = (
        select(*USER)
        .join(OrgUnitRow, OrgUnitRow.id == UserRow.org_unit_id)
        .where(
            UserRow.tenant_id == reading.tenant_id,
            OrgUnitRow.tenant_id == reading.tenant_id,
            OrgUnitRow.path.startswith(path, autoescape=True),
            UserRow.login > after,
        )
        .order_by(UserRow.login)
        .limit(limit)
    )
    return [user_view(row) for row in (await reading.execute(statement)).all()]


async def password_of(reading: Reading, login: str) -> tuple[UUID, str | None, bool] | None:
    """Id, password hash and activity of the user with this login; for signing in only."""
    statement = select(UserRow.id, UserRow.password_hash, UserRow.active).where(
        UserRow.tenant_id == reading.tenant_id, UserRow.login == login
    )
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else (row.id, row.password_hash, row.active)


async def hold(tx: Transaction, user_id: UUID) -> UserView | None:
    """One user, whom no other transaction changes until this one ends.

    Sessions and roles are decided by looking at the user first: two who decide at once must not both be right.
    """
    statement = select(*USER).where(UserRow.tenant_id == tx.tenant_id, UserRow.id == user_id).with_for_update()
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else user_view(row)


async def add_user(
    tx: Transaction, view: UserView, password_hash: str | None, now: datetime, *, password_issued: bool = False
) -> None:
    """Store a user."""
    values = {
        "id": view.id,
        "tenant_id": tx.tenant_id,
        "login": view.login,
        "display_name": view.display_name,
        "locale": view.locale,
        "org_unit_id": view.org_unit_id,
        "active": view.active,
        "password_hash": password_hash,
        "password_issued": password_issued,
        "created_at": now,
    }
    with conflict_when_taken("login-taken", field="login"):
        await tx.execute(insert(UserRow).values(values))


async def change_user(tx: Transaction, user_id: UUID, changes: Mapping[str, Any]) -> None:
    """Set columns of a user."""
    statement = update(UserRow).where(UserRow.tenant_id == tx.tenant_id, UserRow.id == user_id).values(**changes)
    await tx.execute(statement)


async def rehash(tx: Transaction, user_id: UUID, old: str, new: str) -> None:
    """Replace a password's hash by one with other parameters, unless the password was changed meanwhile."""
    statement = (
        update(UserRow)
        .where(UserRow.tenant_id == tx.tenant_id, UserRow.id == user_id, UserRow.password_hash == old)
        .values(password_hash=new)
    )
    await tx.execute(statement)


async def roles(reading: Reading) -> list[RoleView]:
    """The roles of the reading's tenant, by code."""
    statement = select(*_ROLE).where(RoleRow.tenant_id == reading.tenant_id).order_by(RoleRow.code)
    return [_role_view(row) for row in (await reading.execute(statement)).all()]


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


async def roles_of_users(reading: Reading, user_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """The codes of the roles that each of these users holds."""
    statement = (
        select(RoleGrantRow.user_id, RoleRow.code)
        .join(RoleRow, RoleRow.id == RoleGrantRow.role_id)
        .where(
            RoleGrantRow.tenant_id == reading.tenant_id,
            RoleRow.tenant_id == reading.tenant_id,
            RoleGrantRow.user_id.in_(user_ids),
        )
        .order_by(RoleRow.code)
    )
    held: dict[UUID, list[str]] = {user_id: [] for user_id in user_ids}
    for row in (await reading.execute(statement)).all():
        held[row.user_id].append(row.code)
    return held


async def add_built_in_roles(tx: Transaction, tenant_id: TenantId, built_in: Sequence[BuiltInRole]) -> None:
    """Store the roles that a tenant begins with."""
    rows = [
        {
            "id": new_id(),
            "tenant_id": tenant_id,
            "code": role.code,
            "name": role.name,
            "administrator": role.administrator,
            "permissions": dict(role.permissions),
        }
        for role in built_in
    ]
    await tx.execute(insert(RoleRow), rows)


async def replace_grants(tx: Transaction, user_id: UUID, role_ids: Collection[UUID], now: datetime) -> None:
    """Let a user hold exactly these roles."""
    await tx.execute(
        delete(RoleGrantRow).where(RoleGrantRow.tenant_id == tx.tenant_id, RoleGrantRow.user_id == user_id)
    )
    rows = [
        {"tenant_id": tx.tenant_id, "user_id": user_id, "role_id": role_id, "granted_at": now} for role_id in role_ids
    ]
    if rows:
        await tx.execute(insert(RoleGrantRow), rows)


def user_view(row: Row[Any], prefix: str = "") -> UserView:
    """A row of ``user_account`` as others see it; its columns' names may begin with ``prefix``."""
    return UserView(**{column.key: getattr(row, prefix + column.key) for column in USER})


def _role_view(row: Row[Any]) -> RoleView:
    return RoleView(
        id=row.id,
        code=row.code,
        name=row.name,
        administrator=None if row.administrator is None else AdministratorKind(row.administrator),
        permissions=widest([row.permissions]),
    )
