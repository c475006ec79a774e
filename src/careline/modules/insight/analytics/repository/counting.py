"""What was counted in a period ``[start, end)`` of whole slots."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from careline.infra.database.transaction import Reading
from careline.modules.insight.analytics.models import ContactFactRow, FigureSlotRow, RatingFactRow
from careline.modules.insight.analytics.rules import COUNTS, Tally

Period = tuple[datetime, datetime]


async def by_queue(reading: Reading, period: Period) -> dict[UUID, Tally]:
    """Everything, by queue."""
    start, end = period
    columns = FigureSlotRow.__table__.c
    statement = (
        select(FigureSlotRow.queue_id, *(func.sum(columns[name]).label(name) for name in COUNTS))
        .where(
            FigureSlotRow.tenant_id == reading.tenant_id,
            FigureSlotRow.slot_at >= start,
            FigureSlotRow.slot_at < end,
        )
        .group_by(FigureSlotRow.queue_id)
    )
    rows = (await reading.execute(statement)).all()
    return {row.queue_id: Tally(**{name: int(getattr(row, name)) for name in COUNTS}) for row in rows}


async def of_agent(reading: Reading, period: Period, agent_id: UUID) -> Tally:
    """What one agent finished, and how it was rated."""
    start, end = period
    done = select(
        func.count().label("handled"),
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
