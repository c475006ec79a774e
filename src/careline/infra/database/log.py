"""Reading the event log in commit order."""

import logging
from collections.abc import Collection
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, select, text, tuple_

from careline.infra.database.models import CursorRow, EventRow
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.kernel.events import Event, Recorded, event_class
from careline.kernel.tenancy import TenantId

logger = logging.getLogger(__name__)

BEFORE_ALL = -(2**62)
"""Below every ``xid``; those of a log that came from another server may be negative."""


class Cursor(msgspec.Struct, frozen=True, order=True):
    """A place in the log. Everything at or before it was read; unless told, nothing was."""

    xid: int = BEFORE_ALL
    position: int = 0


class LogEntry:
    """A fact as it is stored, and its place. ``id`` is the fact's."""

    __slots__ = ("_row", "cursor", "id")

    def __init__(self, row: Row[tuple[object, ...]]) -> None:
        self._row = row
        self.id: UUID = row.id
        self.cursor = Cursor(row.xid, row.position)

    @property
    def event_class(self) -> type[Event] | None:
        """What kind of fact it is; None when this version does not know it."""
        return event_class(self._row.name)

    @property
    def recorded(self) -> Recorded | None:
        """The fact, decoded now; None for an event that this version does not know or cannot read."""
        return _decode(self._row)


_COMMITTED = text("xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
"""Before the oldest transaction that still runs: nothing can appear there any more."""

_AFTER = {
    # There is one writer, so the position is the order; of a pair SQLite would search the whole log each time.
    "sqlite": select(EventRow.__table__)  # house: allow tenant-filter – the log is read for all tenants by the system
    .where(EventRow.position > bindparam("after_position"))
    .order_by(EventRow.position)
    .limit(bindparam("most")),
    "postgresql": select(EventRow.__table__)  # house: allow tenant-filter – as above
    .where(
        tuple_(EventRow.xid, EventRow.position) > tuple_(bindparam("after_xid"), bindparam("after_position")),
        _COMMITTED,
    )
    .order_by(EventRow.xid, EventRow.position)
    .limit(bindparam("most")),
}


async def read_after(
    reading: Reading, cursor: Cursor, *, limit: int, names: Collection[str] | None = None
) -> list[LogEntry]:
    """The next entries of all tenants in commit order, oldest first, at most ``limit``; of some ``names``, or all.

    On PostgreSQL it stops before the oldest transaction that is still running; what comes later is read next time.
    """
    statement = _AFTER[reading.dialect]
    if names is not None:
        statement = statement.where(EventRow.name.in_(names))
    after = {"after_position": cursor.position, "most": limit}
    if reading.dialect == "postgresql":
        after["after_xid"] = cursor.xid
    rows = (await reading.execute(statement, after)).all()
    return [LogEntry(row) for row in rows]


async def end_of_log(reading: Reading) -> Cursor:
    """The place of the last entry that ``read_after`` gives now."""
    statement = select(EventRow.xid, EventRow.position)  # house: allow tenant-filter – as above
    if reading.dialect == "postgresql":
        statement = statement.where(_COMMITTED).order_by(EventRow.xid.desc(), EventRow.position.desc())
    else:
        statement = statement.order_by(EventRow.position.desc())
    row = (await reading.execute(statement.limit(1))).one_or_none()
    return Cursor() if row is None else Cursor(row.xid, row.position)


async def read_subject(reading: Reading, subject: UUID, *, limit: int) -> list[Recorded]:
    """The history of one thing of the reading's tenant, oldest first, at most ``limit`` facts."""
    statement = (
        select(EventRow.__table__)
        .where(EventRow.tenant_id == reading.tenant_id, EventRow.subject == subject)
        .order_by(EventRow.position)
        .limit(limit)
    )
    decoded = [_decode(row) for row in (await reading.execute(statement)).all()]
    return [recorded for recorded in decoded if recorded is not None]


async def read_at(reading: Reading, positions: Collection[int]) -> dict[int, Recorded]:
    """The facts of the reading's tenant that stand at some places, by place."""
    statement = select(EventRow.__table__).where(
        EventRow.tenant_id == reading.tenant_id, EventRow.position.in_(positions)
    )
    decoded = [_decode(row) for row in (await reading.execute(statement)).all()]
    return {recorded.position: recorded for recorded in decoded if recorded is not None}


async def load_cursor(reading: Reading, subscriber: str) -> Cursor:
    """How far a subscriber has come; the beginning when it is new."""
    statement = select(CursorRow.xid, CursorRow.position).where(CursorRow.subscriber == subscriber)
    row = (await reading.execute(statement)).one_or_none()
    return Cursor() if row is None else Cursor(row.xid, row.position)


async def locked_cursor(tx: Transaction, subscriber: str) -> Cursor:
    """The same, and no other transaction moves it or asks here until this one has ended.

    For a subscriber that keeps what it read in the database: its rows and its cursor then change together.
    """
    first = insert_or(tx, CursorRow).values(subscriber=subscriber, xid=BEFORE_ALL, position=0)
    await tx.execute(first.on_conflict_do_nothing(index_elements=["subscriber"]))
    statement = select(CursorRow.xid, CursorRow.position).where(CursorRow.subscriber == subscriber)
    if tx.dialect == "postgresql":
        statement = statement.with_for_update()
    row = (await tx.execute(statement)).one()
    return Cursor(row.xid, row.position)


async def store_cursor(tx: Transaction, subscriber: str, cursor: Cursor) -> None:
    """Remember how far a subscriber has come."""
    place = {"xid": cursor.xid, "position": cursor.position}
    statement = insert_or(tx, CursorRow).values(subscriber=subscriber, **place)
    await tx.execute(statement.on_conflict_do_update(index_elements=["subscriber"], set_=place))


def _decode(row: Row[tuple[object, ...]]) -> Recorded | None:
    cls = event_class(row.name)
    if cls is None:
        return None
    try:
        event = msgspec.json.decode(row.payload, type=cls)
    except msgspec.MsgspecError as error:
        # Who waited for one that nobody can read would hear of no other, at this start or any.
        logger.error("the event %s at %d cannot be read, and is passed over: %s", row.name, row.position, error)
        return None
    return Recorded(
        id=row.id,
        xid=row.xid,
        position=row.position,
        tenant_id=TenantId(row.tenant_id),
        occurred_at=row.occurred_at,
        subject=row.subject,
        actor=row.actor,
        event=event,
    )
