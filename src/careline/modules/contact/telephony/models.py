"""Telephony's own tables."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, Identified, TenantOwned


class NumberRow(TenantOwned, Base):
    """A number that reaches us. Numbers are unique over all tenants: the trunk tells no tenant.

    ``rules`` are ``EntryRule``s as a document: read whole and written whole. ``changed_by`` is None for the system.
    """

    __tablename__ = "phone_number"

    number: Mapped[str] = mapped_column(Text, primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Text)
    entry_flow: Mapped[str] = mapped_column(Text)
    rules: Mapped[list[Any]] = mapped_column()
    version: Mapped[int] = mapped_column()
    changed_at: Mapped[datetime | None] = mapped_column()
    changed_by: Mapped[UUID | None] = mapped_column()


class CallRow(Identified, TenantOwned, Base):
    """A call. ``offer_id`` is the agent leg's id while there is one."""

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_tenant_arrived", "tenant_id", "arrived_at"),
        Index("ix_call_node_state", "node", "state"),
    )

    node: Mapped[str] = mapped_column(Text)
    caller_leg: Mapped[str] = mapped_column(Text)
    called_number: Mapped[str] = mapped_column(Text)
    caller_number: Mapped[str | None] = mapped_column(Text)
    entry_flow: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    offer_id: Mapped[UUID | None] = mapped_column()
    agent_id: Mapped[UUID | None] = mapped_column()
    recording_allowed: Mapped[bool] = mapped_column(default=False)
    arrived_at: Mapped[datetime] = mapped_column()
    connected_at: Mapped[datetime | None] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()


class RecordingRow(Identified, TenantOwned, Base):
    """A recording of a call; its id names its sealed file."""

    __tablename__ = "recording"
    __table_args__ = (Index("ix_recording_tenant_call", "tenant_id", "call_id"),)

    call_id: Mapped[UUID] = mapped_column()
    state: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
