"""The rest of a customer's record: contact points, users of lines, level, language and tags."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.modules.directory.customers.models import (
    ContactPointRow,
    ContactUserRow,
    CustomerRow,
    PartyRow,
    SubscriptionRow,
)
from careline.modules.directory.customers.views import (
    ContactKind,
    ContactPointView,
    ContactUse,
    LineUserView,
    NewContactPoint,
    mask_contact,
    mask_name,
)


async def version(tx: Transaction, customer_id: UUID) -> int | None:
    """The version of a customer's record now; None when the tenant has no such customer."""
    statement = select(CustomerRow.version).where(CustomerRow.tenant_id == tx.tenant_id, CustomerRow.id == customer_id)
    return (await tx.execute(statement)).scalar_one_or_none()


async def move_on(tx: Transaction, customer_id: UUID, known: int, values: Mapping[str, Any]) -> bool:
    """Change a customer that is still of this version, which becomes the next; False when it is not, or was merged."""
    changed = await tx.execute(
        update(CustomerRow)
        .where(
            CustomerRow.tenant_id == tx.tenant_id,
            CustomerRow.id == customer_id,
            CustomerRow.version == known,
            CustomerRow.merged_into.is_(None),
        )
        .values(version=known + 1, **values)
    )
    return changed.rowcount == 1


async def rename(tx: Transaction, customer_id: UUID, name: str) -> None:
    """Let a customer's party have another name."""
    party = select(CustomerRow.party_id).where(CustomerRow.tenant_id == tx.tenant_id, CustomerRow.id == customer_id)
    await tx.execute(
        update(PartyRow)
        .where(PartyRow.tenant_id == tx.tenant_id, PartyRow.id == party.scalar_subquery())
        .values(name=name)
    )


async def set_tags(tx: Transaction, customer_id: UUID, tags: list[str]) -> None:
    """Let a customer have exactly these tags."""
    of_customer = (CustomerRow.tenant_id == tx.tenant_id, CustomerRow.id == customer_id)
    await tx.execute(update(CustomerRow).where(*of_customer).values(tags=tags))


async def contact_points(reading: Reading, customer_id: UUID) -> list[ContactPointView]:
    """A customer's contact points, masked, by kind, the preferred one of each kind first."""
    statement = (
        select(ContactPointRow.__table__)
        .where(ContactPointRow.tenant_id == reading.tenant_id, ContactPointRow.customer_id == customer_id)
        .order_by(ContactPointRow.kind.desc(), ContactPointRow.preferred.desc(), ContactPointRow.id)
    )
    return [
        ContactPointView(
            id=row.id,
            kind=ContactKind(row.kind),
            use=ContactUse(row.use),
            value_masked=mask_contact(ContactKind(row.kind), row.value),
            preferred=row.preferred,
        )
        for row in (await reading.execute(statement)).all()
    ]


async def count_contact_points(reading: Reading, customer_id: UUID) -> int:
    """How many contact points a customer has."""
    statement = (
        select(func.count())
        .select_from(ContactPointRow)
        .where(ContactPointRow.tenant_id == reading.tenant_id, ContactPointRow.customer_id == customer_id)
    )
    return int((await reading.execute(statement)).scalar_one())


async def full_contact_point(reading: Reading, customer_id: UUID, point_id: UUID) -> str | None:
    """The unmasked value of a contact point; only for who may see it."""
    statement = select(ContactPointRow.value).where(
        ContactPointRow.tenant_id == reading.tenant_id,
        ContactPointRow.customer_id == customer_id,
        ContactPointRow.id == point_id,
    )
    return (await reading.execute(statement)).scalar_one_or_none()


