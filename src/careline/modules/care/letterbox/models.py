"""The table of the letterbox."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, TenantOwned


class LetterRow(TenantOwned, Base):
    """A message that a flow asked for in a contact, and, from ``left_at`` on, that was left. ``reach`` is personal.

    ``digest`` is of what was sent, by which the same sent again is known. ``routed_as`` is the interaction in which an
    agent answers it, None of what was left in a queue that takes no messages. ``put_off_until`` is the time to which an
    agent put it off last, with who and why; ``put_off_times`` counts how often.
    """

    __tablename__ = "left_message"
    __table_args__ = (
        Index("ix_left_message_case", "tenant_id", "case_id"),
        Index("ix_left_message_conversation", "tenant_id", "conversation_id", "left_at"),
        Index("ix_left_message_routed", "tenant_id", "routed_as"),
        Index("ix_left_message_reach", "tenant_id", "reach", "left_at"),
    )

    interaction_id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column()
    queue: Mapped[str] = mapped_column(Text)
    because: Mapped[str] = mapped_column(Text)
    consent: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column()
    client_id: Mapped[UUID | None] = mapped_column()
    digest: Mapped[str | None] = mapped_column(Text)
    reach_kind: Mapped[str | None] = mapped_column(Text)
    reach: Mapped[str | None] = mapped_column(Text)
    case_id: Mapped[UUID | None] = mapped_column()
    number: Mapped[str | None] = mapped_column(Text)
    opens_at: Mapped[datetime | None] = mapped_column()
    left_at: Mapped[datetime | None] = mapped_column()
    routed_as: Mapped[UUID | None] = mapped_column()
    put_off_until: Mapped[datetime | None] = mapped_column()
    put_off_by: Mapped[UUID | None] = mapped_column()
    put_off_because: Mapped[str | None] = mapped_column(Text)
    put_off_times: Mapped[int | None] = mapped_column()
