"""Invitations: links with which somebody chooses a password."""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, select

from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.directory.identity.models import InvitationRow, TenantRow, UserRow
from careline.modules.directory.identity.views import InvitedView


class FoundInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation with whom it is for."""

    tenant_id: TenantId
    user_id: UUID
    active: bool
    expires_at: datetime
    shown: InvitedView


async def find(reading: Reading, token_hash: str) -> FoundInvitation | None:
    """The invitation of a token, of whatever tenant: the token says whose it is."""
    statement = (
        select(
            InvitationRow.tenant_id,
            InvitationRow.user_id,
            InvitationRow.expires_at,
            UserRow.active,
            UserRow.login,
            UserRow.display_name,
            TenantRow.code,
            TenantRow.name,
        )
        .join(UserRow, (UserRow.id == InvitationRow.user_id) & (UserRow.tenant_id == InvitationRow.tenant_id))
        .join(TenantRow, TenantRow.id == InvitationRow.tenant_id)
        .where(InvitationRow.token_hash == token_hash)
    )
    row = (await reading.execute(statement)).one_or_none()
    if row is None:
        return None
    return FoundInvitation(
        tenant_id=TenantId(row.tenant_id),
        user_id=row.user_id,
        active=row.active,
        expires_at=row.expires_at,
        shown=InvitedView(tenant_code=row.code, tenant_name=row.name, login=row.login, display_name=row.display_name),
    )


async def replace(tx: Transaction, user_id: UUID, token_hash: str, expires_at: datetime) -> None:
    """Invite a user; an earlier invitation is good for nothing any more."""
    await remove(tx, user_id)
    values = {
        "id": new_id(),
        "tenant_id": tx.tenant_id,
        "user_id": user_id,
        "token_hash": token_hash,
        "created_at": tx.now,
        "expires_at": expires_at,
    }
    await tx.execute(insert(InvitationRow).values(values))


async def take(tx: Transaction, token_hash: str) -> bool:
    """Use an invitation up; False when it is gone already."""
    statement = delete(InvitationRow).where(
        InvitationRow.tenant_id == tx.tenant_id, InvitationRow.token_hash == token_hash
    )
    return (await tx.execute(statement)).rowcount == 1


async def remove(tx: Transaction, user_id: UUID) -> None:
    """Take back the invitation of a user."""
    await tx.execute(
        delete(InvitationRow).where(InvitationRow.tenant_id == tx.tenant_id, InvitationRow.user_id == user_id)
    )
