"""The tables of conversations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, Identified, Json, TenantOwned


class ConversationRow(TenantOwned, Identified, Base):
    """The thread of interactions with one customer.

    ``interaction_id`` and ``agent_id`` are those of the chat that goes on now, None when none does; a call's
    conversation has no text and leaves them empty. ``last_seq`` is the number of the latest message.
    """

    __tablename__ = "conversation"
    __table_args__ = (Index("ix_conversation_customer", "tenant_id", "customer_id"),)

    customer_id: Mapped[UUID | None] = mapped_column()
    interaction_id: Mapped[UUID | None] = mapped_column()
    agent_id: Mapped[UUID | None] = mapped_column()
    last_seq: Mapped[int] = mapped_column(Integer, default=0)
    customer_read: Mapped[int] = mapped_column(Integer, default=0)
    agent_read: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column()


class InteractionRow(TenantOwned, Identified, Base):
    """One contact over one channel. ``number`` is personal and stands nowhere else; a call's id is the call's."""

    __tablename__ = "interaction"
    __table_args__ = (
        Index("ix_interaction_conversation", "tenant_id", "conversation_id"),
        Index("ix_interaction_customer", "tenant_id", "customer_id", "opened_at"),
        Index("ix_interaction_state", "tenant_id", "state"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    channel: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    assurance: Mapped[str] = mapped_column(Text)
    customer_id: Mapped[UUID | None] = mapped_column()
    number: Mapped[str | None] = mapped_column(Text)
    called_number: Mapped[str | None] = mapped_column(Text)
    queue_id: Mapped[UUID | None] = mapped_column()
    agent_id: Mapped[UUID | None] = mapped_column()
    opened_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    ended_by: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column()
    wrap_up_deadline: Mapped[datetime | None] = mapped_column()
    disposition: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)


class SegmentRow(TenantOwned, Identified, Base):
    """A stretch of an interaction. ``offer_id`` is the offer that a ring, talk or wrap-up came from.

    ``disposition`` and ``note`` are what the agent of a talk or wrap-up wrote of it; each agent has their own.
    ``disposition_path`` is the way to the code in the tree: the codes from the category down, joined by slashes.
    """

    __tablename__ = "interaction_segment"
    __table_args__ = (Index("ix_interaction_segment_interaction", "tenant_id", "interaction_id", "started_at"),)

    interaction_id: Mapped[UUID] = mapped_column(ForeignKey("interaction.id"))
    kind: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    queue_id: Mapped[UUID | None] = mapped_column()
    agent_id: Mapped[UUID | None] = mapped_column()
    offer_id: Mapped[UUID | None] = mapped_column()
    disposition: Mapped[str | None] = mapped_column(Text)
    disposition_path: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)


class JourneyStepRow(TenantOwned, Identified, Base):
    """What a machine did with the customer, in the flow's own words; nothing the customer said or keyed."""

    __tablename__ = "journey_step"
    __table_args__ = (Index("ix_journey_step_interaction", "tenant_id", "interaction_id", "at"),)

    interaction_id: Mapped[UUID] = mapped_column(ForeignKey("interaction.id"))
    at: Mapped[datetime] = mapped_column()
    step: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class MessageRow(TenantOwned, Base):
    """A message. ``client_id`` is the sender's name for it and makes a repeated sending harmless.

    A conversation goes on for years: ``ix_message_author`` finds what a side said last without going through it.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "author", "client_id"),
        Index("ix_message_author", "conversation_id", "author", "seq"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column()
    interaction_id: Mapped[UUID] = mapped_column()
    author: Mapped[str] = mapped_column(Text)
    author_id: Mapped[UUID | None] = mapped_column()
    client_id: Mapped[UUID | None] = mapped_column()
    kind: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text)
    params: Mapped[dict[str, Any] | None] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column()


class FileRow(TenantOwned, Identified, Base):
    """A file that was sent, by the message that carries it. Its content is in the store under the same id.

    What is in the store and has no row is removed; deleting the row is how a file is deleted.
    """

    __tablename__ = "conversation_file"
    __table_args__ = (Index("ix_conversation_file_conversation", "tenant_id", "conversation_id"),)

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    seq: Mapped[int] = mapped_column(Integer)
    size: Mapped[int] = mapped_column(Integer)
    stored_at: Mapped[datetime] = mapped_column()


class VisitorRow(TenantOwned, Identified, Base):
    """Somebody at the portal or widget. The token is kept as a hash; name and number are personal, and claims.

    Removed soon after ``expires_at``.
    """

    __tablename__ = "visitor"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_visitor_conversation", "tenant_id", "conversation_id"),
        Index("ix_visitor_expires", "tenant_id", "expires_at"),
        Index("ix_visitor_customer", "tenant_id", "customer_id"),
    )

    token_hash: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text)
    customer_id: Mapped[UUID | None] = mapped_column()
    conversation_id: Mapped[UUID | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()


class DispositionRow(TenantOwned, Base):
    """A node of the tenant's tree of disposition codes, shown in the order of ``position``; never deleted.

    ``name`` is Chinese. ``queue_ids``: for whose contacts it and what is below it is meant; empty for all.
    """

    __tablename__ = "disposition_code"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    parent: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer)
    name_en: Mapped[str] = mapped_column(Text)
    retired: Mapped[bool] = mapped_column()
    version: Mapped[int] = mapped_column(Integer)
    queue_ids: Mapped[list[Any]] = mapped_column()


class ParticipantRow(TenantOwned, Identified, Base):
    """A stretch of time that somebody beside the agent spent in a conversation, in one role.

    ``left_at`` is None while it lasts; nobody has two at once in one conversation. ``brought_by`` asked them to come.
    """

    __tablename__ = "participant"
    __table_args__ = (
        Index("ix_participant_conversation", "tenant_id", "conversation_id", "left_at"),
        Index("ix_participant_user", "tenant_id", "user_id", "left_at"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    interaction_id: Mapped[UUID] = mapped_column(ForeignKey("interaction.id"))
    user_id: Mapped[UUID] = mapped_column()
    role: Mapped[str] = mapped_column(Text)
    brought_by: Mapped[UUID | None] = mapped_column()
    joined_at: Mapped[datetime] = mapped_column()
    left_at: Mapped[datetime | None] = mapped_column()


Index(
    "ix_participant_present",
    ParticipantRow.tenant_id,
    ParticipantRow.role,
    sqlite_where=ParticipantRow.left_at.is_(None),
    postgresql_where=ParticipantRow.left_at.is_(None),
)


class TransferRow(TenantOwned, Identified, Base):
    """A chat passed on: from whom, to which queue and perhaps to whom, with a note for who takes it.

    ``taken_over``: whoever has it next fetched it themselves; its agent passed on nothing.

    ``ended_at`` is None while nobody has it. ``outcome``: answered, taken_back, or left when the customer went.
    """

    __tablename__ = "transfer"
    __table_args__ = (Index("ix_transfer_interaction", "tenant_id", "interaction_id", "begun_at"),)

    interaction_id: Mapped[UUID] = mapped_column(ForeignKey("interaction.id"))
    from_agent_id: Mapped[UUID] = mapped_column()
    to_queue_id: Mapped[UUID] = mapped_column()
    to_agent_id: Mapped[UUID | None] = mapped_column()
    note: Mapped[str] = mapped_column(Text)
    begun_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    outcome: Mapped[str | None] = mapped_column(Text)
    taken_by: Mapped[UUID | None] = mapped_column()
    taken_over: Mapped[bool] = mapped_column()


class NoteRow(TenantOwned, Identified, Base):
    """What somebody of ours wrote for colleagues only. In a table of its own, which nothing for customers reads.

    ``mentions`` are the ids of the users whom it calls; ``client_id`` makes a repeated sending harmless.
    """

    __tablename__ = "internal_note"
    __table_args__ = (
        UniqueConstraint("conversation_id", "author_id", "client_id"),
        Index("ix_internal_note_conversation", "tenant_id", "conversation_id", "id"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    interaction_id: Mapped[UUID] = mapped_column()
    author_id: Mapped[UUID] = mapped_column()
    client_id: Mapped[UUID] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    mentions: Mapped[list[Any]] = mapped_column()
    at: Mapped[datetime] = mapped_column()


class QuickReplyRow(TenantOwned, Identified, Base):
    """Words to begin an answer with; ``owner_id`` is None for the tenant's. ``version`` counts changes."""

    __tablename__ = "quick_reply"
    __table_args__ = (Index("ix_quick_reply_owner", "tenant_id", "owner_id", "retired", "used"),)

    owner_id: Mapped[UUID | None] = mapped_column()
    group_name: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    used: Mapped[int] = mapped_column(Integer)
    retired: Mapped[bool] = mapped_column()
