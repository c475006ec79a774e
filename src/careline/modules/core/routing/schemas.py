"""What routing's endpoints take and give."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from careline.modules.core.routing.views import (
    AgentStateView,
    Chosen,
    Media,
    MediumState,
    NotReadyReason,
    OneWord,
    Withheld,
)


class StateWanted(BaseModel):
    """The chosen part of an agent's state; not ready needs a reason."""

    model_config = ConfigDict(extra="forbid")

    chosen: Chosen
    reason: NotReadyReason | None = None


class Medium(BaseModel):
    """One medium of an agent: what is in hand, of how much; null in ``withheld`` means that more of it is offered."""

    model_config = ConfigDict(from_attributes=True)

    state: MediumState
    used: int
    limit: int
    withheld: Withheld | None


class AgentState(BaseModel):
    """An agent now; ``state`` is the one word for screens."""

    model_config = ConfigDict(from_attributes=True)

    agent_id: UUID
    chosen: Chosen
    reason: NotReadyReason | None
    state: OneWord
    since: datetime
    media: dict[Media, Medium]

    @classmethod
    def of(cls, view: AgentStateView) -> "AgentState":
        """From routing's record."""
        return cls.model_validate(view)
