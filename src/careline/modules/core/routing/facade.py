"""The door to routing for the modules above it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.errors import Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.core.routing import repository
from careline.modules.core.routing.events import QueueAdded
from careline.modules.core.routing.services import projection, rebuilding
from careline.modules.core.routing.services.agents import Agents
from careline.modules.core.routing.services.explaining import Explaining
from careline.modules.core.routing.services.items import Items
from careline.modules.core.routing.services.moving import Moving
from careline.modules.core.routing.services.shard import Beside, Shard
from careline.modules.core.routing.services.shards import Shards
from careline.modules.core.routing.views import (
    AgentInBrief,
    AgentStateView,
    AssignmentView,
    Chosen,
    Explained,
    LineNow,
    Matters,
    Media,
    NewItem,
    OfferView,
    QueueNow,
    QueueOpening,
    QueuePosition,
    QueueRules,
    QueueView,
    Strategy,
    WaitingItem,
)


class Routing:
    """Reports go in, decisions come out as events; questions are answered from memory."""

    def __init__(self, shards: Shards, items: Items, agents: Agents) -> None:
        self._shards = shards
        self._items = items
        self._agents = agents
        self._moving = Moving(shards)
        self._explaining = Explaining(shards)

    async def enqueue(self, tx: Transaction, new: NewItem) -> None:
        """Put an item into a queue as part of the caller's transaction. Raises ``Invalid`` for an unknown queue."""
        await self._items.enqueue(tx, new)

    async def is_waiting(self, tenant_id: TenantId, interaction_id: UUID) -> bool:
        """Whether somebody waits or is being offered, by all that is stored; ``enqueue`` must not be told of them."""
        return await self._items.is_waiting(tenant_id, interaction_id)

    def is_lost(self) -> bool:
        """Whether another process decides for a tenant of ours. This one must be stopped then, or the other."""
        return self._shards.are_lost()

    async def park(self, tenant_id: TenantId, interaction_id: UUID) -> bool:
        """A waiting customer is away for a moment: nobody is offered them until ``readmit``. False when none waits."""
        return await self._items.park(tenant_id, interaction_id)

    async def readmit(self, tenant_id: TenantId, interaction_id: UUID) -> bool:
        """A customer who was parked, or waited at a restart, is there; True when they wait on in their old place."""
        return await self._items.readmit(tenant_id, interaction_id)

    async def withdraw(self, tenant_id: TenantId, interaction_id: UUID) -> None:
        """The customer is gone, whatever was going on with them. May be said twice."""
        await self._items.withdraw(tenant_id, interaction_id)

    async def accept(self, tenant_id: TenantId, offer_id: UUID, *, agent_id: UUID, token: str | None) -> AssignmentView:
        """The agent takes the offer. Raises ``Conflict`` ``offer-gone``."""
        return await self._items.accept(tenant_id, offer_id, agent_id=agent_id, token=token)

    def held(self, tenant_id: TenantId, offer_id: UUID, *, agent_id: UUID, token: str) -> AssignmentView | None:
        """What an agent has taken by this offer and has in hand; None for whoever else, or another token."""
        return self._items.held(tenant_id, offer_id, agent_id=agent_id, token=token)

    async def decline(
        self,
        tenant_id: TenantId,
        offer_id: UUID,
        *,
        agent_id: UUID,
        token: str | None,
        cause: str = "declined",
    ) -> None:
        """The agent lets it to others (``declined``) or did not answer (``expired``). Raises ``offer-gone``."""
        await self._items.decline(tenant_id, offer_id, agent_id=agent_id, token=token, cause=cause)

    async def fault(self, tenant_id: TenantId, offer_id: UUID) -> None:
        """The agent's phone cannot be reached. Nothing happens when the offer is over."""
        await self._items.fault(tenant_id, offer_id)

    async def finish(self, tenant_id: TenantId, interaction_id: UUID) -> None:
        """The contact is over; after-contact work begins. May be said twice."""
        await self._items.finish(tenant_id, interaction_id)

    async def release(
        self, tenant_id: TenantId, interaction_id: UUID, *, agent_id: UUID, writes_up: bool = True
    ) -> None:
        """The agent has let the contact go; their part is over, whoever has it by now. May be said twice."""
        await self._items.release(tenant_id, interaction_id, agent_id=agent_id, writes_up=writes_up)

    async def give(self, tenant_id: TenantId, interaction_id: UUID, *, agent_id: UUID) -> AssignmentView:
        """Put a contact that waits or rings into an agent's hands without asking them.

        Raises ``Conflict`` ("item-engaged", "item-not-waiting", "agent-has-no-room").
        """
        return await self._items.give(tenant_id, interaction_id, agent_id=agent_id)

    def queues_of(self, tenant_id: TenantId, agent_id: UUID) -> frozenset[UUID]:
        """The queues that an agent serves; empty for who is no agent."""
        profile = self._shards.running(tenant_id).engine.profile(agent_id)
        return frozenset() if profile is None else profile.queues

    async def wrapped_up(self, tenant_id: TenantId, interaction_id: UUID, *, agent_id: UUID) -> None:
        """The agent has said how it ended, whoever has the contact by now. May be said twice."""
        await self._items.wrapped_up(tenant_id, interaction_id, agent_id=agent_id)

    async def choose(
        self,
        tenant_id: TenantId,
        agent_id: UUID,
        chosen: Chosen,
        reason: str | None,
        *,
        beside: Beside | None = None,
        actor: str = "system",
    ) -> AgentStateView:
        """Change the chosen part of an agent's state; ``beside`` is written in the same transaction."""
        return await self._agents.choose(tenant_id, agent_id, chosen, reason, beside=beside, actor=actor)

    def chosen_since(self, tenant_id: TenantId, agent_id: UUID) -> datetime:
        """Since when the chosen part of an agent's state is what it is. Raises ``NotFound``."""
        engine = self._shards.running(tenant_id).engine
        if engine.profile(agent_id) is None:
            raise NotFound("agent-not-found", id=str(agent_id))
        return engine.agent_view(agent_id).since

    async def presence(self, tenant_id: TenantId, agent_id: UUID, *, present: bool) -> None:
        """An agent's desk has connected, or its last connection is gone."""
        await self._agents.presence(tenant_id, agent_id, present=present)

    async def agent_state(self, tenant_id: TenantId, agent_id: UUID) -> AgentStateView:
        """An agent now, or ``NotFound``."""
        return await self._agents.agent_state(tenant_id, agent_id)

    def agent_now(self, tenant_id: TenantId, agent_id: UUID) -> AgentStateView:
        """An agent now, from memory. ``NotFound`` too when this process does not decide for the tenant."""
        return self._agents.now(tenant_id, agent_id)

    async def agent_states(self, tenant_id: TenantId) -> list[AgentStateView]:
        """Every agent now."""
        return await self._agents.agent_states(tenant_id)

    async def agents_in_brief(self, tenant_id: TenantId, only: Collection[UUID] | None = None) -> list[AgentInBrief]:
        """Every agent now, or only these: what a wall of all agents needs, in a fifth of the time of their states."""
        return await self._agents.agents_in_brief(tenant_id, only)

    async def open_tenant(self, tenant_id: TenantId) -> None:
        """Start to decide for a tenant; at the start of the process, and when a tenant is made."""
        await self._shards.of(tenant_id)
        await self._agents.expect_desks(tenant_id)

    async def ensure_open(self, tenant_id: TenantId) -> None:
        """Before somebody of a tenant is served: one that was made beside the running process is not open yet."""
        if not self._shards.is_running(tenant_id):
            await self.open_tenant(tenant_id)

    async def stop(self) -> None:
        """End orderly; everything that matters is stored."""
        self._agents.stop()
        await self._shards.stop()

    async def add_queue(
        self,
        tx: Transaction,
        *,
        code: str,
        name: str,
        media: Sequence[Media],
        needs: Sequence[tuple[str, int]],
        target: float = 0.8,
        target_seconds: int = 20,
        ring_seconds: int = 20,
        wrap_up_seconds: int = 120,
        rules: QueueRules | None = None,
    ) -> UUID:
        """Make a queue; ``needs`` are the skills with the least proficiency. In force as soon as the event is heard."""
        queue_id = new_id()
        values = {
            "id": queue_id,
            "code": code,
            "name": name,
            "media": [medium.value for medium in media],
            "needs": [list(need) for need in needs],
            "target": target,
            "target_seconds": target_seconds,
            "ring_seconds": ring_seconds,
            "wrap_up_seconds": wrap_up_seconds,
            "rules": msgspec.to_builtins(rules or QueueRules()),
            "version": 1,
        }
        await repository.insert_queue(tx, values)
        tx.emit(QueueAdded(queue_id=queue_id), subject=queue_id)
        return queue_id

    def serving(self, tenant_id: TenantId, queue_id: UUID) -> list[UUID]:
        """The agents who may serve a queue, whatever they do now. Raises ``NotFound`` ``queue-not-found``."""
        shard = self._shards.running(tenant_id)
        if queue_id not in shard.queues:
            raise NotFound("queue-not-found", id=str(queue_id))
        return shard.engine.serving(queue_id)

    def waiting(self, tenant_id: TenantId, queue_id: UUID) -> list[WaitingItem]:
        """All who wait in a queue, the next one first. Raises ``NotFound`` ``queue-not-found``."""
        return self._moving.waiting(tenant_id, queue_id)

    def why(self, tenant_id: TenantId, interaction_id: UUID) -> Explained:
        """Why a contact waits, or is with whom it is. Raises ``NotFound`` ("contact-not-here")."""
        return self._explaining.why(tenant_id, interaction_id)

    async def move(
        self, actor: Actor, interaction_id: UUID, *, queue_id: UUID | None, front: bool, beside: Beside
    ) -> None:
        """Put a waiting contact into another queue, or to the front of its own or of that one.

        ``beside`` is written in the same transaction. Raises ``NotFound``, ``Conflict`` ``contact-not-waiting``,
        ``Invalid``.
        """
        await self._moving.move(
            actor.tenant_id, interaction_id, queue_id=queue_id, front=front, beside=beside, actor=actor.ref
        )

    def offer(self, tenant_id: TenantId, offer_id: UUID) -> OfferView | None:
        """An offer while it stands."""
        shard = self._shards.running(tenant_id)
        standing, item = shard.engine.offer(offer_id), shard.ledger.by_offer.get(offer_id)
        if standing is None or item is None:
            return None
        return projection.offer(item, standing, shard.queues[item.queue_id], self._shards.clock.now(), shard.names)

    def offers_of(self, tenant_id: TenantId, agent_id: UUID) -> list[OfferView]:
        """What an agent is offered now."""
        shard = self._shards.running(tenant_id)
        found = [self.offer(tenant_id, item.offer.id) for item in shard.ledger.of_agent(agent_id) if item.offer]
        return [view for view in found if view is not None]

    def assignment(self, tenant_id: TenantId, interaction_id: UUID) -> AssignmentView | None:
        """Who has an interaction in hand, if anybody."""
        shard = self._shards.running(tenant_id)
        item = shard.ledger.by_interaction.get(interaction_id)
        if item is None or item.agent_id is None or item.state not in ("engaged", "after_contact_work"):
            return None
        return projection.assignment(item, shard.queues[item.queue_id], item.agent_id)

    def assignments_of(self, tenant_id: TenantId, agent_id: UUID) -> list[AssignmentView]:
        """What an agent has in hand."""
        return self._agents.state(self._shards.running(tenant_id), agent_id).assignments

    def position(self, tenant_id: TenantId, interaction_id: UUID) -> QueuePosition | None:
        """Where an interaction waits; None when it does not."""
        shard = self._shards.running(tenant_id)
        item = shard.ledger.by_interaction.get(interaction_id)
        place = None if item is None else shard.engine.position(item.id)
        if item is None or place is None:
            return None
        now = self._shards.clock.now()
        return QueuePosition(
            queue=shard.queues[item.queue_id],
            position=place,
            waiting=sum(line.waiting for line in _lines(shard, item.queue_id, now) if _waits_beside(line, item.media)),
            waited_s=max(0.0, (now - item.enqueued_at).total_seconds()),
        )

    def place(self, tenant_id: TenantId, interaction_id: UUID) -> int | None:
        """As ``position`` in one number and quicker: 1 is next or being offered already; None when it does not wait."""
        shard = self._shards.running(tenant_id)
        item = shard.ledger.by_interaction.get(interaction_id)
        if item is None:
            return None
        return 1 if item.offer is not None else shard.engine.position(item.id)

    def what_matters(self, tenant_id: TenantId, queue: str) -> Matters:
        """What a queue wants to know of a customer, in itself or where it overflows; nothing for an unknown one."""
        shard = self._shards.running(tenant_id)
        row = shard.queue_rows.get(queue)
        last_agent, queue_id = False, None if row is None else row.id
        while queue_id is not None:
            rules = shard.rules[queue_id]
            last_agent |= rules.strategy is Strategy.LAST_AGENT or rules.preferred_wait_s > 0
            queue_id = rules.overflow_to
        return Matters(last_agent=last_agent, kind=any(desk.kinds for desk in shard.setup.desks))

    def opening(self, tenant_id: TenantId, queue: str) -> QueueOpening:
        """Whether the queue with this code takes new items now, or when it does; ``Invalid`` for an unknown one."""
        shard = self._shards.running(tenant_id)
        row = shard.queue_rows.get(queue)
        if row is None:
            raise Invalid("queue-unknown", field="queue", queue=queue)
        return shard.openings.of(row.id, self._shards.clock.now())

    def queues(self, tenant_id: TenantId) -> list[QueueView]:
        """The tenant's queues, by code."""
        return sorted(self._shards.running(tenant_id).queues.values(), key=lambda queue: queue.code)

    async def stored_queues(self, tenant_id: TenantId) -> list[QueueView]:
        """The same as they are stored, for who must not take the shard from the process that owns it."""
        async with self._shards.database.reading(tenant_id) as reading:
            return await self.queues_in(reading)

    async def queues_in(self, reading: Reading) -> list[QueueView]:
        """The same as a reading or a transaction sees them."""
        return [rebuilding.queue_view(row) for row in await repository.queues(reading)]

    def queues_now(self, tenant_id: TenantId, states: Mapping[UUID, str] | None = None) -> list[QueueNow]:
        """Every queue at this moment, with the agents who may serve it by their one-word state.

        ``states`` are the words of the agents, from who has them already, to spare working them out again.
        """
        shard = self._shards.running(tenant_id)
        now = self._shards.clock.now()
        if states is None:
            states = {seen.agent_id: projection.one_word(seen) for seen in shard.engine.agent_glances()}
        profiles = ((shard.engine.profile(agent_id), word) for agent_id, word in states.items())
        # Many serve the same queues: these are counted together, and then once for each of their queues.
        alike = Counter((profile.queues, word) for profile, word in profiles if profile is not None)
        counts: dict[UUID, Counter[str]] = {queue_id: Counter() for queue_id in shard.queues}
        for (queue_ids, word), count in alike.items():
            for queue_id in queue_ids:
                counts[queue_id][word] += count
        found = []
        for queue in self.queues(tenant_id):
            lines = _lines(shard, queue.id, now)
            people = [line for line in lines if line.media is not Media.MESSAGE]
            found.append(
                QueueNow(
                    queue=queue,
                    waiting=sum(line.waiting for line in people),
                    longest_wait_s=max((line.longest_wait_s for line in people), default=0.0),
                    lines=lines,
                    agents=dict(counts[queue.id]),
                )
            )
        return found


def _lines(shard: Shard, queue_id: UUID, now: datetime) -> list[LineNow]:
    """What waits of each medium that a queue takes, or of which something has come there otherwise."""
    known = {Media(line.medium.value): line for line in shard.engine.queue_view(queue_id, now).lines}
    found = []
    for media in Media:
        line = known.get(media)
        if line is not None:
            put_off = _put_off(shard, queue_id, now) if media is Media.MESSAGE else 0
            found.append(
                LineNow(media=media, waiting=line.waiting, longest_wait_s=line.longest_wait_s, put_off=put_off)
            )
        elif media in shard.queues[queue_id].media:
            found.append(LineNow(media=media, waiting=0, longest_wait_s=0.0))
    return found


def _put_off(shard: Shard, queue_id: UUID, now: datetime) -> int:
    """How many left messages of a queue wait for a time that an agent has said."""
    return sum(until > now for until in shard.engine.put_off(queue_id))


def _waits_beside(line: LineNow, media: Media) -> bool:
    """Left messages stand in no line with people."""
    return (line.media is Media.MESSAGE) is (media is Media.MESSAGE)
