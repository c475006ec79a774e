"""Tables of people. An agent's id is the id of identity's user."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, Identified, TenantOwned


class SkillRow(TenantOwned, Base):
    """Something that agents can do."""

    __tablename__ = "skill"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)


class AgentRow(Identified, TenantOwned, Base):
    """An agent. The endpoint is one agent's in the whole installation."""

    __tablename__ = "agent"
    __table_args__ = (UniqueConstraint("tenant_id", "number"),)

    number: Mapped[str] = mapped_column(Text)
    endpoint: Mapped[str] = mapped_column(Text, unique=True)
    capacity: Mapped[dict[str, Any]] = mapped_column()
    active: Mapped[bool] = mapped_column()


class AgentSkillRow(TenantOwned, Base):
    """How well an agent can do something, 1 … 5."""

    __tablename__ = "agent_skill"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    skill: Mapped[str] = mapped_column(Text, primary_key=True)
    level: Mapped[int] = mapped_column()