async def add_contact_point(tx: Transaction, customer_id: UUID, point_id: UUID, new: NewContactPoint) -> bool:
    """Store a contact point; False when the customer has it already, for the same use.

    When it is preferred, others of its kind are no more.
    """
    if new.preferred:
        await tx.execute(
            update(ContactPointRow)
            .where(
                ContactPointRow.tenant_id == tx.tenant_id,
                ContactPointRow.customer_id == customer_id,
                ContactPointRow.kind == new.kind.value,
            )
            .values(preferred=False)
        )
    values = {
        "id": point_id,
        "tenant_id": tx.tenant_id,
        "customer_id": customer_id,
        "kind": new.kind.value,
        "use": new.use.value,
        "value": new.value,
        "preferred": new.preferred,
    }
    storing = insert_or(tx, ContactPointRow).values(values)
    once = ["tenant_id", "customer_id", "kind", "use", "value"]
    return (await tx.execute(storing.on_conflict_do_nothing(index_elements=once))).rowcount == 1


async def remove_contact_point(tx: Transaction, customer_id: UUID, point_id: UUID) -> bool:
    """Remove a contact point; False when there was none."""
    removed = await tx.execute(
        delete(ContactPointRow).where(
            ContactPointRow.tenant_id == tx.tenant_id,
            ContactPointRow.customer_id == customer_id,
            ContactPointRow.id == point_id,
        )
    )
    return removed.rowcount == 1


async def line_users(reading: Reading, customer_id: UUID) -> list[LineUserView]:
    """Who uses the customer's lines, masked."""
    statement = (
        select(ContactUserRow.party_id, ContactUserRow.subscription_id, PartyRow.name)
        .join(PartyRow, PartyRow.id == ContactUserRow.party_id)
        .join(SubscriptionRow, SubscriptionRow.id == ContactUserRow.subscription_id)
        .where(
            ContactUserRow.tenant_id == reading.tenant_id,
            PartyRow.tenant_id == reading.tenant_id,
            SubscriptionRow.tenant_id == reading.tenant_id,
            SubscriptionRow.customer_id == customer_id,
        )
        .order_by(ContactUserRow.party_id)
    )
    return [
        LineUserView(party_id=row.party_id, subscription_id=row.subscription_id, name_masked=mask_name(row.name))
        for row in (await reading.execute(statement)).all()
    ]


async def full_user_name(reading: Reading, customer_id: UUID, party_id: UUID) -> str | None:
    """The unmasked name of who uses one of the customer's lines; only for who may see it."""
    statement = (
        select(PartyRow.name)
        .join(ContactUserRow, ContactUserRow.party_id == PartyRow.id)
        .join(SubscriptionRow, SubscriptionRow.id == ContactUserRow.subscription_id)
        .where(
            PartyRow.tenant_id == reading.tenant_id,
            ContactUserRow.tenant_id == reading.tenant_id,
            SubscriptionRow.tenant_id == reading.tenant_id,
            SubscriptionRow.customer_id == customer_id,
            PartyRow.id == party_id,
        )
        .limit(1)
    )
    return (await reading.execute(statement)).scalar_one_or_none()


async def remove_line_user(tx: Transaction, subscription_id: UUID, party_id: UUID) -> bool:
    """Let somebody be a user of a line no more, and forget the party; False when they were none."""
    removed = await tx.execute(
        delete(ContactUserRow).where(
            ContactUserRow.tenant_id == tx.tenant_id,
            ContactUserRow.subscription_id == subscription_id,
            ContactUserRow.party_id == party_id,
        )
    )
    if removed.rowcount == 0:
        return False
    elsewhere = select(ContactUserRow.party_id).where(
        ContactUserRow.tenant_id == tx.tenant_id, ContactUserRow.party_id == party_id
    )
    is_customer = select(CustomerRow.party_id).where(
        CustomerRow.tenant_id == tx.tenant_id, CustomerRow.party_id == party_id
    )
    await tx.execute(
        delete(PartyRow).where(
            PartyRow.tenant_id == tx.tenant_id,
            PartyRow.id == party_id,
            ~elsewhere.exists(),
            ~is_customer.exists(),
        )
    )
    return True


async def has_line(reading: Reading, customer_id: UUID, subscription_id: UUID) -> bool:
    """Whether a line is this customer's."""
    statement = select(SubscriptionRow.id).where(
        SubscriptionRow.tenant_id == reading.tenant_id,
        SubscriptionRow.customer_id == customer_id,
        SubscriptionRow.id == subscription_id,
    )
    return (await reading.execute(statement)).scalar_one_or_none() is not None
