"""Who waits in a queue, and a supervisor who puts one of them elsewhere: another queue, or before all others."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Conflict, Invalid, NotFound
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing import repository
from careline.modules.core.routing.engine.effects import Effect
from careline.modules.core.routing.engine.engine import Engine
from careline.modules.core.routing.engine.model import WorkItem
from careline.modules.core.routing.events import ItemMoved
from careline.modules.core.routing.services.ledger import LiveItem
from careline.modules.core.routing.services.shard import Beside, Shard
from careline.modules.core.routing.services.shards import Shards
from careline.modules.core.routing.views import Media, WaitingItem

_WAITING = ("waiting", "offered")


class Moving:
    """Looks at what waits, and moves it."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    def waiting(self, tenant_id: TenantId, queue_id: UUID) -> list[WaitingItem]:
        """All who wait in a queue, people first, each in their order. Raises ``NotFound`` ``queue-not-found``."""
        shard = self._shards.running(tenant_id)
        if queue_id not in shard.queues:
            raise NotFound("queue-not-found", id=str(queue_id))
        now = self._shards.clock.now()
        found = [
            WaitingItem(
                interaction_id=item.interaction_id,
                media=item.media,
                position=shard.engine.position(item.id) or 0,
                enqueued_at=item.enqueued_at,
                moved_up=item.boost_s > 0 and not item.again,
                put_off_until=item.not_before if (item.not_before or now) > now else None,
            )
            for item in shard.ledger.items.values()
            if item.queue_id == queue_id and item.state in _WAITING
        ]
        return sorted(found, key=lambda one: (one.media is Media.MESSAGE, one.position, one.enqueued_at))

    async def move(
        self,
        tenant_id: TenantId,
        interaction_id: UUID,
        *,
        queue_id: UUID | None,
        front: bool,
        beside: Beside,
        actor: str,
    ) -> None:
        """Put a waiting contact into another queue, or to the front of its own or of that one.

        Nobody it is offered to at this moment keeps the offer. ``beside`` is written in the same transaction. Raises
        ``NotFound``, ``Conflict`` ``contact-not-waiting`` and ``queue-closed``, ``Invalid``.
        """
        shard = await self._shards.of(tenant_id)
        item = shard.ledger.by_interaction.get(interaction_id)
        if item is None or item.state not in _WAITING:
            raise Conflict("contact-not-waiting", interaction=str(interaction_id))
        target = _checked_target(shard, item, queue_id, self._shards.clock.now(), front=front)
        changed: list[WorkItem] = []

        async def write(tx: Transaction) -> None:
            if item.state not in _WAITING or shard.ledger.items.get(item.id) is not item:
                raise Conflict("contact-not-waiting", interaction=str(interaction_id))
            changed.append(_changed(shard, item, target, front=front))
            values = {"queue_id": target.id, "boost_s": changed[-1].boost_s}
            if target.id != item.queue_id:
                values["entered_at"] = tx.now
            await repository.change_item(tx, item.id, item.state, values)
            tx.emit(_moved(item, target.id, front=front), subject=item.id)
            await beside(tx)

        await shard.run(_command(item, changed), beside=write, actor=actor)


def _checked_target(
    shard: Shard, item: LiveItem, queue_id: UUID | None, now: datetime, *, front: bool
) -> repository.Record:
    wanted = item.queue_id if queue_id is None else queue_id
    target = next((row for row in shard.queue_rows.values() if row.id == wanted), None)
    if target is None:
        raise NotFound("queue-not-found", id=str(wanted))
    if wanted == item.queue_id and not front:
        raise Invalid("nowhere-to-move", field="queue_id")
    if wanted != item.queue_id and not shard.openings.of(wanted, now).open:
        raise Conflict("queue-closed", field="queue_id", queue=target.code)
    if item.media.value not in target.media:
        raise Invalid("queue-takes-no-such-media", field="queue_id", queue=target.code, media=item.media.value)
    return target


def _changed(shard: Shard, item: LiveItem, target: repository.Record, *, front: bool) -> WorkItem:
    """The item as it will wait. Of which others it comes before is as of this moment."""
    known = shard.engine.item(item.id)
    assert known is not None, "what waits is with the engine"
    boost = shard.engine.boost_to_front(item.id, target.id) if front else known.boost_s
    return replace(known, queue_id=target.id, boost_s=boost)


def _command(item: LiveItem, changed: list[WorkItem]) -> Callable[[Engine, datetime], list[Effect]]:
    def move(engine: Engine, now: datetime) -> list[Effect]:
        work = changed[-1]
        effects = engine.requeue(item.id, now, changed=work)
        if work.queue_id != item.queue_id:
            item.entered_at = now
        item.queue_id, item.boost_s = work.queue_id, work.boost_s
        return effects

    return move


def _moved(item: LiveItem, queue_id: UUID, *, front: bool) -> ItemMoved:
    return ItemMoved(
        item_id=item.id,
        interaction_id=item.interaction_id,
        media=item.media,
        from_queue_id=item.queue_id,
        queue_id=queue_id,
        front=front,
    )
