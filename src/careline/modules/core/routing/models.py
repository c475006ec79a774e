"""Routing's own tables: enough to rebuild every shard, and nothing that can be worked out again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, Identified, TenantOwned


class QueueRow(Identified, TenantOwned, Base):
    """A queue. ``needs`` lists ``[skill code, least proficiency]``; ``media`` the media it takes."""

    __tablename__ = "routing_queue"
    __table_args__ = (UniqueConstraint("tenant_id", "code"),)

    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    media: Mapped[list[Any]] = mapped_column()
    needs: Mapped[list[Any]] = mapped_column()
    target: Mapped[float] = mapped_column()
    target_seconds: Mapped[int] = mapped_column()
    ring_seconds: Mapped[int] = mapped_column()
    wrap_up_seconds: Mapped[int] = mapped_column()


class ShardRow(Base):
    """The fence: who decides for a tenant. ``epoch`` grows with every change of owner."""

    __tablename__ = "routing_shard"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    owner: Mapped[UUID] = mapped_column()
    epoch: Mapped[int] = mapped_column()


class WorkItemRow(Identified, TenantOwned, Base):
    """A work item and the offer or engagement it is in.

    ``state``: waiting, offered, engaged, after_contact_work, done. ``why`` are the facts of the standing decision;
    ``boost_s`` is the head start that a supervisor gave it, or that it keeps from before it was passed on.
    """

    __tablename__ = "work_item"
    __table_args__ = (
        Index("ix_work_item_tenant_state", "tenant_id", "state"),
        Index("ix_work_item_tenant_interaction", "tenant_id", "interaction_id"),
    )

    interaction_id: Mapped[UUID] = mapped_column()
    media: Mapped[str] = mapped_column(Text)
    queue_id: Mapped[UUID] = mapped_column()
    state: Mapped[str] = mapped_column(Text)
    priority: Mapped[int] = mapped_column()
    boost_s: Mapped[float | None] = mapped_column()
    preferred_agent_id: Mapped[UUID | None] = mapped_column()
    preferred_wait_s: Mapped[float | None] = mapped_column()
    enqueued_at: Mapped[datetime] = mapped_column()
    offer_id: Mapped[UUID | None] = mapped_column()
    serial: Mapped[int] = mapped_column(default=0)
    token: Mapped[str | None] = mapped_column(Text)
    agent_id: Mapped[UUID | None] = mapped_column()
    offered_at: Mapped[datetime | None] = mapped_column()
    deadline: Mapped[datetime | None] = mapped_column()
    why: Mapped[dict[str, Any] | None] = mapped_column()
    engaged_at: Mapped[datetime | None] = mapped_column()
    finished_at: Mapped[datetime | None] = mapped_column()
    wrap_up_until: Mapped[datetime | None] = mapped_column()


class AgentStateRow(TenantOwned, Base):
    """What an agent chose, and what fairness needs to know of them after a restart."""

    __tablename__ = "agent_state"

    agent_id: Mapped[UUID] = mapped_column(primary_key=True)
    chosen: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column()
    idle_since: Mapped[datetime] = mapped_column()
    set_aside: Mapped[list[Any]] = mapped_column()
