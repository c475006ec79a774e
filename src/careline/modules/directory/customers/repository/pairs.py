"""Customers who share a way to reach them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, literal, or_, select
from sqlalchemy.orm import aliased

from careline.infra.database.transaction import Reading
from careline.modules.directory.customers.engine.duplicates import Marks
from careline.modules.directory.customers.models import ContactPointRow, SubscriptionRow
from careline.modules.directory.customers.repository.dismissals import Pair
from careline.modules.directory.customers.views import LineStatus


async def who_share(reading: Reading, own_id: UUID, mine: Marks, limit: int) -> list[UUID]:
    """Other customers with a number, email or address of these."""
    values = [*mine.numbers, *mine.emails, *mine.addresses]
    points = (
        select(ContactPointRow.customer_id)
        .where(
            ContactPointRow.tenant_id == reading.tenant_id,
            ContactPointRow.value.in_(values),
            ContactPointRow.customer_id != own_id,
        )
        .distinct()
        .limit(limit)
    )
    lines = (
        select(SubscriptionRow.customer_id)
        .where(
            SubscriptionRow.tenant_id == reading.tenant_id,
            SubscriptionRow.msisdn.in_(list(mine.numbers)),
            SubscriptionRow.status != LineStatus.CLOSED.value,
            SubscriptionRow.customer_id != own_id,
        )
        .distinct()
        .limit(limit)
    )
    found = [*(await reading.execute(points)).scalars().all(), *(await reading.execute(lines)).scalars().all()]
    return list(dict.fromkeys(found))


async def sharing(reading: Reading, *, after: Pair | None, limit: int) -> list[Pair]:
    """Pairs of whom one has a contact point that is the other's, too, or is a line of the other's; each once.

    The newer customer, the greater id, is a pair's second; the pairs of the newest come first.
    """
    found: set[Pair] = set()
    for statement in (_both_points(reading), _point_of_newer(reading), _line_of_newer(reading)):
        newer, older = tuple(statement.selected_columns)
        if after is not None:
            statement = statement.where(newer <= after[1], or_(newer < after[1], older < after[0]))
        statement = statement.distinct().order_by(newer.desc(), older.desc()).limit(limit)
        rows: Any = (await reading.execute(statement)).all()
        found.update((row[1], row[0]) for row in rows)
    return sorted(found, key=lambda pair: (pair[1], pair[0]), reverse=True)[:limit]


def _both_points(reading: Reading) -> Select[UUID, UUID]:
    newer, older = ContactPointRow, aliased(ContactPointRow)
    return (
        select(newer.customer_id, older.customer_id)
        .join(older, and_(older.value == newer.value, older.customer_id < newer.customer_id))
        .where(newer.tenant_id == reading.tenant_id, older.tenant_id == reading.tenant_id)
    )


def _point_of_newer(reading: Reading) -> Select[UUID, UUID]:
    return _point_and_line(reading, SubscriptionRow.customer_id < ContactPointRow.customer_id).with_only_columns(
        ContactPointRow.customer_id, SubscriptionRow.customer_id
    )


def _line_of_newer(reading: Reading) -> Select[UUID, UUID]:
    return _point_and_line(reading, SubscriptionRow.customer_id > ContactPointRow.customer_id).with_only_columns(
        SubscriptionRow.customer_id, ContactPointRow.customer_id
    )


def _point_and_line(reading: Reading, order: Any) -> Select[UUID]:
    return (
        select(ContactPointRow.customer_id)
        .join(SubscriptionRow, and_(SubscriptionRow.msisdn == ContactPointRow.value, order))
        .where(
            ContactPointRow.tenant_id == reading.tenant_id,
            SubscriptionRow.tenant_id == reading.tenant_id,
            # The word is part of the text: only so SQLite sees that the index of numbers in use fits.
            SubscriptionRow.status != literal(LineStatus.CLOSED.value, literal_execute=True),
        )
    )
