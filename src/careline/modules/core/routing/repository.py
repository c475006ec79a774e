"""Routing's tables read and written. Every change of an item names the state it must be in: a second owner fails."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, delete, insert, select, update

from careline.infra.database.prepared import Prepared
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uniqueness import conflict_when_taken
from careline.infra.database.upsert import prepared_upsert
from careline.kernel.errors import Conflict, Unavailable
from careline.modules.core.routing.models import (
    AgentStateRow,
    DeskRow,
    MediaRulesRow,
    QueueRow,
    ReasonsRow,
    SeatRow,
    ShardRow,
    WorkItemRow,
)
from careline.modules.core.routing.views import USUAL_REASONS, DeskView, Media, MediaRules, NewItem, Reason, Reasons

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
_AGENT_COLUMNS = ("chosen", "reason", "since", "idle_since", "set_aside", "handled_us", "last_served", "place")
_STORE_AGENT = prepared_upsert(
    AgentStateRow, key=["agent_id"], changes=lambda new: {name: new.excluded[name] for name in _AGENT_COLUMNS}
)


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """Where an agent sits: at a dedicated desk or none, serving some queues or (None) all they can."""

    desk_id: UUID | None
    queues: list[UUID] | None
    version: int


USUAL_SEAT = Seat(desk_id=None, queues=None, version=1)


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
    """Add a queue. Raises ``Conflict`` when its code is taken."""
    with conflict_when_taken("queue-code-taken", field="code"):
        await tx.execute(insert(QueueRow).values(tenant_id=tx.tenant_id, **values))


async def locked_queues(tx: Transaction) -> list[Row[Any]]:
    """The same, held until the transaction ends: two who change queues see what the other one did."""
    statement = select(QueueRow.__table__).where(QueueRow.tenant_id == tx.tenant_id).order_by(QueueRow.code)
    return list((await tx.execute(statement.with_for_update())).all())


async def change_queue(tx: Transaction, queue_id: UUID, version: int, values: Mapping[str, Any]) -> None:
    """Set a queue that is still at ``version``. Raises ``Conflict`` when it is at another."""
    statement = update(QueueRow).where(
        QueueRow.tenant_id == tx.tenant_id, QueueRow.id == queue_id, QueueRow.version == version
    )
    if (await tx.execute(statement.values(version=version + 1, **values))).rowcount != 1:
        raise Conflict("settings-changed", field="version")


async def desks(reading: Reading) -> list[DeskView]:
    """The tenant's desks, by name."""
    statement = select(DeskRow.__table__).where(DeskRow.tenant_id == reading.tenant_id).order_by(DeskRow.name)
    return [
        DeskView(id=row.id, name=row.name, queues=_ids(row.queues), kinds=row.kinds, version=row.version)
        for row in (await reading.execute(statement)).all()
    ]


async def hold_desk(tx: Transaction, desk_id: UUID, *, to_remove: bool) -> bool:
    """Whether there is a desk, which nobody removes until this transaction ends; or where nobody is seated."""
    statement = select(DeskRow.id).where(DeskRow.tenant_id == tx.tenant_id, DeskRow.id == desk_id)
    return (await tx.execute(statement.with_for_update(read=not to_remove))).one_or_none() is not None


async def insert_desk(tx: Transaction, desk: DeskView) -> None:
    """Add a desk. Raises ``Conflict`` when its name is taken."""
    with conflict_when_taken("desk-name-taken", field="name"):
        await tx.execute(insert(DeskRow).values(tenant_id=tx.tenant_id, id=desk.id, **_desk_values(desk)))


async def change_desk(tx: Transaction, desk: DeskView) -> None:
    """Set a desk that is still at the version before. Raises ``Conflict``."""
    statement = update(DeskRow).where(
        DeskRow.tenant_id == tx.tenant_id, DeskRow.id == desk.id, DeskRow.version == desk.version - 1
    )
    with conflict_when_taken("desk-name-taken", field="name"):
        changed = (await tx.execute(statement.values(**_desk_values(desk)))).rowcount
    if changed != 1:
        raise Conflict("settings-changed", field="version")


async def remove_desk(tx: Transaction, desk_id: UUID) -> bool:
    """Delete a desk; whether there was one."""
    statement = delete(DeskRow).where(DeskRow.tenant_id == tx.tenant_id, DeskRow.id == desk_id)
    return bool((await tx.execute(statement)).rowcount)


async def seats(reading: Reading, agent_id: UUID | None = None) -> dict[UUID, Seat]:
    """Where agents sit, or one of them; who is not there has the usual seat."""
    statement = select(SeatRow.__table__).where(SeatRow.tenant_id == reading.tenant_id)
    if agent_id is not None:
        statement = statement.where(SeatRow.agent_id == agent_id)
    return {
        row.agent_id: Seat(
            desk_id=row.desk_id, queues=None if row.queues is None else _ids(row.queues), version=row.version
        )
        for row in (await reading.execute(statement)).all()
    }


