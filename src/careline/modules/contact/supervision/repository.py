"""Orders read and written."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.contact.supervision.models import StateOrderRow


async def insert_order(tx: Transaction, values: Mapping[str, Any]) -> None:
    """Add a supervisor's order."""
    await tx.execute(insert(StateOrderRow).values(tenant_id=tx.tenant_id, **values))


async def orders_to(reading: Reading, agent_id: UUID, *, before: UUID | None, limit: int) -> list[Row[Any]]:
    """The orders to an agent, the newest first; ``before`` is the id of the last one known."""
    statement = select(StateOrderRow.__table__).where(
        StateOrderRow.tenant_id == reading.tenant_id, StateOrderRow.agent_id == agent_id
    )
    if before is not None:
        statement = statement.where(StateOrderRow.id < before)
    found = await reading.execute(statement.order_by(StateOrderRow.id.desc()).limit(limit))
    return list(found.all())
