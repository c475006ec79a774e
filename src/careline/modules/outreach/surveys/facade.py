"""The door to surveys."""

from collections.abc import Collection
from uuid import UUID

from careline.infra.http import Visitor
from careline.kernel.tenancy import TenantId
from careline.modules.outreach.surveys.services.rating import Ratings, Scores
from careline.modules.outreach.surveys.views import RatingView


class Surveys:
    """What customers say of their contacts."""

    def __init__(self, ratings: Ratings, scores: Scores) -> None:
        self._ratings = ratings
        self._scores = scores

    async def rate(self, visitor: Visitor, interaction_id: UUID, score: int, comment: str | None = None) -> RatingView:
        """A visitor rates its own contact that is over; ``score`` is 1 … 5.

        Raises ``already-rated``, ``contact-not-over`` and ``interaction-not-found``.
        """
        return await self._ratings.by_visitor(visitor, interaction_id, score, comment)

    async def rating(self, tenant_id: TenantId, interaction_id: UUID) -> RatingView | None:
        """What was said of one contact; None when nothing was."""
        return await self._ratings.rating(tenant_id, interaction_id)

    async def ratings(self, tenant_id: TenantId, interaction_ids: Collection[UUID]) -> dict[UUID, int]:
        """The scores of those contacts that were rated."""
        return await self._scores.ratings(tenant_id, interaction_ids)
