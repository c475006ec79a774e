"""The terms that customers are found by: kept, and looked up in ranges."""

from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, case, delete, insert, or_, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.directory.customers.engine.terms import VERSION, Word
from careline.modules.directory.customers.models import (
    ContactPointRow,
    ContactUserRow,
    CustomerRow,
    CustomerTermRow,
    PartyRow,
    SubscriptionRow,
)
from careline.modules.directory.customers.views import ContactKind, LineStatus

LOOKED_AT = 4000
"""Most terms of the narrowest word that are looked at: a search ends, whatever was typed."""
TERMS_A_CUSTOMER = 8
"""Terms of one customer that may stand together in a range, so many are read for each that is wanted."""


class Hits(msgspec.Struct, frozen=True):
    """Who was found. ``cut``: there may be others, the search ended before it had seen them."""

    ids: list[UUID]
    cut: bool


async def find(reading: Reading, words: Sequence[Word], limit: int) -> Hits:
    """At most ``limit`` customers who have all the words, those first whose number or name begins with words[0]."""
    found: dict[UUID, None] = {}
    cut = False
    for first, end in words[0].ranges():
        for rows in (min(limit * TERMS_A_CUSTOMER, LOOKED_AT), LOOKED_AT):
            here = await _within(reading, first, end, words[1:], rows)
            found.update(dict.fromkeys(here.ids))
            if len(found) >= limit or not here.cut:
                break
        cut = cut or here.cut
        if len(found) >= limit:
            return Hits(list(found)[:limit], cut=True)
    return Hits(list(found), cut)


async def _within(reading: Reading, first: str, end: str, others: Sequence[Word], rows: int) -> Hits:
    """Who has a term of the range, in its order, and every other word; at most so many terms are looked at."""
    statement = (
        select(CustomerTermRow.customer_id, CustomerTermRow.term)
        .where(
            CustomerTermRow.tenant_id == reading.tenant_id, CustomerTermRow.term >= first, CustomerTermRow.term < end
        )
        .order_by(CustomerTermRow.term, CustomerTermRow.customer_id)
        .limit(rows)
    )
    if not others:
        ids = (await reading.execute(statement)).scalars().all()
        return Hits(list(dict.fromkeys(ids)), cut=len(ids) == rows)
    looked = statement.subquery()
    fits = and_(*(_holds(word) for word in others))
    narrowed = (
        select(looked.c.customer_id, case((fits, 1), else_=0).label("fits"))
        .join(CustomerRow, CustomerRow.id == looked.c.customer_id)
        .where(CustomerRow.tenant_id == reading.tenant_id)
        .order_by(looked.c.term, looked.c.customer_id)
    )
    seen = (await reading.execute(narrowed)).all()
    return Hits(list(dict.fromkeys(row.customer_id for row in seen if row.fits)), cut=len(seen) == rows)


def _holds(word: Word) -> ColumnElement[bool]:
    return or_(*(CustomerRow.terms.contains(f" {first}", autoescape=True) for first, _ in word.ranges()))


async def lines_with(reading: Reading, ids: Collection[UUID], digits: str) -> dict[UUID, UUID]:
    """By customer, the line in use whose number holds the digits; one of several."""
    statement = select(SubscriptionRow.customer_id, SubscriptionRow.id).where(
        SubscriptionRow.tenant_id == reading.tenant_id,
        SubscriptionRow.customer_id.in_(ids),
        SubscriptionRow.status != LineStatus.CLOSED.value,
        SubscriptionRow.msisdn.contains(digits, autoescape=True),
    )
    return {row.customer_id: row.id for row in (await reading.execute(statement)).all()}


async def latest(reading: Reading, *, after: UUID | None, limit: int) -> list[UUID]:
    """Customers, those stored last first."""
    statement = select(CustomerRow.id).where(
        CustomerRow.tenant_id == reading.tenant_id, CustomerRow.merged_into.is_(None)
    )
    if after is not None:
        statement = statement.where(CustomerRow.id < after)
    return list((await reading.execute(statement.order_by(CustomerRow.id.desc()).limit(limit))).scalars().all())


