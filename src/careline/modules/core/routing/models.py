"""Routing's own tables: enough to rebuild every shard, and nothing that can be worked out again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, Identified, TenantOwned


class QueueRow(Identified, TenantOwned, Base):
    """A queue. ``needs`` lists ``[skill code, least proficiency]``; ``media`` the media it takes.

    ``rules`` is a ``QueueRules`` as a document: read whole, written whole, asked for nothing in between.
    """

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
    rules: Mapped[dict[str, Any]] = mapped_column()
    version: Mapped[int] = mapped_column()


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
    ``entered_at``: since when it is in this queue; ``kind``: of customer, for desks. ``again``: they had an agent.

    How it stands with the engine: ``seq``, its number of arrival, 0 until the engine has it; ``attempts``, how often it
    was offered; ``excluded`` lists ``[agent id, until]`` of those who are not asked until then; ``held_until`` it waits
    for its preferred agent alone. A left message may not be offered ``asleep_since`` then, and might not for
    ``slept_us`` microseconds before; ``not_before``: until then it was put off; ``awake_s`` is as in the engine's item.
    ``wrap_up_left_us``: what is left of the limit of after-contact work that something else interrupts.
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
    entered_at: Mapped[datetime | None] = mapped_column()
    kind: Mapped[str] = mapped_column(Text)
    again: Mapped[bool] = mapped_column()
    seq: Mapped[int] = mapped_column(BigInteger)
    attempts: Mapped[int] = mapped_column()
    excluded: Mapped[list[Any]] = mapped_column()
    held_until: Mapped[datetime | None] = mapped_column()
    asleep_since: Mapped[datetime | None] = mapped_column()
    slept_us: Mapped[int | None] = mapped_column(BigInteger)
    awake_s: Mapped[float | None] = mapped_column()
    not_before: Mapped[datetime | None] = mapped_column()
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
    wrap_up_left_us: Mapped[int | None] = mapped_column(BigInteger)


class DeskRow(Identified, TenantOwned, Base):
    """A dedicated desk: ``queues`` are ids and ``kinds`` codes of those it is kept for; an empty list means any."""

    __tablename__ = "routing_desk"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str] = mapped_column(Text)
    queues: Mapped[list[Any]] = mapped_column()
    kinds: Mapped[list[Any]] = mapped_column()
    version: Mapped[int] = mapped_column()


class SeatRow(TenantOwned, Base):
    """Where an agent sits. ``queues`` are the ids of those they serve, None for all that they have the skills for.

    ``version`` is that of everything that is set of the agent. Who has no row is at version 1.
    """

    __tablename__ = "routing_seat"

    agent_id: Mapped[UUID] = mapped_column(primary_key=True)
    desk_id: Mapped[UUID | None] = mapped_column()
    queues: Mapped[list[Any] | None] = mapped_column()
    version: Mapped[int] = mapped_column()


class ReasonsRow(TenantOwned, Base):
    """The tenant's reasons of not being ready, in their order, as a document."""

    __tablename__ = "routing_reasons"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    reasons: Mapped[list[Any]] = mapped_column()
    version: Mapped[int] = mapped_column()


class MediaRulesRow(TenantOwned, Base):
    """How the media share an agent's attention. A tenant without a row has the usual rules."""

    __tablename__ = "routing_media_rules"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    call_beside_chats: Mapped[bool] = mapped_column()
    message_interrupted_by: Mapped[list[Any]] = mapped_column()
    message_beside_after_s: Mapped[int | None] = mapped_column(server_default="1800")
    version: Mapped[int] = mapped_column()


class AgentStateRow(TenantOwned, Base):
    """What an agent chose, and what fairness needs to know of them after a restart.

    ``handled_us``: microseconds engaged; ``last_served``: serial of the last offer they got. Both as of the end of
    their last contact or offer: what is in hand since then says the rest. ``place``: in which order agents were first
    known, which settles ties; 0 when nobody has said yet.
    """

    __tablename__ = "agent_state"

    agent_id: Mapped[UUID] = mapped_column(primary_key=True)
    chosen: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column()
    idle_since: Mapped[datetime] = mapped_column()
    set_aside: Mapped[list[Any]] = mapped_column()
    handled_us: Mapped[int] = mapped_column(BigInteger)
    last_served: Mapped[int] = mapped_column(BigInteger)
    place: Mapped[int] = mapped_column()
