"""Two customers who are one: what they share, and moving all that is one's to the other."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.directory.customers.engine.duplicates import Marks
from careline.modules.directory.customers.errors import CustomerUnknown
from careline.modules.directory.customers.models import (
    AssuranceProofRow,
    BillingAccountRow,
    ContactPointRow,
    CustomerConsentRow,
    CustomerNoteRow,
    CustomerRow,
    OneTimeCodeRow,
    PartyRow,
    SubscriptionRow,
)
from careline.modules.directory.customers.views import ContactKind, LineStatus

OWNED: dict[str, Any] = {
    "lines": SubscriptionRow,
    "accounts": BillingAccountRow,
    "contact_points": ContactPointRow,
    "notes": CustomerNoteRow,
    "consents": CustomerConsentRow,
    "proofs": AssuranceProofRow,
}
"""What stands under a customer's id, by the name it has in counts and in what is handed out. Codes do, too."""


async def present(reading: Reading, customer_id: UUID) -> UUID:
    """Who a customer is now: another after a merge. Raises ``CustomerUnknown``."""
    statement = select(func.coalesce(CustomerRow.merged_into, CustomerRow.id)).where(
        CustomerRow.tenant_id == reading.tenant_id, CustomerRow.id == customer_id
    )
    found: UUID | None = (await reading.execute(statement)).scalar_one_or_none()
    if found is None:
        raise CustomerUnknown
    return found


async def marks(reading: Reading, ids: Collection[UUID]) -> dict[UUID, Marks]:
    """What customers are compared by."""
    of = reading.tenant_id
    own = (
        select(CustomerRow.id, PartyRow.kind, PartyRow.name)
        .join(PartyRow, PartyRow.id == CustomerRow.party_id)
        .where(CustomerRow.tenant_id == of, PartyRow.tenant_id == of, CustomerRow.id.in_(ids))
    )
    lines = select(SubscriptionRow.customer_id, SubscriptionRow.msisdn).where(
        SubscriptionRow.tenant_id == of,
        SubscriptionRow.customer_id.in_(ids),
        SubscriptionRow.status != LineStatus.CLOSED.value,
    )
    points = select(ContactPointRow.customer_id, ContactPointRow.kind, ContactPointRow.value).where(
        ContactPointRow.tenant_id == of, ContactPointRow.customer_id.in_(ids)
    )
    known: dict[UUID, dict[str, list[str]]] = {}
    for row in (await reading.execute(lines)).all():
        known.setdefault(row.customer_id, {}).setdefault(ContactKind.PHONE, []).append(row.msisdn)
    for row in (await reading.execute(points)).all():
        known.setdefault(row.customer_id, {}).setdefault(row.kind, []).append(row.value)
    return {
        row.id: Marks(
            kind=row.kind,
            names=[row.name],
            numbers=known.get(row.id, {}).get(ContactKind.PHONE, []),
            emails=known.get(row.id, {}).get(ContactKind.EMAIL, []),
            addresses=known.get(row.id, {}).get(ContactKind.ADDRESS, []),
        )
        for row in (await reading.execute(own)).all()
    }


async def counts(reading: Reading, customer_id: UUID) -> dict[str, int]:
    """How much of each is a customer's."""
    found = {}
    for name, row in OWNED.items():
        statement = select(func.count()).where(row.tenant_id == reading.tenant_id, row.customer_id == customer_id)
        found[name] = int((await reading.execute(statement)).scalar_one())
    return found


async def latest_consents(reading: Reading, customer_id: UUID) -> dict[str, Any]:
    """The word that counts of each purpose, as rows with ``id``, ``given`` and ``basis``."""
    statement = (
        select(CustomerConsentRow.id, CustomerConsentRow.purpose, CustomerConsentRow.given, CustomerConsentRow.basis)
        .where(CustomerConsentRow.tenant_id == reading.tenant_id, CustomerConsentRow.customer_id == customer_id)
        .order_by(CustomerConsentRow.id)
    )
    return {row.purpose: row for row in (await reading.execute(statement)).all()}


