"""Facts as the projection reads and writes them. It works for all tenants, so each statement names the tenant."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, select

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or, prepared_upsert
from careline.kernel.tenancy import TenantId
from careline.modules.insight.analytics.models import ContactFactRow, FigureSlotRow, RatingFactRow
from careline.modules.insight.analytics.rules import COUNTS, ContactFact, Slot, Tally, slot_of

NO_QUEUE = UUID(int=0)

_COLUMNS = tuple(field.name for field in fields(ContactFact))

_STORE_FACTS = prepared_upsert(
    ContactFactRow,
    key=["tenant_id", "item_id"],
    changes=lambda new: {name: new.excluded[name] for name in _COLUMNS if name != "item_id"},
)
_ADD_TO_SLOTS = prepared_upsert(
    FigureSlotRow,
    key=["tenant_id", "slot_at", "queue_id"],
    changes=lambda new: {name: FigureSlotRow.__table__.c[name] + new.excluded[name] for name in COUNTS},
)


class RatingFact(msgspec.Struct, frozen=True, kw_only=True):
    """A rating as the log tells it."""

    interaction_id: UUID
    score: int
    channel: str
    rated_at: datetime
    position: int


async def contact_facts(
    reading: Reading, tenant_id: TenantId, item_ids: Collection[UUID] | None = None
) -> dict[UUID, ContactFact]:
    """What is known of some work items of a tenant, or of all."""
    statement = select(ContactFactRow.__table__).where(ContactFactRow.tenant_id == tenant_id)
    if item_ids is not None:
        statement = statement.where(ContactFactRow.item_id.in_(item_ids))
    rows = (await reading.execute(statement)).all()
    return {row.item_id: ContactFact(**{name: getattr(row, name) for name in _COLUMNS}) for row in rows}


async def store_contact_facts(tx: Transaction, tenant_id: TenantId, facts: Collection[ContactFact]) -> None:
    """Store records, new or changed."""
    if not facts:
        return
    rows = [{"tenant_id": tenant_id, **{name: getattr(fact, name) for name in _COLUMNS}} for fact in facts]
    await tx.run(_STORE_FACTS[tx.dialect], rows)


async def store_rating(tx: Transaction, tenant_id: TenantId, rating: RatingFact) -> dict[Slot, Tally]:
    """Store a rating with the agent who had answered that contact last before it; what it adds to which slot.

    The first one of a contact stays.
    """
    answered = (
        select(ContactFactRow.agent_id, ContactFactRow.queue_id)
        .where(
            ContactFactRow.tenant_id == tenant_id,
            ContactFactRow.interaction_id == rating.interaction_id,
            ContactFactRow.answered_position < rating.position,
        )
        .order_by(ContactFactRow.answered_position.desc())
        .limit(1)
    )
    by = (await tx.execute(answered)).one_or_none()
    values = {
        "tenant_id": tenant_id,
        "agent_id": None if by is None else by.agent_id,
        **msgspec.structs.asdict(rating),
    }
    statement = insert_or(tx, RatingFactRow).values(values)
    statement = statement.on_conflict_do_nothing(index_elements=["tenant_id", "interaction_id"])
    if (await tx.execute(statement)).rowcount != 1:
        return {}
    return {(slot_of(rating.rated_at), NO_QUEUE if by is None else by.queue_id): Tally(rated=1, scores=rating.score)}


async def add_to_slots(tx: Transaction, tenant_id: TenantId, changes: Mapping[Slot, Tally]) -> None:
    """Add to what was counted in some slots."""
    if not changes:
        return
    rows = [
        {"tenant_id": tenant_id, "slot_at": slot_at, "queue_id": queue_id, **asdict(tally)}
        for (slot_at, queue_id), tally in sorted(changes.items(), key=lambda change: change[0])
    ]
    await tx.run(_ADD_TO_SLOTS[tx.dialect], rows)


async def ratings(reading: Reading, tenant_id: TenantId) -> list[Mapping[str, Any]]:
    """Every rating of a tenant, in the order of the log."""
    statement = (
        select(RatingFactRow.__table__).where(RatingFactRow.tenant_id == tenant_id).order_by(RatingFactRow.position)
    )
    return [dict(row._mapping) for row in (await reading.execute(statement)).all()]


async def slots(reading: Reading, tenant_id: TenantId) -> dict[Slot, Tally]:
    """Every slot of a tenant."""
    statement = select(FigureSlotRow.__table__).where(FigureSlotRow.tenant_id == tenant_id)
    rows = (await reading.execute(statement)).all()
    return {(row.slot_at, row.queue_id): Tally(**{name: getattr(row, name) for name in COUNTS}) for row in rows}


async def forget_all(tx: Transaction) -> None:
    """Throw everything away, of all tenants, to read it anew."""
    await tx.execute(delete(ContactFactRow))  # house: allow tenant-filter – the projection begins anew for all tenants
    await tx.execute(delete(RatingFactRow))  # house: allow tenant-filter – the projection begins anew for all tenants
    await tx.execute(delete(FigureSlotRow))  # house: allow tenant-filter – the projection begins anew for all tenants
