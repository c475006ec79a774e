"""What the endpoint of journeys gives."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class StepTrafficShown(BaseModel):
    """A step: how often it was reached, how many were gone there, and how many took each way, ``left`` too.

    Of a step that asks for a person the ways are ``queued`` and how the waiting ended. A step of a flow that was
    called is ``identify/ask-pin``.
    """

    model_config = ConfigDict(from_attributes=True)

    step: str
    reached: int
    left: int
    ways: dict[str, int]


class JourneysShown(BaseModel):
    """How contacts went through a version within whole hours."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    version: int
    since: datetime
    until: datetime
    steps: list[StepTrafficShown]
