"""What the endpoints give of service passwords: that there is one, never which."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class ServicePasswordShown(BaseModel):
    """A line has a service password since then."""

    model_config = ConfigDict(from_attributes=True)

    subscription_id: UUID
    set_at: datetime


class ServicePasswordList(BaseModel):
    """The lines of a customer that have one."""

    items: list[ServicePasswordShown]
