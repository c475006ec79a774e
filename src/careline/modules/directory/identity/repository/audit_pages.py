"""Looking for audit entries: each way to look is one walk along one index, however long the trail is.

Entries are in the order of their time, then of their number. The most selective condition chooses the index; the others
are looked at beside it and written so that no database takes their index instead and sorts. Some actions together are
a walk for each, of which the latest are taken.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, literal, select, tuple_, union_all

from careline.infra.database.transaction import Reading
from careline.infra.database.types import UtcDateTime
from careline.modules.directory.identity.engine.actions import actions_of
from careline.modules.directory.identity.engine.seals import AuditRecord
from careline.modules.directory.identity.models import AuditEntryRow
from careline.modules.directory.identity.repository.audit import ENTRY, record
from careline.modules.directory.identity.views import AuditFilter, Found

_Entries = Any
_LATEST_FIRST = (AuditEntryRow.at.desc(), AuditEntryRow.seq.desc())
_PLACE = (AuditEntryRow.at, AuditEntryRow.seq)
_AT_AND_SEQ = tuple_(*_PLACE)

COUNTED_MOST = 1000
"""So far is counted what passes a filter; more is told as more."""


async def latest(reading: Reading, wanted: AuditFilter, *, before: int | None, limit: int) -> list[AuditRecord]:
    """Entries that pass, the latest first: from the end, or those that come after the one with this number."""
    place = None if before is None else await _time_of(reading, before)
    if before is not None and place is None:
        return []
    statement = _latest(reading, wanted, None if place is None else _place(place, before or 0) > _AT_AND_SEQ, limit)
    return [record(row) for row in (await reading.execute(statement)).all()]


async def found(reading: Reading, wanted: AuditFilter) -> Found:
    """How many pass, counted as far as it costs little."""
    within = _latest(reading, wanted, None, COUNTED_MOST + 1, columns=_PLACE).subquery()
    n = int((await reading.execute(select(func.count()).select_from(within))).scalar_one())
    return Found(n=min(n, COUNTED_MOST), more=n > COUNTED_MOST)


async def walked(
    reading: Reading, wanted: AuditFilter, *, after: AuditRecord | None, below: int, limit: int
) -> list[AuditRecord]:
    """The next entries that pass and have a number below one, the earliest first."""
    statement = _by_index(reading, wanted).where(AuditEntryRow.seq < below)
    if after is not None:
        statement = statement.where(_place(after.at, after.seq) < _AT_AND_SEQ)
    statement = statement.order_by(AuditEntryRow.at, AuditEntryRow.seq).limit(limit)
    return [record(row) for row in (await reading.execute(statement)).all()]


async def of_subject(reading: Reading, subject: str, actions: Sequence[str], *, limit: int) -> list[AuditRecord]:
    """What was done to one thing of some kinds, the earliest first."""
    statement = (
        select(*ENTRY)
        .where(
            AuditEntryRow.tenant_id == reading.tenant_id,
            AuditEntryRow.subject == subject,
            _beside(AuditEntryRow.action).in_(actions),
        )
        .order_by(AuditEntryRow.at, AuditEntryRow.seq)
        .limit(limit)
    )
    return [record(row) for row in (await reading.execute(statement)).all()]


async def _time_of(reading: Reading, seq: int) -> datetime | None:
    statement = select(AuditEntryRow.at).where(AuditEntryRow.tenant_id == reading.tenant_id, AuditEntryRow.seq == seq)
    return (await reading.execute(statement)).scalar_one_or_none()


def _latest(
    reading: Reading, wanted: AuditFilter, place: ColumnElement[bool] | None, limit: int, *, columns: Any = ENTRY
) -> _Entries:
    def walk(one: AuditFilter) -> _Entries:
        statement = _by_index(reading, one, columns)
        return (statement if place is None else statement.where(place)).order_by(*_LATEST_FIRST).limit(limit)

    passing = actions_of(wanted.kind, wanted.outcome)
    if passing is None or not passing[0] or not passing[1] or wanted.actor or wanted.subject or wanted.action:
        return walk(wanted)
    each = [AuditFilter(action=action, since=wanted.since, until=wanted.until) for action in sorted(passing[1])]
    together = union_all(*(select(walk(one).subquery()) for one in each)).subquery()
    return select(together).order_by(together.c.at.desc(), together.c.seq.desc()).limit(limit)


def _by_index(reading: Reading, wanted: AuditFilter, columns: Any = ENTRY) -> _Entries:
    statement: _Entries = select(*columns).where(AuditEntryRow.tenant_id == reading.tenant_id)
    if wanted.since is not None:
        statement = statement.where(AuditEntryRow.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(AuditEntryRow.at < wanted.until)
    column: Any
    by_index = False
    for column, value in (
        (AuditEntryRow.subject, wanted.subject),
        (AuditEntryRow.actor, wanted.actor),
        (AuditEntryRow.action, wanted.action),
    ):
        if value is not None:
            statement = statement.where((_beside(column) if by_index else column) == value)
            by_index = True
    passing = actions_of(wanted.kind, wanted.outcome)
    if passing is None:
        return statement
    these, actions = passing
    if wanted.action is not None:
        return statement if (wanted.action in actions) == these else statement.where(false())
    if these and not actions:
        return statement.where(false())
    action = _beside(AuditEntryRow.action)
    return statement.where(action.in_(sorted(actions)) if these else action.not_in(sorted(actions)))


def _beside(column: Any) -> ColumnElement[str]:
    """The column's value, in no index."""
    return func.coalesce(column, "")


def _place(at: datetime, seq: int) -> Any:
    return tuple_(literal(at, UtcDateTime()), literal(seq))
