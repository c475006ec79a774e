"""Everything of some customers read in full, and removed, for the customers themselves."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, or_, select

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.directory.customers.engine.service_passwords import key_of_line, keys_of_line
from careline.modules.directory.customers.models import (
    AssuranceProofRow,
    BillingAccountRow,
    ContactPointRow,
    ContactUserRow,
    CustomerConsentRow,
    CustomerNoteRow,
    CustomerRow,
    OneTimeCodeRow,
    PartyRow,
    PasswordFormRow,
    PasswordWaitRow,
    ServicePasswordRow,
    SubscriptionRow,
)
from careline.modules.directory.customers.repository import dismissals, search
from careline.modules.directory.customers.repository.merging import OWNED
from careline.modules.directory.customers.views import LineStatus

REMOVED = (
    OneTimeCodeRow,
    AssuranceProofRow,
    CustomerConsentRow,
    CustomerNoteRow,
    ContactPointRow,
    SubscriptionRow,
    BillingAccountRow,
)
"""In this order, since lines refer to accounts, and codes to lines."""


async def everybody(reading: Reading, ids: Collection[UUID]) -> list[UUID]:
    """Some customers and all who are the same person: whom they were merged into, and who else was."""
    known = select(func.coalesce(CustomerRow.merged_into, CustomerRow.id)).where(
        CustomerRow.tenant_id == reading.tenant_id, CustomerRow.id.in_(ids)
    )
    survivors = list((await reading.execute(known)).scalars())
    same = select(CustomerRow.id).where(
        CustomerRow.tenant_id == reading.tenant_id,
        or_(CustomerRow.id.in_(survivors), CustomerRow.merged_into.in_(survivors)),
    )
    return sorted((await reading.execute(same)).scalars())


async def lines_in_service(reading: Reading, ids: Collection[UUID]) -> int:
    """How many lines are not closed."""
    statement = select(func.count()).where(
        SubscriptionRow.tenant_id == reading.tenant_id,
        SubscriptionRow.customer_id.in_(ids),
        SubscriptionRow.status != LineStatus.CLOSED.value,
    )
    return int((await reading.execute(statement)).scalar_one())


async def parties(reading: Reading, ids: Collection[UUID]) -> list[Row[Any]]:
    """The customers with their names."""
    statement = (
        select(
            CustomerRow.id,
            CustomerRow.level,
            CustomerRow.since,
            CustomerRow.language,
            CustomerRow.tags,
            PartyRow.kind,
            PartyRow.name,
        )
        .join(PartyRow, PartyRow.id == CustomerRow.party_id)
        .where(
            CustomerRow.tenant_id == reading.tenant_id,
            PartyRow.tenant_id == reading.tenant_id,
            CustomerRow.id.in_(ids),
        )
        .order_by(CustomerRow.id)
    )
    return list((await reading.execute(statement)).all())


async def rows(reading: Reading, category: str, ids: Collection[UUID]) -> list[Row[Any]]:
    """Everything of a category."""
    row = OWNED[category]
    statement = select(row.__table__).where(row.tenant_id == reading.tenant_id, row.customer_id.in_(ids))
    return list((await reading.execute(statement.order_by(row.id))).all())


async def line_users(reading: Reading, ids: Collection[UUID]) -> list[Row[Any]]:
    """Who uses the lines of some customers: the line's number and the user's name."""
    statement = (
        select(SubscriptionRow.msisdn, PartyRow.name)
        .join(ContactUserRow, ContactUserRow.subscription_id == SubscriptionRow.id)
        .join(PartyRow, PartyRow.id == ContactUserRow.party_id)
        .where(
            SubscriptionRow.tenant_id == reading.tenant_id,
            ContactUserRow.tenant_id == reading.tenant_id,
            PartyRow.tenant_id == reading.tenant_id,
            SubscriptionRow.customer_id.in_(ids),
        )
        .order_by(SubscriptionRow.msisdn, PartyRow.id)
    )
    return list((await reading.execute(statement)).all())


async def remove(tx: Transaction, ids: Collection[UUID]) -> dict[str, int]:
    """Remove some customers, with their names and the users of their lines; how much of each there was."""
    of = tx.tenant_id
    counts = {}
    mine = select(SubscriptionRow.id).where(SubscriptionRow.tenant_id == of, SubscriptionRow.customer_id.in_(ids))
    lines = list((await tx.execute(mine)).scalars())
    await _remove_passwords(tx, lines)
    for one in ids:
        await dismissals.forget(tx, one)
        await search.forget_terms(tx, one)
    users = delete(ContactUserRow).where(ContactUserRow.tenant_id == of, ContactUserRow.subscription_id.in_(mine))
    gone = set((await tx.execute(users.returning(ContactUserRow.party_id))).scalars())
    counts["line_users"] = len(gone)
    names = {row: name for name, row in OWNED.items()}
    for row in REMOVED:
        removed = await tx.execute(delete(row).where(row.tenant_id == of, row.customer_id.in_(ids)))
        if row in names:
            counts[names[row]] = removed.rowcount
    customers = delete(CustomerRow).where(CustomerRow.tenant_id == of, CustomerRow.id.in_(ids))
    named = set((await tx.execute(customers.returning(CustomerRow.party_id))).scalars())
    counts["profile"] = len(named)
    await _remove_parties(tx, gone | named)
    return counts


async def _remove_passwords(tx: Transaction, lines: Collection[UUID]) -> None:
    """Remove the service passwords of some lines, their forms, and the waits of who failed at them."""
    for row in (ServicePasswordRow, PasswordFormRow):
        await tx.execute(delete(row).where(row.tenant_id == tx.tenant_id, row.subscription_id.in_(lines)))
    keys = [key for one in lines for key in (key_of_line(one), keys_of_line(one))]
    await tx.execute(
        delete(PasswordWaitRow).where(PasswordWaitRow.tenant_id == tx.tenant_id, PasswordWaitRow.key.in_(keys))
    )


async def _remove_parties(tx: Transaction, ids: Collection[UUID]) -> None:
    """Remove parties that nobody else is."""
    others = select(CustomerRow.party_id).where(CustomerRow.tenant_id == tx.tenant_id, CustomerRow.party_id.in_(ids))
    users = select(ContactUserRow.party_id).where(
        ContactUserRow.tenant_id == tx.tenant_id, ContactUserRow.party_id.in_(ids)
    )
    used = {*(await tx.execute(others)).scalars(), *(await tx.execute(users)).scalars()}
    await tx.execute(
        delete(PartyRow).where(
            PartyRow.tenant_id == tx.tenant_id, PartyRow.id.in_([one for one in ids if one not in used])
        )
    )
