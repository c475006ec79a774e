"""The terms that customers are found by: kept, and looked up in ranges."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Select,
    Subquery,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)

from careline.infra.database.keys import among
from careline.infra.database.prepared import Prepared
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

LOOKED_AT = 2000
"""Most terms of one range that are looked at: a search ends, and soon, whatever was typed."""
TERMS_A_CUSTOMER = 4
"""Terms of one customer that may stand together in a range, so many are read for each that is wanted."""
ASKED = 200
"""Terms of a range whose customers are asked for the other words one by one."""


class Hits(msgspec.Struct, frozen=True):
    """Who was found. ``cut``: there may be others, the search ended before it had seen them."""

    ids: list[UUID]
    cut: bool


async def find(reading: Reading, words: Sequence[Word], limit: int) -> Hits:
    """At most ``limit`` customers who have all the words.

    Those come first whose number or name begins with the word that narrows most: of several, the one with the fewest
    terms, which are counted up to ``LOOKED_AT``.
    """
    if len(words) > 1:
        return await _find_all(reading, words, limit)
    for rows in (limit * TERMS_A_CUSTOMER, LOOKED_AT):
        rows = min(rows, LOOKED_AT)
        parameters = {"of_tenant": reading.tenant_id, "rows": rows, **_bounds(0, words[0])}
        seen = (await reading.run(_ONE_WORD, parameters)).all()
        ids = list(dict.fromkeys(row.customer_id for row in seen))
        ends = [sum(1 for row in seen if row.place == place) < rows for place in _PLACES]
        # Who has it within comes after all who begin with it, so those have to be known.
        ordered = len(ids) if ends[0] else len({row.customer_id for row in seen if row.place == 0})
        if ordered >= limit or all(ends):
            break
    return Hits(ids[:limit], cut=not all(ends) or len(ids) >= limit)


async def _find_all(reading: Reading, words: Sequence[Word], limit: int) -> Hits:
    """Of several words, the terms of the narrowest are read, and who of their customers has the others.

    Customers are asked one by one while they are few. Many are put beside those who have the other words, as far as
    those are looked at, too: a journey to each row is what would take long.
    """
    words, sizes = await _narrowest_first(reading, words)
    if not sum(sizes[0]):
        return Hits([], cut=False)
    parameters: dict[str, Any] = {"of_tenant": reading.tenant_id, "most": limit}
    for number, word in enumerate(words):
        # Letters and digits only, so nothing in them is a sign of a pattern.
        parameters |= _bounds(number, word) | {
            f"has_{number}_{place}": f"% {first}%" for place, (first, _) in enumerate(word.ranges())
        }
    fitting: set[tuple[str, UUID]] = set()
    cut = True
    steps = [(_asked, min(ASKED, LOOKED_AT), sizes[:1]), (_beside, LOOKED_AT, sizes)]
    if max(sizes[0]) > ASKED and max(map(max, sizes)) <= LOOKED_AT:
        del steps[0]  # the other sees them all
    for statement, rows, compared in steps:
        found = (await reading.run(statement(len(words)), {**parameters, "rows": rows})).all()
        fitting |= {(row.term, row.customer_id) for row in found}
        cut = len(found) == parameters["most"] or any(max(size) > rows for size in compared)
        ordered = {customer_id for term, customer_id in fitting if sizes[0][0] <= rows or term[1] == _BEGINS}
        if not cut or len(ordered) >= limit:
            break
    ids = list(dict.fromkeys(customer_id for _, customer_id in sorted(fitting)))
    return Hits(ids[:limit], cut=cut or len(ids) >= limit)


async def _narrowest_first(reading: Reading, words: Sequence[Word]) -> tuple[list[Word], list[list[int]]]:
    """The words with how many terms each of their ranges has, those with the fewest first."""
    parameters = {"of_tenant": reading.tenant_id, "rows": LOOKED_AT + 1}
    for number, word in enumerate(words):
        parameters |= _bounds(number, word)
    counts = (await reading.run(_counts(len(words)), parameters)).one()
    sizes = [[counts[2 * number + place] for place in _PLACES] for number in range(len(words))]
    order = sorted(range(len(words)), key=lambda number: sum(sizes[number]))
    return [words[number] for number in order], [sizes[number] for number in order]


_PLACES = (0, 1)
"""Beginnings, and what is within (``Word.ranges``)."""
_BEGINS = "0"
"""The second mark of a term where the whole begins (see ``engine.terms``)."""


def _bounds(number: int, word: Word) -> dict[str, str]:
    """The two ranges of a word as parameters."""
    bounds: dict[str, str] = {}
    for place, (first, end) in enumerate(word.ranges()):
        bounds |= {f"first_{number}_{place}": first, f"end_{number}_{place}": end}
    return bounds


def _range(number: int, place: int) -> Select[UUID, str, int]:
    """The terms of one range in their order, at most ``rows``."""
    return (
        select(CustomerTermRow.customer_id, CustomerTermRow.term, literal(place).label("place"))
        .where(
            CustomerTermRow.tenant_id == bindparam("of_tenant"),
            CustomerTermRow.term >= bindparam(f"first_{number}_{place}"),
            CustomerTermRow.term < bindparam(f"end_{number}_{place}"),
        )
        .order_by(CustomerTermRow.term, CustomerTermRow.customer_id)
        .limit(bindparam("rows"))
    )


def _both_ranges(number: int) -> Subquery:
    """One statement for both, since each is a journey to the database."""
    return union_all(*(select(_range(number, place).subquery()) for place in _PLACES)).subquery()


def _one_word() -> Prepared:
    looked = _both_ranges(0)
    return Prepared(select(looked.c.customer_id, looked.c.place).order_by(looked.c.term, looked.c.customer_id))


_ONE_WORD = _one_word()


@cache
def _counts(words: int) -> Prepared:
    """How many terms each range of so many words has, of which at most ``rows`` are counted."""
    counted = [
        select(func.count()).select_from(_range(number, place).subquery()).scalar_subquery()
        for number in range(words)
        for place in _PLACES
    ]
    return Prepared(select(*(one.label(f"count_{number}") for number, one in enumerate(counted))))


def _customers(looked: Subquery) -> Select[UUID, str]:
    """Each customer once, with the first of their terms: a company with very many lines leaves room for others."""
    first = func.min(looked.c.term)
    each = select(looked.c.customer_id, first.label("term")).group_by(looked.c.customer_id)
    return each.order_by(first, looked.c.customer_id).limit(bindparam("most"))


@cache
def _asked(words: int) -> Prepared:
    """Who has a term in the ranges of word 0, and by their own row every other of so many words."""
    looked = _both_ranges(0)
    return Prepared(
        _customers(looked)
        .join(CustomerRow, CustomerRow.id == looked.c.customer_id)
        .where(
            CustomerRow.tenant_id == bindparam("of_tenant"),
            *(
                or_(*(CustomerRow.terms.like(bindparam(f"has_{number}_{place}")) for place in _PLACES))
                for number in range(1, words)
            ),
        )
    )


@cache
def _beside(words: int) -> Prepared:
    """Who has a term in the ranges of each of so many words."""
    looked = _both_ranges(0)
    # As a value and not a condition: each range is then read once and hashed. PostgreSQL, which takes a range for a few
    # terms, would otherwise read it again for each customer.
    fits = (
        case((looked.c.customer_id.in_(select(_both_ranges(number).c.customer_id)), 1), else_=0)
        for number in range(1, words)
    )
    return Prepared(_customers(looked).where(*(one == 1 for one in fits)))


_LINES_WITH = Prepared(
    select(SubscriptionRow.customer_id, SubscriptionRow.id).where(
        SubscriptionRow.tenant_id == bindparam("of_tenant"),
        among(SubscriptionRow.customer_id, "customers"),
        SubscriptionRow.status != LineStatus.CLOSED.value,
        SubscriptionRow.msisdn.like(bindparam("digits")),
    )
)


async def lines_with(reading: Reading, ids: Collection[UUID], digits: str) -> dict[UUID, UUID]:
    """By customer, the line in use whose number holds the digits; one of several."""
    parameters = {"of_tenant": reading.tenant_id, "customers": ids, "digits": f"%{digits}%"}
    return {row.customer_id: row.id for row in (await reading.run(_LINES_WITH, parameters)).all()}


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
