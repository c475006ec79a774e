"""What routing's endpoints take and give."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from careline.modules.core.routing.views import AgentStateView, Chosen, Media, MediumState


class StateWanted(BaseModel):
    """The chosen part of an agent's state; not ready needs a reason."""

    model_config = ConfigDict(extra="forbid")

    chosen: Chosen
    reason: Literal["break", "meal", "training", "meeting"] | None = None


class Medium(BaseModel):
    """One medium of an agent: what is in hand, of how much."""

    state: MediumState
    used: int
    limit: int


class AgentState(BaseModel):
    """An agent now; ``state`` is the one word for screens."""

    agent_id: UUID
    chosen: Chosen
    reason: str | None
    state: str
    since: datetime
    media: dict[Media, Medium]

    @classmethod
    def of(cls, view: AgentStateView) -> "AgentState":
        """From routing's record."""
        return cls(
            agent_id=view.agent_id,
            chosen=view.chosen,
            reason=view.reason,
            state=view.state,
            since=view.since,
            media={media: Medium(state=now.state, used=now.used, limit=now.limit) for media, now in view.media.items()},
        )
