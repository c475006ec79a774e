"""The tables of analytics: what the log says, in the shape that figures are worked out from.

They can be thrown away at any time and are read anew from the log.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, TenantOwned


class ContactFactRow(TenantOwned, Base):
    """A work item from asking to the end of after-contact work. ``…_position`` are places in the event log."""

    __tablename__ = "contact_fact"
    __table_args__ = (
        Index("ix_contact_fact_asked", "tenant_id", "asked_at"),
        Index("ix_contact_fact_wrapped_up", "tenant_id", "wrapped_up_at"),
        Index("ix_contact_fact_agent", "tenant_id", "agent_id", "wrapped_up_at"),
        Index("ix_contact_fact_interaction", "tenant_id", "interaction_id"),
        Index("ix_contact_fact_state", "tenant_id", "state"),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    interaction_id: Mapped[UUID] = mapped_column()
    media: Mapped[str] = mapped_column(Text)
    queue_id: Mapped[UUID] = mapped_column()
    state: Mapped[str] = mapped_column(Text)
    agent_id: Mapped[UUID | None] = mapped_column()
    asked_at: Mapped[datetime] = mapped_column()
    asked_position: Mapped[int] = mapped_column(BigInteger)
    target_ms: Mapped[int] = mapped_column(BigInteger)
    again: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None] = mapped_column()
    answered_position: Mapped[int | None] = mapped_column(BigInteger)
    wait_ms: Mapped[int | None] = mapped_column(BigInteger)
    left_at: Mapped[datetime | None] = mapped_column()
    left_position: Mapped[int | None] = mapped_column(BigInteger)
    left_cause: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None] = mapped_column()
    finished_position: Mapped[int | None] = mapped_column(BigInteger)
    contact_ms: Mapped[int | None] = mapped_column(BigInteger)
    wrapped_up_at: Mapped[datetime | None] = mapped_column()
    wrapped_up_position: Mapped[int | None] = mapped_column(BigInteger)
    acw_ms: Mapped[int | None] = mapped_column(BigInteger)


class FigureSlotRow(TenantOwned, Base):
    """What was counted of a queue in a quarter of an hour: sums over the facts, changed together with them.

    Reading a day takes a hundred rows a queue, however many contacts there were. Ratings of a contact that no agent
    answered stand under the nil id.
    """

    __tablename__ = "figure_slot"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    slot_at: Mapped[datetime] = mapped_column(primary_key=True)
    queue_id: Mapped[UUID] = mapped_column(primary_key=True)
    waiting: Mapped[int] = mapped_column(BigInteger)
    answered: Mapped[int] = mapped_column(BigInteger)
    in_time: Mapped[int] = mapped_column(BigInteger)
    wait_ms: Mapped[int] = mapped_column(BigInteger)
    abandoned: Mapped[int] = mapped_column(BigInteger)
    overflowed: Mapped[int] = mapped_column(BigInteger)
    handled: Mapped[int] = mapped_column(BigInteger)
    onward: Mapped[int] = mapped_column(BigInteger, default=0)
    contact_ms: Mapped[int] = mapped_column(BigInteger)
    acw_ms: Mapped[int] = mapped_column(BigInteger)
    rated: Mapped[int] = mapped_column(BigInteger)
    scores: Mapped[int] = mapped_column(BigInteger)


class RatingFactRow(TenantOwned, Base):
    """A rating, and the agent who had answered that contact last when it was given."""

    __tablename__ = "rating_fact"
    __table_args__ = (
        Index("ix_rating_fact_rated", "tenant_id", "rated_at"),
        Index("ix_rating_fact_agent", "tenant_id", "agent_id", "rated_at"),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    interaction_id: Mapped[UUID] = mapped_column(primary_key=True)
    score: Mapped[int] = mapped_column(Integer)
    channel: Mapped[str] = mapped_column(Text)
    agent_id: Mapped[UUID | None] = mapped_column()
    rated_at: Mapped[datetime] = mapped_column()
    position: Mapped[int] = mapped_column(BigInteger)