async def take_over(tx: Transaction, absorbed: UUID, survivor: UUID) -> None:
    """Let everything of one be the other's.

    A contact point that both have for the same use stays once; one of a kind stays preferred.
    """
    await _drop_doubled_points(tx, absorbed, survivor)
    for row in (*OWNED.values(), OneTimeCodeRow):
        mine = (row.tenant_id == tx.tenant_id, row.customer_id == absorbed)
        await tx.execute(update(row).where(*mine).values(customer_id=survivor))


async def absorb(tx: Transaction, absorbed: UUID, survivor: UUID) -> None:
    """Let an id, and those that led to it, lead to the survivor; nobody finds the absorbed one by search any more."""
    merged = (CustomerRow.id == absorbed) | (CustomerRow.merged_into == absorbed)
    await tx.execute(
        update(CustomerRow).where(CustomerRow.tenant_id == tx.tenant_id, merged).values(merged_into=survivor)
    )


async def swap_names(tx: Transaction, one: Mapping[str, Any], other: Mapping[str, Any]) -> None:
    """Let two customers have each other's party, and with it the name."""
    for customer, party in ((one["id"], other["party_id"]), (other["id"], one["party_id"])):
        await tx.execute(
            update(CustomerRow)
            .where(CustomerRow.tenant_id == tx.tenant_id, CustomerRow.id == customer)
            .values(party_id=party)
        )


async def rows(reading: Reading, ids: Collection[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """Customers with party, version and whom they were merged into."""
    statement = (
        select(
            CustomerRow.id,
            CustomerRow.party_id,
            CustomerRow.version,
            CustomerRow.merged_into,
            CustomerRow.level,
            CustomerRow.since,
            CustomerRow.language,
            CustomerRow.tags,
            PartyRow.kind,
        )
        .join(PartyRow, PartyRow.id == CustomerRow.party_id)
        .where(
            CustomerRow.tenant_id == reading.tenant_id,
            PartyRow.tenant_id == reading.tenant_id,
            CustomerRow.id.in_(ids),
        )
    )
    return {row.id: dict(row._mapping) for row in (await reading.execute(statement)).all()}


async def merge_rows(tx: Transaction, customer_id: UUID, known: int, values: Mapping[str, Any]) -> bool:
    """Change a customer that is of this version and was merged into nobody; False when it is not."""
    changed = await tx.execute(
        update(CustomerRow)
        .where(
            CustomerRow.tenant_id == tx.tenant_id,
            CustomerRow.id == customer_id,
            CustomerRow.version == known,
            CustomerRow.merged_into.is_(None),
        )
        .values(dict(values))
    )
    return changed.rowcount == 1


async def withdraw(tx: Transaction, consent_ids: Mapping[str, UUID], bases: Mapping[str, str], **said: Any) -> None:
    """Write a no for each of the purposes."""
    for purpose, consent_id in consent_ids.items():
        values = {"id": consent_id, "tenant_id": tx.tenant_id, "purpose": purpose, "given": False, "at": tx.now}
        await tx.execute(insert(CustomerConsentRow).values(values | {"basis": bases[purpose]} | said))


async def _drop_doubled_points(tx: Transaction, absorbed: UUID, survivor: UUID) -> None:
    statement = select(ContactPointRow.__table__).where(
        ContactPointRow.tenant_id == tx.tenant_id, ContactPointRow.customer_id == survivor
    )
    kept = (await tx.execute(statement)).all()
    theirs = (ContactPointRow.tenant_id == tx.tenant_id, ContactPointRow.customer_id == absorbed)
    preferred = {row.kind for row in kept if row.preferred}
    for row in kept:
        same = (ContactPointRow.kind == row.kind, ContactPointRow.use == row.use, ContactPointRow.value == row.value)
        gone = await tx.execute(delete(ContactPointRow).where(*theirs, *same).returning(ContactPointRow.preferred))
        if any(gone.scalars()) and row.kind not in preferred:
            this = (ContactPointRow.tenant_id == tx.tenant_id, ContactPointRow.id == row.id)
            await tx.execute(update(ContactPointRow).where(*this).values(preferred=True))
            preferred.add(row.kind)
    for kind in preferred:
        of_kind = (*theirs, ContactPointRow.kind == kind)
        await tx.execute(update(ContactPointRow).where(*of_kind).values(preferred=False))