async def numbers_of(reading: Reading, customer_id: UUID) -> list[str]:
    """The numbers a customer is reached at now: of lines in use, and of contact points."""
    lines = select(SubscriptionRow.msisdn).where(
        SubscriptionRow.tenant_id == reading.tenant_id,
        SubscriptionRow.customer_id == customer_id,
        SubscriptionRow.status != LineStatus.CLOSED.value,
    )
    phones = select(ContactPointRow.value).where(
        ContactPointRow.tenant_id == reading.tenant_id,
        ContactPointRow.customer_id == customer_id,
        ContactPointRow.kind == ContactKind.PHONE.value,
    )
    found = list((await reading.execute(lines)).scalars().all())
    return found + list((await reading.execute(phones)).scalars().all())


async def names_of(reading: Reading, customer_id: UUID) -> list[str]:
    """The customer's own name, those they were merged with had, and those of the users of the lines in use."""
    own = (
        select(PartyRow.name)
        .join(CustomerRow, CustomerRow.party_id == PartyRow.id)
        .where(
            PartyRow.tenant_id == reading.tenant_id,
            CustomerRow.tenant_id == reading.tenant_id,
            or_(CustomerRow.id == customer_id, CustomerRow.merged_into == customer_id),
        )
    )
    users = (
        select(PartyRow.name)
        .join(ContactUserRow, ContactUserRow.party_id == PartyRow.id)
        .join(SubscriptionRow, SubscriptionRow.id == ContactUserRow.subscription_id)
        .where(
            PartyRow.tenant_id == reading.tenant_id,
            ContactUserRow.tenant_id == reading.tenant_id,
            SubscriptionRow.tenant_id == reading.tenant_id,
            SubscriptionRow.customer_id == customer_id,
            SubscriptionRow.status != LineStatus.CLOSED.value,
        )
    )
    found = list((await reading.execute(own)).scalars().all())
    return found + list((await reading.execute(users)).scalars().all())


async def hold(tx: Transaction, customer_id: UUID) -> None:
    """Whoever renews a customer's terms does so one after another: each sees what the one before has stored."""
    statement = select(CustomerRow.id).where(CustomerRow.tenant_id == tx.tenant_id, CustomerRow.id == customer_id)
    await tx.execute(statement.with_for_update())


async def replace_terms(tx: Transaction, customer_id: UUID, terms: Collection[str], version: int) -> None:
    """Let a customer be found by these terms and no others."""
    of_customer = (CustomerRow.tenant_id == tx.tenant_id, CustomerRow.id == customer_id)
    had = set(((await tx.execute(select(CustomerRow.terms).where(*of_customer))).scalar_one_or_none() or "").split())
    gone, new = had.difference(terms), sorted(set(terms) - had)
    if gone:
        await tx.execute(
            delete(CustomerTermRow).where(
                CustomerTermRow.tenant_id == tx.tenant_id,
                CustomerTermRow.customer_id == customer_id,
                CustomerTermRow.term.in_(gone),
            )
        )
    if new:
        rows = [{"tenant_id": tx.tenant_id, "term": term, "customer_id": customer_id} for term in new]
        await tx.execute(insert(CustomerTermRow), rows)
    values = {"terms": joined(terms), "terms_version": version}
    await tx.execute(update(CustomerRow).where(*of_customer).values(values))


async def forget_terms(tx: Transaction, customer_id: UUID) -> None:
    """Let a customer be found by nothing any more; whoever is just renewing the terms is waited for."""
    await hold(tx, customer_id)
    await replace_terms(tx, customer_id, (), VERSION)


def joined(terms: Collection[str]) -> str:
    """Terms as the customer's row holds them."""
    return "".join(f" {term}" for term in sorted(terms))


async def without_terms(reading: Reading, version: int, limit: int) -> list[UUID]:
    """Customers whose terms were made by older rules, or never."""
    statement = (
        select(CustomerRow.id)
        .where(
            CustomerRow.tenant_id == reading.tenant_id,
            CustomerRow.terms_version < version,
            CustomerRow.merged_into.is_(None),
        )
        .limit(limit)
    )
    return list((await reading.execute(statement)).scalars().all())
