"""What the endpoints of surveys take and give."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from careline.modules.outreach.surveys.rules import COMMENT_MAX, HIGHEST, LOWEST
from careline.modules.outreach.surveys.views import RatingView


class RatingWanted(BaseModel):
    """What a customer says of a contact that is over."""

    model_config = ConfigDict(extra="forbid")

    interaction_id: UUID
    score: Annotated[int, Field(strict=True, ge=LOWEST, le=HIGHEST, description="1 is the worst, 5 the best")]
    comment: Annotated[str | None, Field(max_length=4 * COMMENT_MAX)] = None


class Rating(BaseModel):
    """What was stored."""

    interaction_id: UUID
    score: int
    comment: str | None
    rated_at: datetime

    @classmethod
    def of(cls, view: RatingView) -> "Rating":
        """From the record of surveys."""
        return cls(interaction_id=view.interaction_id, score=view.score, comment=view.comment, rated_at=view.rated_at)
