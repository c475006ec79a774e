"""Service accounts and the hashes of their tokens."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uniqueness import conflict_when_taken
from careline.kernel.tenancy import TenantId
from careline.modules.directory.identity.models import ServiceAccountRow
from careline.modules.directory.identity.permissions import widest
from careline.modules.directory.identity.views import ServiceAccountView

_ACCOUNT = (
    ServiceAccountRow.id,
    ServiceAccountRow.name,
    ServiceAccountRow.permissions,
    ServiceAccountRow.created_at,
    ServiceAccountRow.created_by,
    ServiceAccountRow.expires_at,
    ServiceAccountRow.last_used_at,
    ServiceAccountRow.revoked_at,
    ServiceAccountRow.approved_at,
)


class FoundAccount(msgspec.Struct, frozen=True, kw_only=True):
    """A service account with its tenant."""

    tenant_id: TenantId
    account: ServiceAccountView


async def find(reading: Reading, token_hash: str) -> FoundAccount | None:
    """The service account of a token, of whatever tenant: the token says whose it is."""
    # house: allow tenant-filter – the token is looked up to learn whose it is
    statement = select(ServiceAccountRow.tenant_id, *_ACCOUNT).where(ServiceAccountRow.token_hash == token_hash)
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else FoundAccount(tenant_id=TenantId(row.tenant_id), account=_view(row))


async def account(reading: Reading, account_id: UUID) -> ServiceAccountView | None:
    """One service account of the reading's tenant."""
    statement = select(*_ACCOUNT).where(
        ServiceAccountRow.tenant_id == reading.tenant_id, ServiceAccountRow.id == account_id
    )
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _view(row)


async def accounts_after(reading: Reading, after: str, *, part: str, limit: int) -> list[ServiceAccountView]:
    """Service accounts by name, those after ``after`` whose name holds ``part``."""
    statement = (
        select(*_ACCOUNT)
        .where(
            ServiceAccountRow.tenant_id == reading.tenant_id,
            ServiceAccountRow.name > after,
            ServiceAccountRow.name.icontains(part, autoescape=True),
        )
        .order_by(ServiceAccountRow.name)
        .limit(limit)
    )
    return [_view(row) for row in (await reading.execute(statement)).all()]


async def names(reading: Reading, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of those service accounts of the reading's tenant."""
    statement = select(ServiceAccountRow.id, ServiceAccountRow.name).where(
        ServiceAccountRow.tenant_id == reading.tenant_id, ServiceAccountRow.id.in_(ids)
    )
    return {row.id: row.name for row in (await reading.execute(statement)).all()}


async def add(
    tx: Transaction, view: ServiceAccountView, *, token_hash: str, org_unit_id: UUID, permissions: Mapping[str, str]
) -> None:
    """Store a service account. Raises ``Conflict`` ("service-account-exists")."""
    values = {
        "id": view.id,
        "tenant_id": tx.tenant_id,
        "name": view.name,
        "permissions": dict(permissions),
        "org_unit_id": org_unit_id,
        "token_hash": token_hash,
        "created_at": view.created_at,
        "created_by": view.created_by,
        "expires_at": view.expires_at,
        "last_used_at": None,
        "revoked_at": None,
        "approved_at": None,
        "approved_by": None,
    }
    with conflict_when_taken("service-account-exists", field="name"):
        await tx.execute(insert(ServiceAccountRow).values(values))


async def touch(tx: Transaction, account_id: UUID, at: datetime) -> None:
    """Note when the token was last used."""
    statement = (
        update(ServiceAccountRow)
        .where(ServiceAccountRow.tenant_id == tx.tenant_id, ServiceAccountRow.id == account_id)
        .values(last_used_at=at)
    )
    await tx.execute(statement)


async def hold(tx: Transaction, account_id: UUID) -> ServiceAccountView | None:
    """One service account, which no other transaction changes until this one ends."""
    statement = (
        select(*_ACCOUNT)
        .where(ServiceAccountRow.tenant_id == tx.tenant_id, ServiceAccountRow.id == account_id)
        .with_for_update()
    )
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else _view(row)


async def approve(tx: Transaction, account_id: UUID, by: UUID | None) -> None:
    """The token is good for what the account permits from now on."""
    statement = (
        update(ServiceAccountRow)
        .where(ServiceAccountRow.tenant_id == tx.tenant_id, ServiceAccountRow.id == account_id)
        .values(approved_at=tx.now, approved_by=by)
    )
    await tx.execute(statement)


async def revoke(tx: Transaction, account_id: UUID) -> bool:
    """The token is good for nothing from now on; False when it was so already."""
    statement = (
        update(ServiceAccountRow)
        .where(
            ServiceAccountRow.tenant_id == tx.tenant_id,
            ServiceAccountRow.id == account_id,
            ServiceAccountRow.revoked_at.is_(None),
        )
        .values(revoked_at=tx.now)
    )
    return (await tx.execute(statement)).rowcount == 1


def _view(row: Row[Any]) -> ServiceAccountView:
    values = {column.key: getattr(row, column.key) for column in _ACCOUNT}
    return ServiceAccountView(**{**values, "permissions": widest([row.permissions])})
