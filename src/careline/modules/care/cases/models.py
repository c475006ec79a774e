"""The tables of cases. Title, text and what the history says are personal and stand nowhere else."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, Identified, TenantOwned


class CaseRow(TenantOwned, Identified, Base):
    """A case. Ids are made in order of time, so they also order the list.

    ``client_id`` is the name that its maker gave it and makes a repeated sending harmless.
    """

    __tablename__ = "care_case"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        Index("ix_care_case_client", "tenant_id", "client_id", unique=True),
        Index("ix_care_case_order", "tenant_id", "id"),
        Index("ix_care_case_customer", "tenant_id", "customer_id", "id"),
        Index("ix_care_case_interaction", "tenant_id", "interaction_id", "id"),
        Index("ix_care_case_assignee", "tenant_id", "assignee_id", "id"),
    )

    number: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    assignee_id: Mapped[UUID | None] = mapped_column()
    customer_id: Mapped[UUID | None] = mapped_column()
    interaction_id: Mapped[UUID | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    created_by: Mapped[UUID | None] = mapped_column()
    client_id: Mapped[UUID | None] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column(Integer)


class CaseHistoryRow(TenantOwned, Identified, Base):
    """Who did what. ``before`` and ``after`` are states, or ids of who held it."""

    __tablename__ = "care_case_history"
    __table_args__ = (Index("ix_care_case_history_case", "tenant_id", "case_id", "id"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("care_case.id"))
    at: Mapped[datetime] = mapped_column()
    actor_id: Mapped[UUID | None] = mapped_column()
    kind: Mapped[str] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)


class CaseCounterRow(TenantOwned, Base):
    """How many cases a tenant opened on a day of its own zone. Counted in the transaction that stores the case."""

    __tablename__ = "care_case_counter"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
