"""Visitors of portal and widget."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, Select, bindparam, delete, insert, select, update

from careline.infra.database.prepared import Prepared
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.models import ConversationRow, VisitorRow


class VisitorRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A visitor as stored. ``name`` and ``number`` are what they say of themselves."""

    id: UUID
    tenant_id: TenantId
    name: str | None
    number: str | None
    locale: str
    customer_id: UUID | None
    conversation_id: UUID | None
    expires_at: datetime


_ONE = select(VisitorRow.__table__).where(
    VisitorRow.tenant_id == bindparam("of_tenant"), VisitorRow.id == bindparam("of_visitor")
)
_FIND = Prepared(_ONE)
_FIND_STAYING = Prepared(_ONE.with_for_update(read=True))


async def insert_visitor(tx: Transaction, visitor: VisitorRecord, token_hash: str) -> None:
    """Store a visitor that has just come."""
    values = msgspec.structs.asdict(visitor) | {"token_hash": token_hash, "created_at": tx.now}
    await tx.execute(insert(VisitorRow), values)


async def by_token(reading: Reading, token_hash: str) -> VisitorRecord | None:
    """Whose token it is; the token itself says which tenant, so this looks across them."""
    # house: allow tenant-filter – the token is what tells the tenant
    statement = select(VisitorRow.__table__).where(VisitorRow.token_hash == token_hash)
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _view(row)


async def find(reading: Reading, visitor_id: UUID) -> VisitorRecord | None:
    """One visitor of this tenant."""
    row = (await reading.run(_FIND, {"of_tenant": reading.tenant_id, "of_visitor": visitor_id})).one_or_none()
    return None if row is None else _view(row)


async def stays(tx: Transaction, visitor: VisitorRecord) -> bool:
    """Whether a visitor who was read before is still there, and will be until this transaction is over."""
    key = {"of_tenant": tx.tenant_id, "of_visitor": visitor.id}
    row = (await tx.run(_FIND_STAYING, key)).one_or_none()
    # Who left meanwhile may have done so later than ``now``, which stood still while this waited for them.
    return row is not None and tx.now < row.expires_at >= visitor.expires_at


async def of_conversations(reading: Reading, ids: Sequence[UUID]) -> dict[UUID, VisitorRecord]:
    """The visitor of each conversation that has one."""
    statement = select(VisitorRow.__table__).where(
        VisitorRow.tenant_id == reading.tenant_id, VisitorRow.conversation_id.in_(ids)
    )
    return {row.conversation_id: _view(row) for row in (await reading.execute(statement)).all()}


async def give_conversation(tx: Transaction, visitor_id: UUID, conversation_id: UUID) -> bool:
    """Tie a visitor to its conversation; False when another tab has done so already."""
    result = await tx.execute(
        update(VisitorRow)
        .where(VisitorRow.tenant_id == tx.tenant_id, VisitorRow.id == visitor_id, VisitorRow.conversation_id.is_(None))
        .values(conversation_id=conversation_id)
    )
    return bool(result.rowcount)


async def expire(tx: Transaction, visitor_id: UUID) -> None:
    """End a visitor's token now, if it has not ended before."""
    await tx.execute(
        update(VisitorRow)
        .where(VisitorRow.tenant_id == tx.tenant_id, VisitorRow.id == visitor_id, VisitorRow.expires_at > tx.now)
        .values(expires_at=tx.now)
    )


async def has_expired(reading: Reading) -> bool:
    """Whether there are visitors to remove; a look is cheaper than a change that changes nothing."""
    return (await reading.execute(_expired(reading).limit(1))).first() is not None


async def remove_expired(tx: Transaction, *, limit: int) -> int:
    """Remove visitors whose token is over, at most so many; how many these were."""
    gone = (await tx.execute(_expired(tx).limit(limit))).scalars().all()
    await tx.execute(delete(VisitorRow).where(VisitorRow.tenant_id == tx.tenant_id, VisitorRow.id.in_(gone)))
    return len(gone)


def _expired(reading: Reading) -> Select[UUID]:
    """Whose chat goes on is kept: an agent talks with them."""
    return (
        select(VisitorRow.id)
        .outerjoin(
            ConversationRow,
            (ConversationRow.id == VisitorRow.conversation_id) & (ConversationRow.tenant_id == VisitorRow.tenant_id),
        )
        .where(
            VisitorRow.tenant_id == reading.tenant_id,
            VisitorRow.expires_at <= reading.now,
            ConversationRow.interaction_id.is_(None),
        )
    )


def _view(row: Row[Any]) -> VisitorRecord:
    return VisitorRecord(
        id=row.id,
        tenant_id=TenantId(row.tenant_id),
        name=row.name,
        number=row.number,
        locale=row.locale,
        customer_id=row.customer_id,
        conversation_id=row.conversation_id,
        expires_at=row.expires_at,
    )
