"""The event log, which is also the outbox, and how far each reader of it has come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, BigId, TenantOwned


class EventRow(TenantOwned, Base):
    """One fact. ``payload`` is the event's JSON, opaque to the database.

    ``xid`` is the writing transaction on PostgreSQL (0 on SQLite): readers order by it and stop before the oldest
    one that still runs, so a transaction that commits late is never skipped. Negative ones came from another server.
    """

    __tablename__ = "event_log"
    __table_args__ = (
        Index("ix_event_log_order", "xid", "position"),
        Index("ix_event_log_tenant_subject", "tenant_id", "subject", "position"),
        Index("ix_event_log_tenant_name", "tenant_id", "name", "position"),
    )

    position: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    xid: Mapped[int] = mapped_column(BigInteger)
    id: Mapped[UUID] = mapped_column()
    name: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column()
    subject: Mapped[UUID] = mapped_column()
    actor: Mapped[str] = mapped_column(Text)
    payload: Mapped[str] = mapped_column(Text)


class CursorRow(Base):
    """How far a durable subscriber has read the log; what stands up to here was handled, or is ``UnfinishedRow``."""

    __tablename__ = "event_cursor"

    subscriber: Mapped[str] = mapped_column(Text, primary_key=True)
    xid: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(BigInteger)


class UnfinishedRow(TenantOwned, Base):
    """A fact that a durable subscriber has not handled although its cursor has gone on: it failed, or waits behind one.

    ``attempts`` have failed so far; 0 of one that only waits. ``last_error`` is the class of the last error, no text.
    """

    __tablename__ = "event_unfinished"

    subscriber: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    attempts: Mapped[int] = mapped_column()
    next_try_at: Mapped[datetime] = mapped_column()
    last_error: Mapped[str | None] = mapped_column(Text)
