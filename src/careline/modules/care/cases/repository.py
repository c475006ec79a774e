"""The tables of cases read and written."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, insert, or_, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.kernel.ids import new_id
from careline.modules.care.cases.models import CaseCounterRow, CaseHistoryRow, CaseRow
from careline.modules.care.cases.rules import ERASED_TITLE, AssigneeFilter
from careline.modules.care.cases.states import CaseState
from careline.modules.care.cases.views import CaseType, HistoryKind


async def next_count(tx: Transaction, day: date) -> int:
    """Count one more case of the tenant's day, from 1. Undone with the transaction, so that there are no gaps.

    Whoever opens another one at the same moment waits until this transaction has ended.
    """
    first = {"tenant_id": tx.tenant_id, "day": day, "last": 1}
    counting = insert_or(tx, CaseCounterRow).values(first)
    counting = counting.on_conflict_do_update(
        index_elements=["tenant_id", "day"], set_={"last": CaseCounterRow.last + 1}
    )
    counted = await tx.execute(counting.returning(CaseCounterRow.last))
    return int(counted.scalar_one())


async def insert_case(tx: Transaction, values: Mapping[str, Any]) -> bool:
    """Store a new case; False when the tenant has one under its ``client_id`` already."""
    storing = insert_or(tx, CaseRow).values(tenant_id=tx.tenant_id, **values)
    stored = await tx.execute(storing.on_conflict_do_nothing(index_elements=["tenant_id", "client_id"]))
    return stored.rowcount == 1


async def by_client_id(reading: Reading, client_id: UUID) -> Row[Any] | None:
    """The case that was opened under its maker's name for it."""
    statement = select(CaseRow.__table__).where(CaseRow.tenant_id == reading.tenant_id, CaseRow.client_id == client_id)
    return (await reading.execute(statement)).one_or_none()


async def insert_history(
    tx: Transaction,
    case_id: UUID,
    actor_id: UUID | None,
    kind: HistoryKind,
    *,
    before: str | None = None,
    after: str | None = None,
    text: str | None = None,
) -> UUID:
    """Add what was done; the entry's id."""
    entry_id = new_id()
    values = {
        "id": entry_id,
        "tenant_id": tx.tenant_id,
        "case_id": case_id,
        "at": tx.now,
        "actor_id": actor_id,
        "kind": kind.value,
        "before": before,
        "after": after,
        "text": text,
    }
    await tx.execute(insert(CaseHistoryRow).values(values))
    return entry_id


async def change_case(tx: Transaction, case_id: UUID, version: int, values: Mapping[str, Any]) -> bool:
    """Change a case that is still of this version; False when it is not."""
    result = await tx.execute(
        update(CaseRow)
        .where(CaseRow.tenant_id == tx.tenant_id, CaseRow.id == case_id, CaseRow.version == version)
        .values(version=version + 1, changed_at=tx.now, **values)
    )
    return result.rowcount == 1


async def touch_case(tx: Transaction, case_id: UUID) -> int | None:
    """Something was said about a case; its version, which stays. None when there is no such case."""
    touched = await tx.execute(
        update(CaseRow)
        .where(CaseRow.tenant_id == tx.tenant_id, CaseRow.id == case_id)
        .values(changed_at=tx.now)
        .returning(CaseRow.version)
    )
    return touched.scalar_one_or_none()


async def case(reading: Reading, case_id: UUID) -> Row[Any] | None:
    """One case."""
    statement = select(CaseRow.__table__).where(CaseRow.tenant_id == reading.tenant_id, CaseRow.id == case_id)
    return (await reading.execute(statement)).one_or_none()


async def people_of(reading: Reading, case_id: UUID) -> tuple[UUID | None, UUID | None] | None:
    """Whose a case is: who holds it and who opened it; None when there is no such case."""
    statement = select(CaseRow.assignee_id, CaseRow.created_by).where(
        CaseRow.tenant_id == reading.tenant_id, CaseRow.id == case_id
    )
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else (row.assignee_id, row.created_by)


async def history(reading: Reading, case_id: UUID) -> list[Row[Any]]:
    """What was done with a case, the first thing first."""
    statement = (
        select(CaseHistoryRow.__table__)
        .where(CaseHistoryRow.tenant_id == reading.tenant_id, CaseHistoryRow.case_id == case_id)
        .order_by(CaseHistoryRow.id)
    )
    return list((await reading.execute(statement)).all())


