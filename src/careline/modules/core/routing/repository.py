"""Routing's tables read and written. Every change of an item names the state it must be in: a second owner fails."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, insert, select, update

from careline.infra.database.prepared import Prepared
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import prepared_upsert
from careline.kernel.errors import Unavailable
from careline.modules.core.routing.models import AgentStateRow, QueueRow, ShardRow, WorkItemRow
from careline.modules.core.routing.views import NewItem

Record = Row[Any]
"""A row with all its columns."""

# Built once: building a statement takes longer than running it, and every decision runs these.
_FENCE = select(ShardRow.epoch).where(ShardRow.tenant_id == bindparam("of_tenant"))
_FENCES = {"sqlite": Prepared(_FENCE), "postgresql": Prepared(_FENCE.with_for_update(read=True))}
_INSERT_ITEM = Prepared(insert(WorkItemRow))
_CHANGE_ITEM = Prepared(
    update(WorkItemRow).where(
        WorkItemRow.tenant_id == bindparam("of_tenant"),
        WorkItemRow.id == bindparam("of_item"),
        WorkItemRow.state == bindparam("expected"),
    )
)
_LIVE = ("waiting", "offered", "engaged", "after_contact_work")
_AGENT_COLUMNS = ("chosen", "reason", "since", "idle_since", "set_aside")
_STORE_AGENT = prepared_upsert(
    AgentStateRow, key=["agent_id"], changes=lambda new: {name: new.excluded[name] for name in _AGENT_COLUMNS}
)


class ShardLost(Unavailable):
    """Another process decides for this tenant now."""

    def __init__(self) -> None:
        super().__init__("routing-moved")


class Diverged(Exception):
    """The stored item is not in the state that the engine believes; the shard must be rebuilt."""


async def take_shard(tx: Transaction, owner: UUID) -> int:
    """Become the owner of the tenant's shard; the epoch that fences off whoever had it before."""
    grow = update(ShardRow).where(ShardRow.tenant_id == tx.tenant_id)
    grown = await tx.execute(grow.values(owner=owner, epoch=ShardRow.epoch + 1).returning(ShardRow.epoch))
    epoch = grown.scalar_one_or_none()
    if epoch is None:
        await tx.execute(insert(ShardRow).values(tenant_id=tx.tenant_id, owner=owner, epoch=1))
        return 1
    return int(epoch)


async def check_fence(tx: Transaction, epoch: int) -> None:
    """Raise ``ShardLost`` unless we still own the shard. Held until the transaction ends."""
    if (await tx.run(_FENCES[tx.dialect], {"of_tenant": tx.tenant_id})).scalar_one_or_none() != epoch:
        raise ShardLost


async def queues(reading: Reading) -> list[Row[Any]]:
    """The tenant's queues, by code."""
    statement = select(QueueRow.__table__).where(QueueRow.tenant_id == reading.tenant_id).order_by(QueueRow.code)
    return list((await reading.execute(statement)).all())


async def insert_queue(tx: Transaction, values: Mapping[str, Any]) -> None:
    """Add a queue."""
    await tx.execute(insert(QueueRow).values(tenant_id=tx.tenant_id, **values))


async def live_items(reading: Reading) -> list[Row[Any]]:
    """Every item that is not done, the oldest first."""
    statement = (
        select(WorkItemRow.__table__)
        .where(WorkItemRow.tenant_id == reading.tenant_id, WorkItemRow.state.in_(_LIVE))
        .order_by(WorkItemRow.enqueued_at, WorkItemRow.id)
    )
    return list((await reading.execute(statement)).all())


async def insert_item(tx: Transaction, item: NewItem, queue_id: UUID) -> None:
    """Store a new item as waiting."""
    await tx.run(
        _INSERT_ITEM,
        {
            "id": item.id,
            "tenant_id": tx.tenant_id,
            "interaction_id": item.interaction_id,
            "media": item.media.value,
            "queue_id": queue_id,
            "state": "waiting",
            "priority": item.priority,
            "preferred_agent_id": item.preferred_agent_id,
            "preferred_wait_s": item.preferred_wait_s,
            "boost_s": item.boost_s or None,
            "enqueued_at": item.enqueued_at,
            "serial": 0,
        },
    )


async def change_item(tx: Transaction, item_id: UUID, expected: str, values: Mapping[str, Any]) -> None:
    """Change an item that must be in the ``expected`` state, or raise ``Diverged``."""
    change = {"of_tenant": tx.tenant_id, "of_item": item_id, "expected": expected, **values}
    changed = (await tx.run(_CHANGE_ITEM, change)).rowcount
    if changed != 1 and tx.dialect == "postgresql":
        # The change this one builds upon is sent but not committed, so this statement did not see it, and did not
        # wait either. The lock waits; the statement after it sees.
        named = select(WorkItemRow.id).where(WorkItemRow.tenant_id == tx.tenant_id, WorkItemRow.id == item_id)
        await tx.execute(named.with_for_update())
        changed = (await tx.run(_CHANGE_ITEM, change)).rowcount
    if changed != 1:
        raise Diverged(f"item {item_id} is not {expected}")


async def agent_states(reading: Reading) -> dict[UUID, Row[Any]]:
    """What is stored of the agents' states."""
    statement = select(AgentStateRow.__table__).where(AgentStateRow.tenant_id == reading.tenant_id)
    return {row.agent_id: row for row in (await reading.execute(statement)).all()}


async def store_agent(tx: Transaction, agent_id: UUID, values: Mapping[str, Any]) -> None:
    """Store an agent's state, new or changed."""
    await tx.run(_STORE_AGENT[tx.dialect], {"agent_id": agent_id, "tenant_id": tx.tenant_id, **values})
