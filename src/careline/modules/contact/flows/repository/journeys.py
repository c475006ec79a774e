"""Counts of the ways that contacts took, made from the event log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.kernel.tenancy import TenantId
from careline.modules.contact.flows.models import FlowStepSlotRow


class Taken(NamedTuple):
    """A way of a step of one version, within the hour that begins at ``slot``."""

    flow_code: str
    version: int
    slot: datetime
    step: str
    way: str


async def add(tx: Transaction, tenant_id: TenantId, counts: Mapping[Taken, int]) -> None:
    """Count so many more."""
    values = [{"tenant_id": tenant_id, **taken._asdict(), "count": count} for taken, count in counts.items()]
    statement = insert_or(tx, FlowStepSlotRow).values(values)
    more = FlowStepSlotRow.count + statement.excluded.count
    key = ["tenant_id", *Taken._fields]
    await tx.execute(statement.on_conflict_do_update(index_elements=key, set_={"count": more}))


async def counts(reading: Reading, flow_code: str, version: int, since: datetime, until: datetime) -> list[Row[Any]]:
    """How many took each way of each step within whole hours."""
    row = FlowStepSlotRow
    statement = (
        select(row.step, row.way, func.sum(row.count).label("contacts"))
        .where(
            row.tenant_id == reading.tenant_id,
            row.flow_code == flow_code,
            row.version == version,
            row.slot >= since,
            row.slot < until,
        )
        .group_by(row.step, row.way)
        .order_by(row.step, row.way)
    )
    return list((await reading.execute(statement)).all())
