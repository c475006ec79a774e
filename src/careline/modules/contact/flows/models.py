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
    """A version of a flow. The highest one without ``published_at`` is the draft; published ones never change."""

    __tablename__ = "flow_version"

    flow_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    definition: Mapped[dict[str, Any]] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    created_by: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column()


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
