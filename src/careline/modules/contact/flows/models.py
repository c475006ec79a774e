"""Flows' own tables."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, Identified, TenantOwned


class FlowRow(Identified, TenantOwned, Base):
    """A flow by its code. ``entry_channel`` makes it the entry of a channel that has no numbers."""

    __tablename__ = "flow"
    __table_args__ = (UniqueConstraint("tenant_id", "code"),)

    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    entry_channel: Mapped[str | None] = mapped_column(Text)
    published_version: Mapped[int | None] = mapped_column()


class FlowVersionRow(TenantOwned, Base):
    """A version of a flow. The highest one without ``published_at`` is the draft; published ones never change.

    ``revision`` counts how often the draft was saved. ``drawing`` is where an editor puts the steps; it means nothing.
    """

    __tablename__ = "flow_version"

    flow_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    definition: Mapped[dict[str, Any]] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    created_by: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column()
    revision: Mapped[int] = mapped_column(server_default="1")
    drawing: Mapped[dict[str, Any] | None] = mapped_column()


class FlowPublicationRow(Identified, TenantOwned, Base):
    """That a version was put in force, by whom and why; the one before it was ``replaced``."""

    __tablename__ = "flow_publication"
    __table_args__ = (Index("ix_flow_publication_at", "tenant_id", "flow_id", "at"),)

    flow_id: Mapped[UUID] = mapped_column()
    version: Mapped[int] = mapped_column()
    replaced: Mapped[int | None] = mapped_column()
    at: Mapped[datetime] = mapped_column()
    by: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)


class FlowConnectionRow(Identified, TenantOwned, Base):
    """A business system that flows may ask. ``sealed_secret`` is what is sent in ``header``."""

    __tablename__ = "flow_connection"
    __table_args__ = (UniqueConstraint("tenant_id", "code"),)

    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    header: Mapped[str] = mapped_column(Text)
    sealed_secret: Mapped[str | None] = mapped_column(Text)
    let_through: Mapped[bool] = mapped_column()
    version: Mapped[int] = mapped_column()


class FlowRunRow(TenantOwned, Base):
    """Where a contact waits in its flow, so that it can be taken up after a restart; removed when it is long over."""

    __tablename__ = "flow_run"
    __table_args__ = (Index("ix_flow_run_stored", "tenant_id", "stored_at"),)

    interaction_id: Mapped[UUID] = mapped_column(primary_key=True)
    flow_id: Mapped[UUID] = mapped_column()
    version: Mapped[int] = mapped_column()
    step: Mapped[str] = mapped_column(Text)
    stored_at: Mapped[datetime] = mapped_column()
    language: Mapped[str] = mapped_column(Text)


class FlowStepSlotRow(TenantOwned, Base):
    """How many contacts left a step by a way within an hour, which begins at ``slot``. Counted from the event log, from
    which it can be counted again."""

    __tablename__ = "flow_step_slot"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    flow_code: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    slot: Mapped[datetime] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(Text, primary_key=True)
    way: Mapped[str] = mapped_column(Text, primary_key=True)
    count: Mapped[int] = mapped_column()