async def set_seat(tx: Transaction, agent_id: UUID, seat: Seat) -> None:
    """Seat an agent who is still at the version before; the first is 1. Raises ``Conflict``."""
    queues = None if seat.queues is None else [str(queue_id) for queue_id in seat.queues]
    values = {"desk_id": seat.desk_id, "queues": queues, "version": seat.version}
    statement = update(SeatRow).where(
        SeatRow.tenant_id == tx.tenant_id, SeatRow.agent_id == agent_id, SeatRow.version == seat.version - 1
    )
    if (await tx.execute(statement.values(**values))).rowcount == 1:
        return
    if seat.version != USUAL_SEAT.version + 1:
        raise Conflict("settings-changed", field="version")
    with conflict_when_taken("settings-changed", field="version"):
        await tx.execute(insert(SeatRow).values(tenant_id=tx.tenant_id, agent_id=agent_id, **values))


async def reasons(reading: Reading) -> Reasons:
    """The tenant's reasons of not being ready."""
    statement = select(ReasonsRow.reasons, ReasonsRow.version).where(ReasonsRow.tenant_id == reading.tenant_id)
    row = (await reading.execute(statement)).one_or_none()
    if row is None:
        return Reasons(items=list(USUAL_REASONS), version=0)
    return Reasons(items=msgspec.convert(row.reasons, list[Reason]), version=row.version)


async def set_reasons(tx: Transaction, reasons: Reasons) -> None:
    """Replace reasons that are still at the version before. Raises ``Conflict``."""
    values = {"reasons": msgspec.to_builtins(reasons.items), "version": reasons.version}
    statement = update(ReasonsRow).where(
        ReasonsRow.tenant_id == tx.tenant_id, ReasonsRow.version == reasons.version - 1
    )
    if (await tx.execute(statement.values(**values))).rowcount == 1:
        return
    if reasons.version != 1:
        raise Conflict("settings-changed", field="version")
    with conflict_when_taken("settings-changed", field="version"):
        await tx.execute(insert(ReasonsRow).values(tenant_id=tx.tenant_id, **values))


async def media_rules(reading: Reading) -> MediaRules:
    """How the media share an agent's attention."""
    statement = select(MediaRulesRow.__table__).where(MediaRulesRow.tenant_id == reading.tenant_id)
    row = (await reading.execute(statement)).one_or_none()
    if row is None:
        return MediaRules()
    return MediaRules(
        call_beside_chats=row.call_beside_chats,
        message_interrupted_by=tuple(Media(one) for one in row.message_interrupted_by),
        message_beside_after_s=row.message_beside_after_s,
        version=row.version,
    )


async def set_media_rules(tx: Transaction, rules: MediaRules) -> None:
    """Replace rules that are still at the version before. Raises ``Conflict``."""
    values = {
        "call_beside_chats": rules.call_beside_chats,
        "message_interrupted_by": [media.value for media in rules.message_interrupted_by],
        "message_beside_after_s": rules.message_beside_after_s,
        "version": rules.version,
    }
    statement = update(MediaRulesRow).where(
        MediaRulesRow.tenant_id == tx.tenant_id, MediaRulesRow.version == rules.version - 1
    )
    if (await tx.execute(statement.values(**values))).rowcount == 1:
        return
    if rules.version != 1:
        raise Conflict("settings-changed", field="version")
    with conflict_when_taken("settings-changed", field="version"):
        await tx.execute(insert(MediaRulesRow).values(tenant_id=tx.tenant_id, **values))


def _ids(stored: list[str]) -> list[UUID]:
    return [UUID(one) for one in stored]


def _desk_values(desk: DeskView) -> dict[str, Any]:
    queues = [str(queue_id) for queue_id in desk.queues]
    return {"name": desk.name, "queues": queues, "kinds": desk.kinds, "version": desk.version}


async def live_items(reading: Reading) -> list[Row[Any]]:
    """Every item that is not done, in the order in which the engine got them; what it has yet to get is last."""
    statement = (
        select(WorkItemRow.__table__)
        .where(WorkItemRow.tenant_id == reading.tenant_id, WorkItemRow.state.in_(_LIVE))
        .order_by(WorkItemRow.seq == 0, WorkItemRow.seq, WorkItemRow.id)
    )
    return list((await reading.execute(statement)).all())


async def insert_item(
    tx: Transaction, item: NewItem, queue_id: UUID, excluded: list[list[str]], awake_s: float
) -> None:
    """Store a new item as waiting; the engine has it yet to come. ``excluded`` and ``awake_s`` are as in the row."""
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
            "entered_at": None,
            "kind": item.kind,
            "again": item.again,
            "serial": 0,
            "seq": 0,
            "attempts": 0,
            "excluded": excluded,
            "held_until": None,
            "slept_us": 0,
            "awake_s": awake_s,
            "not_before": item.not_before,
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
