"""Who is in a conversation beside its agent."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, Select, exists, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.ids import new_id
from careline.modules.contact.conversations.models import ParticipantRow
from careline.modules.contact.conversations.states import ParticipantRole
from careline.modules.contact.conversations.views import ParticipantView


async def present(reading: Reading, conversation_id: UUID) -> list[ParticipantView]:
    """Who is there now, the first first."""
    statement = _present(reading).where(ParticipantRow.conversation_id == conversation_id)
    return [_view(row) for row in (await reading.execute(statement)).all()]


async def of_user(reading: Reading, user_id: UUID) -> list[ParticipantView]:
    """Where somebody is now."""
    statement = _present(reading).where(ParticipantRow.user_id == user_id)
    return [_view(row) for row in (await reading.execute(statement)).all()]


async def in_roles(reading: Reading, roles: Collection[ParticipantRole]) -> list[ParticipantView]:
    """Who is anywhere now in one of these roles."""
    statement = _present(reading).where(ParticipantRow.role.in_([role.value for role in roles]))
    return [_view(row) for row in (await reading.execute(statement)).all()]


async def role_of(reading: Reading, conversation_id: UUID, user_id: UUID) -> ParticipantRole | None:
    """As what somebody is in a conversation now, beside being its agent."""
    statement = select(ParticipantRow.role).where(
        ParticipantRow.tenant_id == reading.tenant_id,
        ParticipantRow.conversation_id == conversation_id,
        ParticipantRow.user_id == user_id,
        ParticipantRow.left_at.is_(None),
    )
    role = (await reading.execute(statement)).scalar_one_or_none()
    return None if role is None else ParticipantRole(role)


async def was_in(reading: Reading, interaction_id: UUID, user_id: UUID) -> bool:
    """Whether somebody is, or was, in an interaction beside its agents."""
    there = exists().where(
        ParticipantRow.tenant_id == reading.tenant_id,
        ParticipantRow.interaction_id == interaction_id,
        ParticipantRow.user_id == user_id,
    )
    return bool((await reading.execute(select(there))).scalar_one())


async def begin(tx: Transaction, participant: ParticipantView) -> None:
    """Somebody is there from now on."""
    values = msgspec.structs.asdict(participant) | {"role": participant.role.value}
    await tx.execute(insert(ParticipantRow), values | {"id": new_id(), "tenant_id": tx.tenant_id, "left_at": None})


async def end(tx: Transaction, conversation_id: UUID, user_id: UUID | None, at: datetime) -> int:
    """Somebody is there no more, or nobody is; how many these were."""
    statement = update(ParticipantRow).where(
        ParticipantRow.tenant_id == tx.tenant_id,
        ParticipantRow.conversation_id == conversation_id,
        ParticipantRow.left_at.is_(None),
    )
    if user_id is not None:
        statement = statement.where(ParticipantRow.user_id == user_id)
    return int((await tx.execute(statement.values(left_at=at))).rowcount)


def _present(reading: Reading) -> Select[Any]:
    return (
        select(ParticipantRow.__table__)
        .where(ParticipantRow.tenant_id == reading.tenant_id, ParticipantRow.left_at.is_(None))
        .order_by(ParticipantRow.joined_at, ParticipantRow.id)
    )


def _view(row: Row[Any]) -> ParticipantView:
    return ParticipantView(
        conversation_id=row.conversation_id,
        interaction_id=row.interaction_id,
        user_id=row.user_id,
        role=ParticipantRole(row.role),
        brought_by=row.brought_by,
        joined_at=row.joined_at,
    )
