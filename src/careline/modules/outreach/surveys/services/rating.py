"""A contact gets its score, once."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.http import Visitor
from careline.kernel.errors import NotFound
from careline.kernel.tenancy import TenantId
from careline.kernel.text import checked_text
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.conversations.views import Channel
from careline.modules.outreach.surveys import repository
from careline.modules.outreach.surveys.errors import AlreadyRated, ContactUnknown, NotOver
from careline.modules.outreach.surveys.events import Rated
from careline.modules.outreach.surveys.rules import COMMENT_MAX
from careline.modules.outreach.surveys.views import RatingView


class Scores:
    """Hands out scores. Needs nothing of what can be rated, so that conversations, below, may ask it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ratings(self, tenant_id: TenantId, interaction_ids: Collection[UUID]) -> dict[UUID, int]:
        """The scores of those contacts that were rated."""
        if not interaction_ids:
            return {}
        async with self._database.reading(tenant_id) as reading:
            return await repository.scores(reading, interaction_ids)


class Ratings:
    """Stores what customers say."""

    def __init__(self, database: Database, conversations: Conversations) -> None:
        self._database = database
        self._conversations = conversations
        self._awaited: dict[UUID, asyncio.Event] = {}

    async def by_visitor(self, visitor: Visitor, interaction_id: UUID, score: int, comment: str | None) -> RatingView:
        """A visitor rates its own contact that is over. Raises ``already-rated``, ``contact-not-over``."""
        said = None
        if comment and comment.strip():
            said = checked_text(comment.replace("\r\n", "\n"), field="comment", max_length=COMMENT_MAX, lines=True)
        try:
            interaction = await self._conversations.interaction(visitor.tenant_id, interaction_id)
        except NotFound:
            raise ContactUnknown(interaction_id) from None
        if interaction.conversation_id != await self._conversations.conversation_of(visitor.tenant_id, visitor.id):
            # A contact of somebody else does not exist either.
            raise ContactUnknown(interaction_id)
        if interaction.ended_at is None:
            raise NotOver(interaction_id)
        stored = await self._store(
            visitor.tenant_id, interaction_id, interaction.channel, score, said, actor=visitor.actor.ref
        )
        if stored is None:
            raise AlreadyRated(interaction_id)
        return stored

    async def by_flow(self, tenant_id: TenantId, interaction_id: UUID, channel: Channel, score: int) -> bool:
        """The customer who is in a flow gave a score; False when there was one already, which stays."""
        return await self._store(tenant_id, interaction_id, channel, score, None, actor="customer") is not None

    async def rating(self, tenant_id: TenantId, interaction_id: UUID) -> RatingView | None:
        """What was said of one contact; None when nothing was."""
        async with self._database.glance(tenant_id) as reading:
            return await repository.rating(reading, interaction_id)

    @contextmanager
    def awaited(self, interaction_id: UUID) -> Iterator[asyncio.Event]:
        """An event that is set when the contact gets its score while this lasts, by whichever way."""
        rated = self._awaited[interaction_id] = asyncio.Event()
        try:
            yield rated
        finally:
            del self._awaited[interaction_id]

    async def _store(
        self,
        tenant_id: TenantId,
        interaction_id: UUID,
        channel: Channel,
        score: int,
        comment: str | None,
        *,
        actor: str,
    ) -> RatingView | None:
        async with self._database.transaction(tenant_id, actor=actor) as tx:
            rating = RatingView(
                interaction_id=interaction_id, channel=channel, score=score, comment=comment, rated_at=tx.now
            )
            if not await repository.insert_rating(tx, rating):
                return None
            tx.emit(Rated(interaction_id=interaction_id, score=score, channel=channel), subject=interaction_id)
        if interaction_id in self._awaited:
            self._awaited[interaction_id].set()
        return rating
