"""HTTP of surveys."""

from typing import Annotated

from fastapi import APIRouter

from careline.infra.http import Visitor, visitor
from careline.modules.outreach.surveys.facade import Surveys
from careline.modules.outreach.surveys.schemas import Rating, RatingWanted


def build_router(surveys: Surveys) -> APIRouter:
    """For customers."""
    router = APIRouter(tags=["surveys"])

    @router.post("/visitor/rating", status_code=201)
    async def rate(wanted: RatingWanted, who: Annotated[Visitor, visitor()]) -> Rating:
        """Say how a contact of mine was, once it is over."""
        return Rating.of(await surveys.rate(who, wanted.interaction_id, wanted.score, wanted.comment))

    return router
