"""From a figure to the places in the log that make it: each kind of contribution is one statement, by position."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, literal, not_, select
from sqlalchemy.orm import InstrumentedAttribute

from careline.infra.database.transaction import Reading
from careline.modules.insight.analytics.models import ContactFactRow, RatingFactRow
from careline.modules.insight.analytics.repository.counting import Period
from careline.modules.insight.analytics.rules import (
    ABANDONED,
    OVERFLOWED,
    SHORT_ABANDON_MS,
    Figure,
    Milestone,
)


class Place(NamedTuple):
    """An event's place in the log, what it counts as, and with which value: 1, milliseconds, or a score."""

    position: int
    interaction_id: UUID
    contributes: str
    value: int


class Contribution(NamedTuple):
    """One kind of contribution: where its events stand, their value (None is 1), and which facts they are of."""

    contributes: str
    position: InstrumentedAttribute[Any]
    value: InstrumentedAttribute[Any] | None
    of: ColumnElement[bool]


async def places(reading: Reading, figure: Figure, period: Period, *, after: int, limit: int) -> list[Place]:
    """The places that make a figure, after a position, in the order of the log, at most ``limit``."""
    found: list[Place] = []
    for contribution in _CONTRIBUTIONS[figure](period):
        statement = _statement(reading, contribution, after, limit)
        found += [Place._make(row) for row in (await reading.execute(statement)).all()]
    return sorted(found)[:limit]


def _statement(reading: Reading, one: Contribution, after: int, limit: int) -> Select[Any]:
    value = literal(1) if one.value is None else one.value
    if one.position.class_ is RatingFactRow:
        return (
            select(one.position, RatingFactRow.interaction_id, literal(one.contributes), value)
            .where(RatingFactRow.tenant_id == reading.tenant_id, one.of, one.position > after)
            .order_by(one.position)
            .limit(limit)
        )
    return (
        select(one.position, ContactFactRow.interaction_id, literal(one.contributes), value)
        .where(ContactFactRow.tenant_id == reading.tenant_id, one.of, one.position > after)
        .order_by(one.position)
        .limit(limit)
    )


def answered() -> ColumnElement[bool]:
    """Got an agent."""
    return ContactFactRow.answered_at.is_not(None)


def left(cause: str) -> ColumnElement[bool]:
    """Went without an agent; who abandoned, not at once."""
    gone = ContactFactRow.left_cause == cause
    return and_(gone, ContactFactRow.wait_ms >= SHORT_ABANDON_MS) if cause == ABANDONED else gone


def _asked_in(period: Period) -> ColumnElement[bool]:
    """Asked, and was not passed on by an agent whom they had already."""
    first = ContactFactRow.again.is_(False)
    return and_(first, ContactFactRow.asked_at >= period[0], ContactFactRow.asked_at < period[1])


def _handled_in(period: Period) -> ColumnElement[bool]:
    return and_(ContactFactRow.wrapped_up_at >= period[0], ContactFactRow.wrapped_up_at < period[1])


def _answers(name: str, of: ColumnElement[bool]) -> Contribution:
    return Contribution(name, ContactFactRow.answered_position, None, of)


def _leavings(period: Period) -> list[Contribution]:
    return [
        Contribution(cause, ContactFactRow.left_position, None, and_(_asked_in(period), left(cause)))
        for cause in (ABANDONED, OVERFLOWED)
    ]


def _service_level(period: Period) -> list[Contribution]:
    in_period, quick = _asked_in(period), ContactFactRow.wait_ms <= ContactFactRow.target_ms
    return [
        _answers("answered_in_time", and_(in_period, answered(), quick)),
        _answers("answered_late", and_(in_period, answered(), not_(quick))),
        *_leavings(period),
    ]


def _rates(period: Period) -> list[Contribution]:
    return [_answers("answered", and_(_asked_in(period), answered())), *_leavings(period)]


def _answered(period: Period) -> list[Contribution]:
    return [_answers("answered", and_(_asked_in(period), answered()))]


def _asa(period: Period) -> list[Contribution]:
    of = and_(_asked_in(period), answered())
    return [Contribution("waited", ContactFactRow.answered_position, ContactFactRow.wait_ms, of)]


def _asked(period: Period) -> list[Contribution]:
    short = and_(
        ContactFactRow.left_at.is_not(None),
        ContactFactRow.left_cause == ABANDONED,
        ContactFactRow.wait_ms < SHORT_ABANDON_MS,
    )
    # Of who has not left the cause is NULL, and so would be its negation: hence ``left_at`` first.
    stayed = ContactFactRow.left_at.is_(None)
    of = and_(_asked_in(period), stayed | and_(ContactFactRow.left_at.is_not(None), not_(short)))
    return [Contribution("asked", ContactFactRow.asked_position, None, of)]


def _handled(period: Period) -> list[Contribution]:
    of = and_(_handled_in(period), ContactFactRow.again.is_(False))
    return [Contribution("handled", ContactFactRow.wrapped_up_position, None, of)]


def _after_contact_work(period: Period) -> list[Contribution]:
    of = _handled_in(period)
    return [Contribution("after_contact_work", ContactFactRow.wrapped_up_position, ContactFactRow.acw_ms, of)]


def _handle_time(period: Period) -> list[Contribution]:
    contact = Contribution("contact", ContactFactRow.finished_position, ContactFactRow.contact_ms, _handled_in(period))
    return [contact, *_after_contact_work(period)]


def _rated(period: Period) -> list[Contribution]:
    of = and_(RatingFactRow.rated_at >= period[0], RatingFactRow.rated_at < period[1])
    return [Contribution("rated", RatingFactRow.position, RatingFactRow.score, of)]


def _waiting(_period: Period) -> list[Contribution]:
    of = ContactFactRow.state == Milestone.ASKED.value
    return [Contribution("waiting", ContactFactRow.asked_position, None, of)]


_CONTRIBUTIONS: dict[Figure, Callable[[Period], list[Contribution]]] = {
    Figure.WAITING_NOW: _waiting,
    Figure.LONGEST_WAIT: _waiting,
    Figure.SERVICE_LEVEL: _service_level,
    Figure.ANSWER_RATE: _rates,
    Figure.ASA: _asa,
    Figure.ABANDON_RATE: _rates,
    Figure.ASKED: _asked,
    Figure.ANSWERED: _answered,
    Figure.HANDLED_TODAY: _handled,
    Figure.AHT: _handle_time,
    Figure.ACW: _after_contact_work,
    Figure.CSAT_TODAY: _rated,
}
