"""The tables of requests about one's own data. They hold ids, times and codes; nobody's name or number."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, Identified, Json, TenantOwned


class DataRequestRow(TenantOwned, Identified, Base):
    """A request. ``person`` are the ids by which an erasure found what it erased, kept to find it again.

    ``kept_until`` is when the next of what must be kept is to go.
    """

    __tablename__ = "data_request"
    __table_args__ = (
        Index("ix_data_request_order", "tenant_id", "id"),
        Index("ix_data_request_customer", "tenant_id", "customer_id"),
        Index("ix_data_request_state", "tenant_id", "state"),
        Index("ix_data_request_kept", "tenant_id", "kept_until"),
    )

    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    customer_id: Mapped[UUID] = mapped_column()
    interaction_id: Mapped[UUID | None] = mapped_column()
    assurance: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column()
    asked_by: Mapped[UUID | None] = mapped_column()
    due_at: Mapped[datetime] = mapped_column()
    decided_at: Mapped[datetime | None] = mapped_column()
    decided_by: Mapped[UUID | None] = mapped_column()
    refusal: Mapped[str | None] = mapped_column(Text)
    begun_at: Mapped[datetime | None] = mapped_column()
    done_at: Mapped[datetime | None] = mapped_column()
    kept_until: Mapped[datetime | None] = mapped_column()
    person: Mapped[dict[str, Any] | None] = mapped_column(Json)
    file_id: Mapped[UUID | None] = mapped_column()
    file_size: Mapped[int | None] = mapped_column(BigInteger)
    file_sha256: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column(Integer)


class DataRequestStepRow(TenantOwned, Base):
    """What one custodian did for an erasure. ``leftovers`` are still to be removed outside the database."""

    __tablename__ = "data_request_step"

    request_id: Mapped[UUID] = mapped_column(ForeignKey("data_request.id"), primary_key=True)
    custodian: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[datetime] = mapped_column()
    counts: Mapped[dict[str, Any]] = mapped_column()
    kept: Mapped[list[Any]] = mapped_column()
    leftovers: Mapped[list[Any]] = mapped_column()


class DataCopyTakenRow(TenantOwned, Base):
    """Who took which copy, and when the last time: so many different ones may be taken in a day."""

    __tablename__ = "data_copy_taken"
    __table_args__ = (Index("ix_data_copy_taken_by", "tenant_id", "taken_by", "taken_at"),)

    request_id: Mapped[UUID] = mapped_column(ForeignKey("data_request.id"), primary_key=True)
    taken_by: Mapped[UUID] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime] = mapped_column()


class DataRequestRulesRow(TenantOwned, Base):
    """How many days a tenant has for an answer, and keeps what must be kept, and how copies are handed out.

    Without a row the defaults hold.
    """

    __tablename__ = "data_request_rules"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    due_days: Mapped[int] = mapped_column(Integer)
    recording_days: Mapped[int] = mapped_column(Integer)
    complaint_days: Mapped[int] = mapped_column(Integer)
    copies_a_day: Mapped[int] = mapped_column(Integer, server_default="10")
    copies_decided: Mapped[bool] = mapped_column(server_default=false())
    version: Mapped[int] = mapped_column(Integer)
