"""The table of hours."""

from typing import Any

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, Identified, TenantOwned


class CalendarRow(Identified, TenantOwned, Base):
    """A calendar. ``times`` is a ``Calendar`` as a document: read whole and written whole."""

    __tablename__ = "business_calendar"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str] = mapped_column(Text)
    times: Mapped[dict[str, Any]] = mapped_column()
    version: Mapped[int] = mapped_column()
