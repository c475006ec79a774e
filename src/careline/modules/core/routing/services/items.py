"""Work items come, are offered, taken, finished and wrapped up."""

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Conflict, DomainError, Invalid, NotFound
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing import repository
from careline.modules.core.routing.engine.effects import Effect
from careline.modules.core.routing.engine.engine import Engine
from careline.modules.core.routing.engine.model import Offer
from careline.modules.core.routing.engine.records import ItemRecord
from careline.modules.core.routing.events import ItemLeft, ItemQueued
from careline.modules.core.routing.services import projection, rebuilding
from careline.modules.core.routing.services.ledger import LiveItem
from careline.modules.core.routing.services.shard import Command, Shard
from careline.modules.core.routing.services.shards import Shards
from careline.modules.core.routing.views import AssignmentView, NewItem

logger = logging.getLogger(__name__)


_RACES = 5
"""How often an item may change under a withdrawal; two sides race once."""


class OfferGone(Conflict):
    """The offer ended before the answer came, or was never this agent's."""

    def __init__(self, offer_id: UUID) -> None:
        super().__init__("offer-gone", offer=str(offer_id))


class Items:
    """The life of work items."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def enqueue(self, tx: Transaction, new: NewItem) -> None:
        """Store a new item in the caller's transaction; it is routed as soon as that has committed."""
        shard = self._shards.running(tx.tenant_id)
        queue = shard.queue_rows.get(new.queue)
        if queue is None:
            raise Invalid("queue-unknown", field="queue", queue=new.queue)
        if new.media.value not in queue.media and not new.again:  # who was served here is not sent away since
            raise Invalid("queue-takes-no-such-media", field="media", queue=new.queue, media=new.media.value)
        pause = timedelta(seconds=shard.rules[queue.id].decline_pause_s)
        until = (tx.now + pause).isoformat()
        awake = self._awake(shard, new, tx.now)
        await repository.insert_item(tx, new, queue.id, [[str(agent_id), until] for agent_id in new.not_to], awake)
        tx.emit(
            ItemQueued(
                item_id=new.id,
                interaction_id=new.interaction_id,
                media=new.media,
                queue_id=queue.id,
                enqueued_at=new.enqueued_at,
                target_seconds=queue.target_seconds,
                again=new.again,
            ),
            subject=new.id,
        )
        live = LiveItem(
            id=new.id,
            interaction_id=new.interaction_id,
            media=new.media,
            queue_id=queue.id,
            enqueued_at=new.enqueued_at,
            priority=new.priority,
            preferred_agent_id=new.preferred_agent_id,
            preferred_wait_s=new.preferred_wait_s,
            boost_s=new.boost_s,
            again=new.again,
            not_to=new.not_to,
            kind=new.kind,
            not_before=new.not_before,
            awake_s=awake,
        )
        tx.on_commit(lambda: self._shards.spawn(self._admit(shard, live)))

    async def is_waiting(self, tenant_id: TenantId, interaction_id: UUID) -> bool:
        """Whether it waits, or is being offered, by all that is stored."""
        shard = await self._shards.of(tenant_id)
        await self._shards.caught_up()
        item = shard.ledger.by_interaction.get(interaction_id)
        return item is not None and item.state in ("waiting", "offered")

    async def park(self, tenant_id: TenantId, interaction_id: UUID) -> bool:
        """A waiting caller is away for a moment: not offered to anybody until ``readmit``. False when none waits."""
        shard = await self._shards.of(tenant_id)
        await self._shards.settled()  # what was put into a queue a moment ago may be on its way to the engine
        item = shard.ledger.by_interaction.get(interaction_id)
        if item is None or item.state not in ("waiting", "offered"):
            return interaction_id in shard.parked
        item.leaving = "parked"
        records: list[ItemRecord | None] = []

        def part(engine: Engine, now: datetime) -> list[Effect]:
            records.append(engine.item_record(item.id))
            return engine.withdraw(item.id, now)

        try:
            await shard.run(part)
        except DomainError:
            # An agent has it in hand since.
            item.leaving = "abandoned"
            return False
        shard.parked[interaction_id] = replace(
            item, state="waiting", offer=None, leaving="abandoned", parked_as=records[-1]
        )
        return True

    async def readmit(self, tenant_id: TenantId, interaction_id: UUID) -> bool:
        """A waiting caller is there (again): they keep their place. False when none was parked."""
        shard = await self._shards.of(tenant_id)
        live = shard.parked.pop(interaction_id, None)
        if live is None:
            return False
        await self._admit(shard, live)
        return True

    async def withdraw(self, tenant_id: TenantId, interaction_id: UUID) -> None:
        """The customer is gone: waiting or ringing ends; a conversation in hand goes into after-contact work."""
        shard = await self._shards.of(tenant_id)
        parked = shard.parked.pop(interaction_id, None)
        if parked is not None:
            await self._drop_parked(shard, parked)
            return
        if interaction_id not in shard.ledger.by_interaction:
            await self._shards.caught_up()
        for _ in range(_RACES):
            item = shard.ledger.by_interaction.get(interaction_id)
            if item is None or item.state == "after_contact_work":
                return
            try:
                await shard.run(_end_of(item))
            except DomainError as refused:
                # Accepted, or ended, in the same moment: look again at what it is now.
                logger.debug("%s changed while it was withdrawn: %s", interaction_id, refused.code)
            else:
                return
        logger.error("%s could not be withdrawn; its agent may have to end it", interaction_id)

    async def finish(self, tenant_id: TenantId, interaction_id: UUID) -> None:
        """The contact is over; after-contact work begins. Nothing happens when nobody had it in hand."""
        shard = await self._shards.of(tenant_id)
        item = shard.ledger.by_interaction.get(interaction_id)
        if item is not None and item.state == "engaged":
            # Another may finish it while this waits for its turn.
            with suppress(Conflict, NotFound):
                await shard.run(lambda engine, now: engine.finish(item.id, now))

    async def release(
        self, tenant_id: TenantId, interaction_id: UUID, *, agent_id: UUID, writes_up: bool = True
    ) -> None:
        """An agent has let the contact go: their after-contact work begins, if there is any, whoever has it by now."""
        shard = await self._shards.of(tenant_id)
        for item in shard.ledger.of_agent(agent_id):
            if item.interaction_id == interaction_id and item.state == "engaged":
                with suppress(Conflict, NotFound):
                    await shard.run(_end_of(item, writes_up=writes_up))

    async def give(self, tenant_id: TenantId, interaction_id: UUID, *, agent_id: UUID) -> AssignmentView:
        """Put what waits or rings into an agent's hands. What they still write up of it is done by this.

        Raises ``Conflict`` ("item-engaged", "agent-has-no-room", "item-not-waiting").
        """
        shard = await self._shards.of(tenant_id)
        item = shard.ledger.by_interaction.get(interaction_id)
        if item is None or item.state not in ("waiting", "offered"):
            raise Conflict("item-engaged" if item is not None else "item-not-waiting", id=str(interaction_id))
        written = [
            one.offer.id
            for one in shard.ledger.of_agent(agent_id)
            if one.interaction_id == interaction_id and one.state == "after_contact_work" and one.offer is not None
        ]
        instead_of = written[-1] if written else None
        await shard.run(lambda engine, now: engine.give(item.id, agent_id, now, instead_of=instead_of))
        return projection.assignment(item, shard.queues[item.queue_id], agent_id)

    async def wrapped_up(self, tenant_id: TenantId, interaction_id: UUID, *, agent_id: UUID) -> None:
        """The agent's after-contact work is done. Nothing happens when they have none there: its time had run out.

        Looked for among what the agent has: a caller who lost them may wait again, or be with the next one.
        """
        shard = await self._shards.of(tenant_id)
        for item in shard.ledger.of_agent(agent_id):
            if item.interaction_id == interaction_id and item.state == "after_contact_work":
                await self._end_after_contact(shard, item)

    async def accept(self, tenant_id: TenantId, offer_id: UUID, *, agent_id: UUID, token: str | None) -> AssignmentView:
        """The agent takes it. ``token`` None is telephony's word that the agent's own phone was answered."""
        shard, item, standing = await self._standing(tenant_id, offer_id, agent_id)
        given = standing.token if token is None else token
        try:
            await shard.run(lambda engine, now: engine.accept(offer_id, given, now))
        except Conflict:
            raise OfferGone(offer_id) from None
        return projection.assignment(item, shard.queues[item.queue_id], agent_id)

    def held(self, tenant_id: TenantId, offer_id: UUID, *, agent_id: UUID, token: str) -> AssignmentView | None:
        """What an agent has in hand by an offer, for who holds its token."""
        shard = self._shards.running(tenant_id)
        item = shard.ledger.by_offer.get(offer_id)
        if item is None or item.offer is None or item.state != "engaged":
            return None
        if item.offer.agent_id != agent_id:
            return None
        if not compare_digest(item.offer.token.encode(), token.encode(errors="surrogatepass")):
            return None
        return projection.assignment(item, shard.queues[item.queue_id], agent_id)

    async def decline(
        self, tenant_id: TenantId, offer_id: UUID, *, agent_id: UUID, token: str | None, cause: str
    ) -> None:
        """The agent lets it to others, or (``expired``) did not answer and is set aside."""
        shard, _, standing = await self._standing(tenant_id, offer_id, agent_id)
        given = standing.token if token is None else token
        try:
            if cause == "expired":
                await shard.run(lambda engine, now: engine.fail_offer(offer_id, given, "no-answer", now))
            else:
                await shard.run(lambda engine, now: engine.decline(offer_id, given, now))
        except Conflict:
            raise OfferGone(offer_id) from None

    async def fault(self, tenant_id: TenantId, offer_id: UUID) -> None:
        """The agent's phone cannot be reached: others get the call, the agent is set aside and told why."""
        shard = await self._shards.of(tenant_id)
        standing = shard.engine.offer(offer_id)
        if standing is None:
            return
        # The offer may end, by the caller who leaves, while the command waits for its turn to write.
        with suppress(Conflict):
            await shard.run(lambda engine, now: engine.fail_offer(offer_id, standing.token, "phone-unreachable", now))

    @staticmethod
    def _awake(shard: Shard, new: NewItem, now: datetime) -> float:
        """How long a left message that comes back might have been offered, or was in hand, since it came first."""
        known = shard.ledger.by_interaction.get(new.interaction_id)
        if known is None:
            return 0.0
        return max(0.0, (now - known.enqueued_at).total_seconds() - known.slept_us / 1_000_000)

    async def _end_after_contact(self, shard: Shard, item: LiveItem) -> None:
        offer = item.offer
        assert offer is not None
        with suppress(Conflict, NotFound):
            await shard.run(lambda engine, now: engine.end_after_contact(offer.id, now))

    async def _admit(self, shard: Shard, live: LiveItem) -> None:
        if live.id in shard.ledger.items:
            # A rebuild in between has read it from its row.
            return
        shard.ledger.add(live)
        record = live.parked_as
        if record is not None:
            await shard.run(lambda engine, now: engine.readmit(record, now))
        else:
            await shard.run(lambda engine, now: engine.enqueue(rebuilding.work(live), now, not_to=live.not_to))

    async def _drop_parked(self, shard: Shard, item: LiveItem) -> None:
        async with self._shards.database.transaction(shard.tenant_id) as tx:
            await repository.change_item(tx, item.id, "waiting", {"state": "done", "finished_at": tx.now})
            tx.emit(
                ItemLeft(
                    item_id=item.id,
                    interaction_id=item.interaction_id,
                    media=item.media,
                    queue_id=item.queue_id,
                    enqueued_at=item.enqueued_at,
                    cause="abandoned",
                ),
                subject=item.id,
            )

    async def _standing(self, tenant_id: TenantId, offer_id: UUID, agent_id: UUID) -> tuple[Shard, LiveItem, Offer]:
        shard = await self._shards.of(tenant_id)
        standing, item = shard.engine.offer(offer_id), shard.ledger.by_offer.get(offer_id)
        if standing is None or item is None or standing.agent_id != agent_id:
            raise OfferGone(offer_id)
        return shard, item, standing


def _end_of(item: LiveItem, *, writes_up: bool = True) -> Command:
    """What ends an item whose customer is gone: finishing what is in hand, taking back what waits or rings."""
    if item.state == "engaged":
        return lambda engine, now: engine.finish(item.id, now, after_contact=writes_up)
    return lambda engine, now: engine.withdraw(item.id, now)
