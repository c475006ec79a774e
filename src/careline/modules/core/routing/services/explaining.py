"""Why a contact waits, or is with whom it is: asked by people, never by what decides."""

from typing import Literal
from uuid import UUID

from careline.kernel.errors import NotFound
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing.engine.why import Reason
from careline.modules.core.routing.services import projection
from careline.modules.core.routing.services.shard import Shard
from careline.modules.core.routing.services.shards import Shards
from careline.modules.core.routing.views import Explained, Why


class Explaining:
    """Answers from memory."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    def why(self, tenant_id: TenantId, interaction_id: UUID) -> Explained:
        """Raises ``NotFound`` ("contact-not-here") for a contact that neither waits nor is with an agent."""
        shard = self._shards.running(tenant_id)
        if interaction_id in shard.parked:
            return Explained(state="waiting", agent_id=None, why=[Why(code="waits-parked", params={})])
        item = shard.ledger.by_interaction.get(interaction_id)
        if item is None:
            raise NotFound("contact-not-here", id=str(interaction_id))
        if item.state in ("engaged", "after_contact_work") and item.offer is not None:
            told = projection.why_of(item.offer.why, shard.names)
            state: Literal["engaged", "after_contact_work"] = (
                "engaged" if item.state == "engaged" else "after_contact_work"
            )
            return Explained(state=state, agent_id=item.offer.agent_id, why=told)
        if shard.engine.item(item.id) is None:
            raise NotFound("contact-not-here", id=str(interaction_id))
        found = shard.engine.why_not(item.id)
        reasons = [*found.reasons(), *self._around(shard, item.id, item.queue_id)]
        if item.offer is not None:
            reasons += item.offer.why.reasons()
        return Explained(
            state="waiting" if item.offer is None else "offered",
            agent_id=found.agent,
            why=[projection.named(reason, shard.names) for reason in reasons],
        )

    def _around(self, shard: Shard, item_id: UUID, queue_id: UUID) -> list[Reason]:
        """Who is before it, and whether its queue is closed."""
        told: list[Reason] = []
        place = shard.engine.position(item_id)
        if place is not None and place > 1:
            told.append(Reason("waits-ahead", {"n": place - 1}))
        opening = shard.openings.of(queue_id, self._shards.clock.now())
        item = shard.engine.item(item_id)
        if item is not None and item.patient:
            # It is kept, whatever the queue does with people, and comes up when that opens.
            if not opening.open and opening.opens_at is not None:
                told.append(Reason("waits-opens", {"at": opening.opens_at.isoformat()}))
            return told
        if not opening.open:
            opens = opening.opens_at
            told.append(
                Reason("waits-closed", {}) if opens is None else Reason("waits-closed-until", {"at": opens.isoformat()})
            )
        return told
