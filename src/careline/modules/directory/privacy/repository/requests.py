"""Requests and what was done for them, read and written."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.modules.directory.privacy.models import DataRequestRow, DataRequestStepRow
from careline.modules.directory.privacy.states import OPEN, RequestState, before
from careline.modules.directory.privacy.views import (
    CopyView,
    Erased,
    Kept,
    Person,
    Refusal,
    RequestKind,
    RequestView,
    StepView,
)

AT_ONCE = 500
"""Ids in one statement."""


async def add(tx: Transaction, request: RequestView) -> None:
    """Store a new request."""
    values = {field: getattr(request, field) for field in request.__struct_fields__ if field not in ("copy", "person")}
    values |= {"kind": request.kind.value, "state": request.state.value, "tenant_id": tx.tenant_id}
    values["refusal"] = None if request.refusal is None else request.refusal.value
    values["person"] = None if request.person is None else plain(request.person)
    await tx.execute(insert(DataRequestRow).values(values))


async def find(reading: Reading, request_id: UUID) -> RequestView | None:
    """One request of the tenant."""
    statement = select(DataRequestRow.__table__).where(
        DataRequestRow.tenant_id == reading.tenant_id, DataRequestRow.id == request_id
    )
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _view(row)


async def begun(reading: Reading, request_ids: Sequence[UUID]) -> dict[UUID, RequestState]:
    """Those of some erasures that have begun, and where they are."""
    found: dict[UUID, RequestState] = {}
    for at in range(0, len(request_ids), AT_ONCE):
        statement = select(DataRequestRow.id, DataRequestRow.state).where(
            DataRequestRow.tenant_id == reading.tenant_id,
            DataRequestRow.id.in_(request_ids[at : at + AT_ONCE]),
            DataRequestRow.begun_at.is_not(None),
        )
        found |= {row.id: RequestState(row.state) for row in (await reading.execute(statement)).all()}
    return found


async def locked(tx: Transaction, request_id: UUID) -> RequestView | None:
    """The same, and nobody else changes it before this transaction ends."""
    statement = select(DataRequestRow.__table__).where(
        DataRequestRow.tenant_id == tx.tenant_id, DataRequestRow.id == request_id
    )
    row = (await tx.execute(statement.with_for_update())).one_or_none()
    return None if row is None else _view(row)


async def page(
    reading: Reading,
    *,
    kind: RequestKind | None,
    states: Collection[RequestState],
    customer_id: UUID | None,
    after: UUID | None,
    limit: int,
    stuck_before: datetime | None = None,
) -> list[RequestView]:
    """Requests, the newest first; with ``stuck_before``, those that should have been done by then."""
    statement = (
        select(DataRequestRow.__table__)
        .where(DataRequestRow.tenant_id == reading.tenant_id)
        .order_by(DataRequestRow.id.desc())
        .limit(limit)
    )
    if kind is not None:
        statement = statement.where(DataRequestRow.kind == kind.value)
    if states:
        statement = statement.where(DataRequestRow.state.in_([one.value for one in states]))
    if customer_id is not None:
        statement = statement.where(DataRequestRow.customer_id == customer_id)
    if after is not None:
        statement = statement.where(DataRequestRow.id < after)
    if stuck_before is not None:
        statement = statement.where(_late(stuck_before))
    return [_view(row) for row in (await reading.execute(statement)).all()]


async def stuck(reading: Reading, before: datetime) -> list[tuple[UUID, RequestKind, RequestState]]:
    """Requests that should have been done by a time and are not."""
    statement = select(DataRequestRow.id, DataRequestRow.kind, DataRequestRow.state).where(
        DataRequestRow.tenant_id == reading.tenant_id, _late(before)
    )
    found = (await reading.execute(statement)).all()
    return [(row.id, RequestKind(row.kind), RequestState(row.state)) for row in found]


async def all_begun(reading: Reading) -> list[RequestView]:
    """Every erasure that has begun, the first first."""
    statement = select(DataRequestRow.__table__).where(
        DataRequestRow.tenant_id == reading.tenant_id, DataRequestRow.begun_at.is_not(None)
    )
    return [_view(row) for row in (await reading.execute(statement.order_by(DataRequestRow.id))).all()]


async def open_of(reading: Reading, customer_id: UUID, kind: RequestKind) -> bool:
    """Whether the same is asked for already."""
    statement = select(DataRequestRow.id).where(
        DataRequestRow.tenant_id == reading.tenant_id,
        DataRequestRow.customer_id == customer_id,
        DataRequestRow.kind == kind.value,
        DataRequestRow.state.in_([state.value for state in OPEN]),
    )
    return (await reading.execute(statement.limit(1))).first() is not None


async def change(
    tx: Transaction, request_id: UUID, to: RequestState, version: int | None = None, **values: Any
) -> bool:
    """Bring a request into a state, from those that lead there only (and, with ``version``, as it was seen)."""
    statement = update(DataRequestRow).where(
        DataRequestRow.tenant_id == tx.tenant_id,
        DataRequestRow.id == request_id,
        DataRequestRow.state.in_(before(to)),
    )
    if version is not None:
        statement = statement.where(DataRequestRow.version == version)
    counted = {"state": to.value, "version": DataRequestRow.version + 1}
    return (await tx.execute(statement.values(counted | values))).rowcount == 1


async def note(tx: Transaction, request_id: UUID, **values: Any) -> None:
    """Write down how far it is; the state stays."""
    await tx.execute(
        update(DataRequestRow)
        .where(DataRequestRow.tenant_id == tx.tenant_id, DataRequestRow.id == request_id)
        .values(values)
    )


async def steps(reading: Reading, request_id: UUID) -> list[StepView]:
    """What custodians did for a request."""
    statement = (
        select(DataRequestStepRow.__table__)
        .where(DataRequestStepRow.tenant_id == reading.tenant_id, DataRequestStepRow.request_id == request_id)
        .order_by(DataRequestStepRow.at, DataRequestStepRow.custodian)
    )
    return [
        StepView(
            custodian=row.custodian,
            at=row.at,
            counts=row.counts,
            kept=tuple(msgspec.convert(row.kept, list[Kept])),
            leftovers=tuple(row.leftovers),
        )
        for row in (await reading.execute(statement)).all()
    ]


async def record_step(tx: Transaction, request_id: UUID, custodian: str, erased: Erased) -> None:
    """Add what a custodian did to what it did before for the same request; what it keeps is what it says now."""
    known = {step.custodian: step for step in await steps(tx, request_id)}.get(custodian)
    counts = dict(erased.counts)
    leftovers = list(erased.leftovers)
    if known is not None:
        counts = {code: counts.get(code, 0) + known.counts.get(code, 0) for code in {**known.counts, **counts}}
        leftovers = [*known.leftovers, *leftovers]
    values = {"at": tx.now, "counts": counts, "leftovers": leftovers, "kept": msgspec.to_builtins(list(erased.kept))}
    key = {"tenant_id": tx.tenant_id, "request_id": request_id, "custodian": custodian}
    writing = insert_or(tx, DataRequestStepRow).values(key | values)
    await tx.execute(writing.on_conflict_do_update(index_elements=["request_id", "custodian"], set_=values))


async def nothing_left(tx: Transaction, request_id: UUID, custodian: str, leftovers: Collection[str]) -> None:
    """What lay outside the database is gone, too."""
    for step in await steps(tx, request_id):
        if step.custodian == custodian:
            rest = [one for one in step.leftovers if one not in leftovers]
            await tx.execute(
                update(DataRequestStepRow)
                .where(
                    DataRequestStepRow.tenant_id == tx.tenant_id,
                    DataRequestStepRow.request_id == request_id,
                    DataRequestStepRow.custodian == custodian,
                )
                .values(leftovers=rest)
            )


async def expired(reading: Reading) -> list[RequestView]:
    """Copies whose time is over."""
    statement = select(DataRequestRow.__table__).where(
        DataRequestRow.tenant_id == reading.tenant_id,
        DataRequestRow.state == RequestState.READY.value,
        DataRequestRow.expires_at <= reading.now,
    )
    return [_view(row) for row in (await reading.execute(statement)).all()]


async def copies_of(reading: Reading, customer_ids: Collection[UUID]) -> list[RequestView]:
    """Exports of some customers that are there, are being made, or wait."""
    statement = select(DataRequestRow.__table__).where(
        DataRequestRow.tenant_id == reading.tenant_id,
        DataRequestRow.kind == RequestKind.EXPORT.value,
        DataRequestRow.customer_id.in_(customer_ids),
        DataRequestRow.state.in_(before(RequestState.EXPIRED)),
    )
    return [_view(row) for row in (await reading.execute(statement)).all()]


async def files(reading: Reading) -> set[UUID]:
    """The archives that a request leads to."""
    statement = select(DataRequestRow.file_id).where(
        DataRequestRow.tenant_id == reading.tenant_id, DataRequestRow.file_id.is_not(None)
    )
    return set((await reading.execute(statement)).scalars())


async def count_of(reading: Reading, customer_id: UUID) -> int:
    """How many requests a customer made."""
    statement = select(DataRequestRow.id).where(
        DataRequestRow.tenant_id == reading.tenant_id, DataRequestRow.customer_id == customer_id
    )
    return len((await reading.execute(statement)).all())


async def take_over(tx: Transaction, absorbed: UUID, survivor: UUID) -> None:
    """Let the requests of one customer be another's."""
    await tx.execute(
        update(DataRequestRow)
        .where(DataRequestRow.tenant_id == tx.tenant_id, DataRequestRow.customer_id == absorbed)
        .values(customer_id=survivor)
    )


