"""The tenant's tree of disposition codes."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, func, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.contact.conversations.engine.dispositions import DispositionView
from careline.modules.contact.conversations.models import DispositionRow


async def tree(reading: Reading) -> dict[str, DispositionView]:
    """All codes, siblings in their order, retired ones too."""
    rows = (await reading.execute(_all(reading))).all()
    return {row.code: _view(row) for row in rows}


async def tree_locked(tx: Transaction) -> dict[str, DispositionView]:
    """The same for who is about to change it: one after another."""
    if tx.dialect == "postgresql":
        # Locked rows would not do: one that another is about to add cannot be, and those that another has just put
        # into an order come in the order before.
        await tx.execute(select(func.pg_advisory_xact_lock(_lock(tx))))
    return await tree(tx)


async def add(tx: Transaction, nodes: Sequence[DispositionView], *, position: int) -> None:
    """Store new ones, in this order from this place on."""
    rows = [_values(node) | {"tenant_id": tx.tenant_id, "position": position + at} for at, node in enumerate(nodes)]
    if rows:
        await tx.execute(insert(DispositionRow), rows)


async def change(tx: Transaction, code: str, version: int, values: Mapping[str, Any]) -> bool:
    """Change one that is still as its changer saw it; False when it is not."""
    statement = (
        update(DispositionRow)
        .where(DispositionRow.tenant_id == tx.tenant_id, DispositionRow.code == code, DispositionRow.version == version)
        .values(**values, version=version + 1)
    )
    return bool((await tx.execute(statement)).rowcount)


async def place(tx: Transaction, code: str, position: int) -> None:
    """Where it stands among its siblings."""
    await tx.execute(
        update(DispositionRow)
        .where(DispositionRow.tenant_id == tx.tenant_id, DispositionRow.code == code)
        .values(position=position)
    )


def _lock(tx: Transaction) -> int:
    word = f"dispositions {tx.tenant_id}".encode()
    return int.from_bytes(hashlib.sha256(word).digest()[:8]) >> 1


def _all(reading: Reading) -> Any:
    return (
        select(DispositionRow.__table__)
        .where(DispositionRow.tenant_id == reading.tenant_id)
        .order_by(DispositionRow.position, DispositionRow.code)
    )


def _values(node: DispositionView) -> dict[str, Any]:
    return msgspec.structs.asdict(node) | {"queue_ids": [str(one) for one in node.queue_ids]}


def _view(row: Row[Any]) -> DispositionView:
    return DispositionView(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        parent=row.parent,
        queue_ids=tuple(UUID(one) for one in row.queue_ids),
        retired=row.retired,
        version=row.version,
    )
