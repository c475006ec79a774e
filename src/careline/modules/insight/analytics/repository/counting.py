"""What was counted in a period ``[start, end)`` of whole slots."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select

from careline.infra.database.prepared import Prepared
from careline.infra.database.transaction import Reading
from careline.modules.insight.analytics.models import ContactFactRow, FigureSlotRow, RatingFactRow
from careline.modules.insight.analytics.rules import COUNTS, Tally

Period = tuple[datetime, datetime]


_BY_QUEUE = Prepared(
    select(FigureSlotRow.queue_id, *(func.sum(FigureSlotRow.__table__.c[name]).label(name) for name in COUNTS))
    .where(
        FigureSlotRow.tenant_id == bindparam("of_tenant"),
        FigureSlotRow.slot_at >= bindparam("start"),
        FigureSlotRow.slot_at < bindparam("end"),
    )
    .group_by(FigureSlotRow.queue_id)
)


async def by_queue(reading: Reading, period: Period) -> dict[UUID, Tally]:
    """Everything, by queue."""
    start, end = period
    found = await reading.run(_BY_QUEUE, {"of_tenant": reading.tenant_id, "start": start, "end": end})
    return {row.queue_id: Tally(**{name: int(getattr(row, name)) for name in COUNTS}) for row in found.all()}


_BY_AGENT = Prepared(
    select(
        ContactFactRow.agent_id,
        func.count().label("handled"),
        func.coalesce(func.sum(ContactFactRow.contact_ms), 0).label("contact_ms"),
        func.coalesce(func.sum(ContactFactRow.acw_ms), 0).label("acw_ms"),
    )
    .where(
        ContactFactRow.tenant_id == bindparam("of_tenant"),
        ContactFactRow.wrapped_up_at >= bindparam("start"),
        ContactFactRow.wrapped_up_at < bindparam("end"),
    )
    .group_by(ContactFactRow.agent_id)
)


async def by_agent(reading: Reading, period: Period) -> dict[UUID, Tally]:
    """What each agent finished. It reads every contact of the period: not for every event."""
    start, end = period
    found = await reading.run(_BY_AGENT, {"of_tenant": reading.tenant_id, "start": start, "end": end})
    return {
        row.agent_id: Tally(handled=int(row.handled), contact_ms=int(row.contact_ms), acw_ms=int(row.acw_ms))
        for row in found.all()
        if row.agent_id is not None
    }


async def of_agent(reading: Reading, period: Period, agent_id: UUID) -> Tally:
    """What one agent finished, each contact once however often they had it, and how it was rated."""
    start, end = period
    done = select(
        func.count(ContactFactRow.interaction_id.distinct()).label("handled"),
        func.coalesce(func.sum(ContactFactRow.contact_ms), 0).label("contact_ms"),
        func.coalesce(func.sum(ContactFactRow.acw_ms), 0).label("acw_ms"),
    ).where(
        ContactFactRow.tenant_id == reading.tenant_id,
        ContactFactRow.agent_id == agent_id,
        ContactFactRow.wrapped_up_at >= start,
        ContactFactRow.wrapped_up_at < end,
    )
    rated = select(func.count().label("rated"), func.coalesce(func.sum(RatingFactRow.score), 0).label("scores")).where(
        RatingFactRow.tenant_id == reading.tenant_id,
        RatingFactRow.agent_id == agent_id,
        RatingFactRow.rated_at >= start,
        RatingFactRow.rated_at < end,
    )
    work = (await reading.execute(done)).one()
    word = (await reading.execute(rated)).one()
    return Tally(
        handled=int(work.handled),
        contact_ms=int(work.contact_ms),
        acw_ms=int(work.acw_ms),
        rated=int(word.rated),
        scores=int(word.scores),
    )
