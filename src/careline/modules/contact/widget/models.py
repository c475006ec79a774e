"""The tables of the widget."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, Identified, TenantOwned


class WidgetLookRow(TenantOwned, Base):
    """A look of a tenant. The one without ``published_at`` is the draft; published ones never change."""

    __tablename__ = "widget_look"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column()
    look: Mapped[dict[str, Any]] = mapped_column()
    made_by: Mapped[UUID | None] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column()
    published_at: Mapped[datetime | None] = mapped_column()


class WidgetPictureRow(Identified, TenantOwned, Base):
    """A small picture, whose media type was found by looking into it."""

    __tablename__ = "widget_picture"

    kind: Mapped[str] = mapped_column(Text)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column()