async def cases(
    reading: Reading,
    *,
    states: Collection[CaseState],
    types: Collection[CaseType],
    assignee: AssigneeFilter,
    query: str,
    customer_id: UUID | None,
    interaction_id: UUID | None,
    people: Collection[UUID] | None,
    after: UUID | None,
    limit: int,
) -> list[Row[Any]]:
    """Cases that fit, the newest first. ``query`` stands somewhere in title or number, in any case of letters.

    With ``people``, those that one of them holds or opened.
    """
    statement = (
        select(CaseRow.__table__).where(CaseRow.tenant_id == reading.tenant_id).order_by(CaseRow.id.desc()).limit(limit)
    )
    if states:
        statement = statement.where(CaseRow.state.in_([state.value for state in states]))
    if types:
        statement = statement.where(CaseRow.type.in_([one.value for one in types]))
    if assignee.nobody:
        statement = statement.where(CaseRow.assignee_id.is_(None))
    if assignee.person is not None:
        statement = statement.where(CaseRow.assignee_id == assignee.person)
    if query:
        found = or_(CaseRow.title.icontains(query, autoescape=True), CaseRow.number.icontains(query, autoescape=True))
        statement = statement.where(found)
    if customer_id is not None:
        statement = statement.where(CaseRow.customer_id == customer_id)
    if interaction_id is not None:
        statement = statement.where(CaseRow.interaction_id == interaction_id)
    if people is not None:
        statement = statement.where(or_(CaseRow.assignee_id.in_(people), CaseRow.created_by.in_(people)))
    if after is not None:
        statement = statement.where(CaseRow.id < after)
    return list((await reading.execute(statement)).all())


async def count_of_customer(reading: Reading, customer_id: UUID) -> int:
    """How many cases a customer has."""
    statement = select(func.count()).where(CaseRow.tenant_id == reading.tenant_id, CaseRow.customer_id == customer_id)
    return int((await reading.execute(statement)).scalar_one())


async def take_over(tx: Transaction, absorbed: UUID, survivor: UUID) -> None:
    """Let the cases of one customer be another's."""
    await tx.execute(
        update(CaseRow)
        .where(CaseRow.tenant_id == tx.tenant_id, CaseRow.customer_id == absorbed)
        .values(customer_id=survivor)
    )


async def ids_of_person(reading: Reading, customer_ids: Collection[UUID], contact_ids: Collection[UUID]) -> list[UUID]:
    """Cases of some customers, and those of nobody that came out of their contacts."""
    came_of = and_(CaseRow.customer_id.is_(None), CaseRow.interaction_id.in_(contact_ids))
    statement = select(CaseRow.id).where(
        CaseRow.tenant_id == reading.tenant_id, or_(CaseRow.customer_id.in_(customer_ids), came_of)
    )
    return list((await reading.execute(statement.order_by(CaseRow.id))).scalars())


async def some(reading: Reading, ids: Collection[UUID]) -> list[Row[Any]]:
    """Cases by their ids."""
    statement = select(CaseRow.__table__).where(CaseRow.tenant_id == reading.tenant_id, CaseRow.id.in_(ids))
    return list((await reading.execute(statement.order_by(CaseRow.id))).all())


async def sealed(reading: Reading, since: datetime, *, after: UUID | None, limit: int) -> list[Row[Any]]:
    """Cases without a title that still say something and were changed after a time, the newest first."""
    statement = select(CaseRow.__table__).where(
        CaseRow.tenant_id == reading.tenant_id,
        CaseRow.title == ERASED_TITLE,
        CaseRow.text != "",
        CaseRow.changed_at > since,
    )
    if after is not None:
        statement = statement.where(CaseRow.id < after)
    return list((await reading.execute(statement.order_by(CaseRow.id.desc()).limit(limit))).all())


async def rewrite(tx: Transaction, case_id: UUID, title: str, text: str) -> None:
    """Let a case be nobody's, and say something else than it did."""
    await tx.execute(
        update(CaseRow)
        .where(CaseRow.tenant_id == tx.tenant_id, CaseRow.id == case_id)
        .values(title=title, text=text, customer_id=None, version=CaseRow.version + 1)
    )


async def rewrite_history(tx: Transaction, entry_id: UUID, text: str | None) -> None:
    """Let an entry of a case's history say something else."""
    await tx.execute(
        update(CaseHistoryRow)
        .where(CaseHistoryRow.tenant_id == tx.tenant_id, CaseHistoryRow.id == entry_id)
        .values(text=text)
    )
