"""Users: who may sign in, in which department and post."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, insert, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uniqueness import conflict_when_taken
from careline.kernel.tenancy import TenantId
from careline.modules.directory.identity.models import OrgUnitRow, RoleGrantRow, RoleRow, UserRow
from careline.modules.directory.identity.views import UserFilter, UserView

USER = (
    UserRow.id,
    UserRow.login,
    UserRow.display_name,
    UserRow.org_unit_id,
    UserRow.active,
    UserRow.locale,
    UserRow.post_id,
    UserRow.password_issued,
    UserRow.version,
)

AT_ONCE = 10_000
"""Ids in one statement; PostgreSQL takes 32,767 values."""


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
    wanted, found = list(ids), list[UserView]()
    for at in range(0, len(wanted), AT_ONCE):
        some = UserRow.id.in_(wanted[at : at + AT_ONCE])
        statement = select(*USER).where(UserRow.tenant_id == reading.tenant_id, some)
        found += [user_view(row) for row in (await reading.execute(statement)).all()]
    return found


async def users_after(
    reading: Reading, after: str, *, paths: Collection[str], wanted: UserFilter, limit: int
) -> list[UserView]:
    """Users by login, those after ``after``, in or below each of the departments at ``paths``, that pass the filter."""
    statement = (
        select(*USER)
        .join(OrgUnitRow, OrgUnitRow.id == UserRow.org_unit_id)
        .where(
            UserRow.tenant_id == reading.tenant_id,
            OrgUnitRow.tenant_id == reading.tenant_id,
            *(OrgUnitRow.path.startswith(path, autoescape=True) for path in paths),
            UserRow.login > after,
        )
    )
    if wanted.words:
        # A login is stored in lower case. SQLite lowers ASCII only, which is what names here have of two cases.
        words = wanted.words.lower()
        statement = statement.where(
            or_(
                UserRow.login.contains(words, autoescape=True),
                func.lower(UserRow.display_name).contains(words, autoescape=True),
            )
        )
    if wanted.role is not None:
        statement = statement.where(UserRow.id.in_(_holders(reading.tenant_id, wanted.role)))
    if wanted.active is not None:
        statement = statement.where(UserRow.active.is_(wanted.active))
    statement = statement.order_by(UserRow.login).limit(limit)
    return [user_view(row) for row in (await reading.execute(statement)).all()]


async def paths_of(reading: Reading, ids: Collection[UUID]) -> dict[UUID, str]:
    """Where the departments of those users are in the tree."""
    wanted, found = list(ids), dict[UUID, str]()
    for at in range(0, len(wanted), AT_ONCE):
        statement = (
            select(UserRow.id, OrgUnitRow.path)
            .join(OrgUnitRow, OrgUnitRow.id == UserRow.org_unit_id)
            .where(
                UserRow.tenant_id == reading.tenant_id,
                OrgUnitRow.tenant_id == reading.tenant_id,
                UserRow.id.in_(wanted[at : at + AT_ONCE]),
            )
        )
        found |= {row.id: row.path for row in (await reading.execute(statement)).all()}
    return found


async def within(reading: Reading, path: str) -> set[UUID]:
    """Users, active or not, in the department at a path or below it."""
    statement = (
        select(UserRow.id)
        .join(OrgUnitRow, OrgUnitRow.id == UserRow.org_unit_id)
        .where(
            UserRow.tenant_id == reading.tenant_id,
            OrgUnitRow.tenant_id == reading.tenant_id,
            OrgUnitRow.path.startswith(path, autoescape=True),
        )
    )
    return set((await reading.execute(statement)).scalars().all())


def _holders(tenant_id: TenantId, role: str) -> Select[UUID]:
    return (
        select(RoleGrantRow.user_id)
        .join(RoleRow, RoleRow.id == RoleGrantRow.role_id)
        .where(RoleGrantRow.tenant_id == tenant_id, RoleRow.tenant_id == tenant_id, RoleRow.code == role)
    )


async def people_by_unit(reading: Reading) -> dict[UUID, int]:
    """How many users, active or not, each department has by itself."""
    return await _counted(reading, UserRow.org_unit_id)


async def people_by_post(reading: Reading) -> dict[UUID, int]:
    """How many users, active or not, each post has."""
    return await _counted(reading, UserRow.post_id)


async def _counted(reading: Reading, column: InstrumentedAttribute[Any]) -> dict[UUID, int]:
    statement = (
        select(column.label("place"), func.count().label("people"))
        .where(UserRow.tenant_id == reading.tenant_id, column.is_not(None))
        .group_by(column)
    )
    return {row.place: row.people for row in (await reading.execute(statement)).all()}


async def move_people(tx: Transaction, unit_id: UUID, to: UUID) -> list[UserView]:
    """Bring all of a department into another; they, as they are now."""
    statement = (
        update(UserRow)
        .where(UserRow.tenant_id == tx.tenant_id, UserRow.org_unit_id == unit_id)
        .values(org_unit_id=to, version=UserRow.version + 1)
        .returning(*USER)
    )
    return [user_view(row) for row in (await tx.execute(statement)).all()]


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


async def add_user(tx: Transaction, view: UserView, password_hash: str | None, now: datetime) -> None:
    """Store a user."""
    values = {
        "id": view.id,
        "tenant_id": tx.tenant_id,
        "login": view.login,
        "display_name": view.display_name,
        "locale": view.locale,
        "org_unit_id": view.org_unit_id,
        "active": view.active,
        "post_id": view.post_id,
        "password_issued": view.password_issued,
        "version": view.version,
        "password_hash": password_hash,
        "created_at": now,
    }
    with conflict_when_taken("login-taken", field="login"):
        await tx.execute(insert(UserRow).values(values))


async def change_user(tx: Transaction, user_id: UUID, changes: Mapping[str, Any]) -> None:
    """Set columns of a user, which counts as one more version."""
    statement = (
        update(UserRow)
        .where(UserRow.tenant_id == tx.tenant_id, UserRow.id == user_id)
        .values(**changes, version=UserRow.version + 1)
    )
    await tx.execute(statement)


async def rehash(tx: Transaction, user_id: UUID, old: str, new: str) -> None:
    """Replace a password's hash by one with other parameters, unless the password was changed meanwhile."""
    statement = (
        update(UserRow)
        .where(UserRow.tenant_id == tx.tenant_id, UserRow.id == user_id, UserRow.password_hash == old)
        .values(password_hash=new)
    )
    await tx.execute(statement)


def user_view(row: Row[Any], prefix: str = "") -> UserView:
    """A row of ``user_account`` as others see it; its columns' names may begin with ``prefix``."""
    return UserView(**{column.key: getattr(row, prefix + column.key) for column in USER})
