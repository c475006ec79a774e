"""The table of supervision."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, Identified, TenantOwned


class StateOrderRow(Identified, TenantOwned, Base):
    """A supervisor's order to an agent: the state that was set for them, by whom, and why in words (``note``).

    ``signed_out``: their sessions were ended with it.
    """

    __tablename__ = "state_order"
    __table_args__ = (Index("ix_state_order_agent", "tenant_id", "agent_id", "made_at"),)

    agent_id: Mapped[UUID] = mapped_column()
    by_id: Mapped[UUID] = mapped_column()
    chosen: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    signed_out: Mapped[bool] = mapped_column()
    made_at: Mapped[datetime] = mapped_column()
