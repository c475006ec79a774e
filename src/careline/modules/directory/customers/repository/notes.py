"""Notes, consents and the vocabulary of tags."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, func, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uniqueness import conflict_when_taken
from careline.infra.database.upsert import insert_or
from careline.modules.directory.customers.models import CustomerConsentRow, CustomerNoteRow, CustomerTagRow
from careline.modules.directory.customers.views import ConsentPurpose, EarlierText, NewConsent, TagView


async def notes(reading: Reading, customer_id: UUID, *, after: UUID | None, limit: int) -> list[Row[Any]]:
    """What was written about a customer, the latest first, from the one after ``after`` on."""
    return await _latest(reading, CustomerNoteRow, customer_id, after=after, limit=limit)


async def count_notes(reading: Reading, customer_id: UUID) -> int:
    """How many notes there are about a customer."""
    return await _count(reading, CustomerNoteRow, customer_id)


async def note(reading: Reading, customer_id: UUID, note_id: UUID) -> Row[Any] | None:
    """One note of a customer."""
    statement = select(CustomerNoteRow.__table__).where(
        CustomerNoteRow.tenant_id == reading.tenant_id,
        CustomerNoteRow.customer_id == customer_id,
        CustomerNoteRow.id == note_id,
    )
    return (await reading.execute(statement)).one_or_none()


async def add_note(
    tx: Transaction, customer_id: UUID, note_id: UUID, author_id: UUID, text: str, client_id: UUID | None
) -> bool:
    """Store a note; False when the tenant has one under its ``client_id`` already."""
    values: dict[str, Any] = {
        "id": note_id,
        "client_id": client_id,
        "customer_id": customer_id,
        "author_id": author_id,
        "text": text,
        "created_at": tx.now,
        "version": 1,
        "earlier": [],
    }
    return await _store_once(tx, CustomerNoteRow, values)


async def note_by_client_id(reading: Reading, client_id: UUID) -> Row[Any] | None:
    """The note that was written under its writer's name for it."""
    return await _by_client_id(reading, CustomerNoteRow, client_id)


async def change_note(tx: Transaction, note_id: UUID, known: int, text: str, earlier: Collection[EarlierText]) -> bool:
    """Let a note that is still of this version say something else, and keep what it said; False when it is not."""
    kept = [{"text": one.text, "until": one.until.isoformat()} for one in earlier]
    changed = await tx.execute(
        update(CustomerNoteRow)
        .where(CustomerNoteRow.tenant_id == tx.tenant_id, CustomerNoteRow.id == note_id)
        .where(CustomerNoteRow.version == known)
        .values(text=text, changed_at=tx.now, version=known + 1, earlier=kept)
    )
    return changed.rowcount == 1


def earlier_of(row: Row[Any]) -> list[EarlierText]:
    """What a note said before."""
    return [EarlierText(text=one["text"], until=datetime.fromisoformat(one["until"])) for one in row.earlier]


async def consents(reading: Reading, customer_id: UUID, *, after: UUID | None, limit: int) -> list[Row[Any]]:
    """What a customer said about the use of their data, the latest first, from the one after ``after`` on."""
    return await _latest(reading, CustomerConsentRow, customer_id, after=after, limit=limit)


async def count_consents(reading: Reading, customer_id: UUID) -> int:
    """How often a customer said something about the use of their data."""
    return await _count(reading, CustomerConsentRow, customer_id)


async def consents_in_force(reading: Reading, customer_id: UUID) -> list[Row[Any]]:
    """Of each purpose the word that counts, however many were said after it on others; the latest first."""
    place = func.row_number().over(partition_by=CustomerConsentRow.purpose, order_by=CustomerConsentRow.id.desc())
    said = (
        select(CustomerConsentRow.id, place.label("place"))
        .where(CustomerConsentRow.tenant_id == reading.tenant_id, CustomerConsentRow.customer_id == customer_id)
        .subquery()
    )
    statement = (
        select(CustomerConsentRow.__table__)
        .join(said, said.c.id == CustomerConsentRow.id)
        .where(CustomerConsentRow.tenant_id == reading.tenant_id, said.c.place == 1)
        .order_by(CustomerConsentRow.id.desc())
    )
    return list((await reading.execute(statement)).all())


