"""The table of surveys read and written."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.modules.contact.conversations.views import Channel
from careline.modules.outreach.surveys.models import RatingRow
from careline.modules.outreach.surveys.views import RatingView


async def insert_rating(tx: Transaction, rating: RatingView) -> bool:
    """Store a rating; False when the contact has one already."""
    values = {
        "tenant_id": tx.tenant_id,
        "interaction_id": rating.interaction_id,
        "channel": rating.channel.value,
        "score": rating.score,
        "comment": rating.comment,
        "rated_at": rating.rated_at,
    }
    once = insert_or(tx, RatingRow).values(values)
    once = once.on_conflict_do_nothing(index_elements=["tenant_id", "interaction_id"])
    return (await tx.execute(once)).rowcount == 1


async def rating(reading: Reading, interaction_id: UUID) -> RatingView | None:
    """What was said of one contact."""
    statement = select(RatingRow.__table__).where(
        RatingRow.tenant_id == reading.tenant_id, RatingRow.interaction_id == interaction_id
    )
    row = (await reading.execute(statement)).one_or_none()
    if row is None:
        return None
    return RatingView(
        interaction_id=row.interaction_id,
        channel=Channel(row.channel),
        score=row.score,
        comment=row.comment,
        rated_at=row.rated_at,
    )


async def scores(reading: Reading, interaction_ids: Collection[UUID]) -> dict[UUID, int]:
    """The scores of those contacts that have one."""
    statement = select(RatingRow.interaction_id, RatingRow.score).where(
        RatingRow.tenant_id == reading.tenant_id, RatingRow.interaction_id.in_(interaction_ids)
    )
    return {row.interaction_id: row.score for row in (await reading.execute(statement)).all()}


async def ratings(reading: Reading, interaction_ids: Collection[UUID]) -> list[RatingView]:
    """What was said of some contacts."""
    statement = select(RatingRow.__table__).where(
        RatingRow.tenant_id == reading.tenant_id, RatingRow.interaction_id.in_(interaction_ids)
    )
    return [
        RatingView(
            interaction_id=row.interaction_id,
            channel=Channel(row.channel),
            score=row.score,
            comment=row.comment,
            rated_at=row.rated_at,
        )
        for row in (await reading.execute(statement.order_by(RatingRow.interaction_id))).all()
    ]


async def forget_comments(tx: Transaction, interaction_ids: Collection[UUID]) -> int:
    """Forget the words of ratings, of which the scores stay; how many there were."""
    mine = (RatingRow.tenant_id == tx.tenant_id, RatingRow.interaction_id.in_(interaction_ids))
    forgetting = update(RatingRow).where(*mine, RatingRow.comment.is_not(None)).values(comment=None)
    return (await tx.execute(forgetting)).rowcount