async def forget(tx: Transaction, request_id: UUID) -> None:
    """Remove a request and its steps: a list outside the database knows better what became of it."""
    await tx.execute(
        delete(DataRequestStepRow).where(
            DataRequestStepRow.tenant_id == tx.tenant_id, DataRequestStepRow.request_id == request_id
        )
    )
    await tx.execute(
        delete(DataRequestRow).where(DataRequestRow.tenant_id == tx.tenant_id, DataRequestRow.id == request_id)
    )


def _late(before: datetime) -> ColumnElement[bool]:
    """It runs since then or longer, or was to go by then and is still kept."""
    began = func.coalesce(DataRequestRow.decided_at, DataRequestRow.asked_at)
    runs = and_(DataRequestRow.state == RequestState.RUNNING.value, began <= before)
    return or_(runs, DataRequestRow.kept_until <= before)


def plain(person: Person) -> dict[str, list[str]]:
    """Ids as they are stored."""
    return {field: [str(one) for one in getattr(person, field)] for field in person.__struct_fields__}


def later(kept: Collection[Kept]) -> datetime | None:
    """When the next of what is kept has to go."""
    return min((one.until for one in kept), default=None)


def _view(row: Row[Any]) -> RequestView:
    copy = None
    if row.file_id is not None:
        copy = CopyView(file_id=row.file_id, size=row.file_size, sha256=row.file_sha256, expires_at=row.expires_at)
    return RequestView(
        id=row.id,
        kind=RequestKind(row.kind),
        state=RequestState(row.state),
        customer_id=row.customer_id,
        assurance=row.assurance,
        interaction_id=row.interaction_id,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        due_at=row.due_at,
        version=row.version,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        refusal=None if row.refusal is None else Refusal(row.refusal),
        begun_at=row.begun_at,
        done_at=row.done_at,
        kept_until=row.kept_until,
        person=None if row.person is None else msgspec.convert(row.person, Person),
        copy=copy,
    )