async def consent(reading: Reading, customer_id: UUID, purpose: ConsentPurpose) -> bool | None:
    """What counts now for a purpose; None when nothing was ever said."""
    statement = (
        select(CustomerConsentRow.given)
        .where(
            CustomerConsentRow.tenant_id == reading.tenant_id,
            CustomerConsentRow.customer_id == customer_id,
            CustomerConsentRow.purpose == purpose.value,
        )
        .order_by(CustomerConsentRow.id.desc())
        .limit(1)
    )
    return (await reading.execute(statement)).scalar_one_or_none()


async def add_consent(
    tx: Transaction, customer_id: UUID, consent_id: UUID, new: NewConsent, recorded_by: UUID | None
) -> bool:
    """Store what a customer said; False when the tenant has a word under its ``client_id`` already."""
    values = msgspec.structs.asdict(new) | {
        "id": consent_id,
        "customer_id": customer_id,
        "recorded_by": recorded_by,
        "at": tx.now,
    }
    return await _store_once(tx, CustomerConsentRow, values)


async def consent_by_client_id(reading: Reading, client_id: UUID) -> Row[Any] | None:
    """The word that was written down under its writer's name for it."""
    return await _by_client_id(reading, CustomerConsentRow, client_id)


async def tags(reading: Reading) -> list[TagView]:
    """The tenant's vocabulary, by name."""
    statement = (
        select(CustomerTagRow.id, CustomerTagRow.name, CustomerTagRow.retired)
        .where(CustomerTagRow.tenant_id == reading.tenant_id)
        .order_by(CustomerTagRow.name)
    )
    return [TagView(**row._mapping) for row in (await reading.execute(statement)).all()]


async def add_tag(tx: Transaction, tag_id: UUID, name: str) -> None:
    """Add a word to the vocabulary. Raises ``Conflict`` ("tag-taken")."""
    with conflict_when_taken("tag-taken", field="name"):
        values = {"id": tag_id, "tenant_id": tx.tenant_id, "name": name, "retired": False}
        await tx.execute(insert(CustomerTagRow).values(values))


async def retire_tag(tx: Transaction, tag_id: UUID, *, retired: bool) -> TagView | None:
    """Take a word out of use, or back; None when there is no such word."""
    changed = await tx.execute(
        update(CustomerTagRow)
        .where(CustomerTagRow.tenant_id == tx.tenant_id, CustomerTagRow.id == tag_id)
        .values(retired=retired)
        .returning(CustomerTagRow.id, CustomerTagRow.name, CustomerTagRow.retired)
    )
    row = changed.one_or_none()
    return None if row is None else TagView(**row._mapping)


async def _store_once(tx: Transaction, row: Any, values: Mapping[str, Any]) -> bool:
    storing = insert_or(tx, row).values(tenant_id=tx.tenant_id, **values)
    stored = await tx.execute(storing.on_conflict_do_nothing(index_elements=["tenant_id", "client_id"]))
    return stored.rowcount == 1


async def _by_client_id(reading: Reading, row: Any, client_id: UUID) -> Row[Any] | None:
    statement = select(row.__table__).where(row.tenant_id == reading.tenant_id, row.client_id == client_id)
    return (await reading.execute(statement)).one_or_none()


async def _latest(reading: Reading, row: Any, customer_id: UUID, *, after: UUID | None, limit: int) -> list[Row[Any]]:
    statement = select(row.__table__).where(row.tenant_id == reading.tenant_id, row.customer_id == customer_id)
    if after is not None:
        statement = statement.where(row.id < after)
    return list((await reading.execute(statement.order_by(row.id.desc()).limit(limit))).all())


async def _count(reading: Reading, row: Any, customer_id: UUID) -> int:
    statement = select(func.count()).where(row.tenant_id == reading.tenant_id, row.customer_id == customer_id)
    return int((await reading.execute(statement)).scalar_one())
