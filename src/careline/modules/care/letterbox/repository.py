"""The table of the letterbox read and written."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.modules.care.letterbox.models import LetterRow


async def ask(tx: Transaction, values: Mapping[str, Any]) -> bool:
    """Note that a message is asked for; False when one was in this contact before."""
    once = insert_or(tx, LetterRow).values(tenant_id=tx.tenant_id, asked_at=tx.now, **values)
    return (await tx.execute(once.on_conflict_do_nothing(index_elements=["interaction_id"]))).rowcount == 1


async def of_contact(reading: Reading, interaction_id: UUID) -> Row[Any] | None:
    """What was asked for, and perhaps left, in a contact."""
    statement = select(LetterRow.__table__).where(
        LetterRow.tenant_id == reading.tenant_id, LetterRow.interaction_id == interaction_id
    )
    return (await reading.execute(statement)).one_or_none()


async def locked(tx: Transaction, interaction_id: UUID) -> Row[Any] | None:
    """The same, and nobody else changes it before this transaction ends."""
    statement = select(LetterRow.__table__).where(
        LetterRow.tenant_id == tx.tenant_id, LetterRow.interaction_id == interaction_id
    )
    return (await tx.execute(statement.with_for_update())).one_or_none()


async def of_case(reading: Reading, case_id: UUID) -> Row[Any] | None:
    """The message that became a case."""
    statement = select(LetterRow.__table__).where(
        LetterRow.tenant_id == reading.tenant_id, LetterRow.case_id == case_id
    )
    return (await reading.execute(statement)).one_or_none()


async def routed_as(reading: Reading, interaction_id: UUID) -> Row[Any] | None:
    """The message that is answered in an interaction."""
    statement = select(LetterRow.__table__).where(
        LetterRow.tenant_id == reading.tenant_id, LetterRow.routed_as == interaction_id
    )
    return (await reading.execute(statement)).one_or_none()


async def put_off(tx: Transaction, interaction_id: UUID, values: Mapping[str, Any], most: int) -> bool:
    """The message that is answered in an interaction is put off once more; False when it was ``most`` times before."""
    times = func.coalesce(LetterRow.put_off_times, 0)
    putting_off = update(LetterRow).where(
        LetterRow.tenant_id == tx.tenant_id, LetterRow.routed_as == interaction_id, times < most
    )
    return (await tx.execute(putting_off.values(put_off_times=times + 1, **values))).rowcount == 1


async def leave(tx: Transaction, interaction_id: UUID, values: Mapping[str, Any]) -> None:
    """A message was left."""
    await tx.execute(
        update(LetterRow)
        .where(LetterRow.tenant_id == tx.tenant_id, LetterRow.interaction_id == interaction_id)
        .values(left_at=tx.now, **values)
    )


async def most_since(tx: Transaction, since: datetime, *, conversation_id: UUID, reach: str) -> int:
    """How many were left since then in a conversation, or for a number or address, whichever is more.

    Who leaves one in the same conversation or for the same reach waits until this transaction ends: many at one moment
    would each find room for one more.
    """
    if tx.dialect == "postgresql":
        for one in sorted((_lock(tx, str(conversation_id)), _lock(tx, reach))):
            await tx.execute(select(func.pg_advisory_xact_lock(one)))
    found = 0
    for condition in (LetterRow.conversation_id == conversation_id, LetterRow.reach == reach):
        counted = select(func.count()).where(LetterRow.tenant_id == tx.tenant_id, condition, LetterRow.left_at > since)
        found = max(found, int((await tx.execute(counted)).scalar_one()))
    return found


def _lock(tx: Transaction, what: str) -> int:
    word = f"letterbox {tx.tenant_id} {what}".encode()
    return int.from_bytes(hashlib.sha256(word).digest()[:8]) >> 1


async def forget_reach(tx: Transaction, before: datetime) -> int:
    """Forget how to reach those who left a message before a time; how many."""
    forgetting = (
        update(LetterRow)
        .where(LetterRow.tenant_id == tx.tenant_id, LetterRow.left_at < before, LetterRow.reach.is_not(None))
        .values(reach=None)
    )
    return (await tx.execute(forgetting)).rowcount


async def left_by(reading: Reading, contact_ids: Collection[UUID], case_ids: Collection[UUID]) -> list[Row[Any]]:
    """Messages that were left in some contacts, or became some cases."""
    statement = select(LetterRow.__table__).where(
        LetterRow.tenant_id == reading.tenant_id,
        LetterRow.left_at.is_not(None),
        or_(LetterRow.interaction_id.in_(contact_ids), LetterRow.case_id.in_(case_ids)),
    )
    return list((await reading.execute(statement.order_by(LetterRow.interaction_id))).all())


async def forget_senders(tx: Transaction, contact_ids: Collection[UUID], case_ids: Collection[UUID]) -> int:
    """Forget how to reach who left messages, and what would show that the same was sent again; how many."""
    mine = or_(LetterRow.interaction_id.in_(contact_ids), LetterRow.case_id.in_(case_ids))
    known = or_(LetterRow.reach.is_not(None), LetterRow.digest.is_not(None))
    forgetting = update(LetterRow).where(LetterRow.tenant_id == tx.tenant_id, mine, known)
    gone = {"reach": None, "reach_kind": None, "digest": None, "put_off_because": None}
    return (await tx.execute(forgetting.values(**gone))).rowcount
