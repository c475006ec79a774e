"""What a tenant set for requests."""

import msgspec
from sqlalchemy import select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.modules.directory.privacy.models import DataRequestRulesRow
from careline.modules.directory.privacy.views import RulesView


async def rules(reading: Reading) -> RulesView:
    """What the tenant set, or the defaults."""
    statement = select(DataRequestRulesRow.__table__).where(DataRequestRulesRow.tenant_id == reading.tenant_id)
    row = (await reading.execute(statement)).one_or_none()
    return (
        RulesView() if row is None else RulesView(**{name: row._mapping[name] for name in RulesView.__struct_fields__})
    )


async def set_rules(tx: Transaction, wanted: RulesView) -> bool:
    """Keep what a tenant sets, when the version is the one that was seen."""
    values = msgspec.structs.asdict(wanted) | {"version": wanted.version + 1}
    if wanted.version == 0:
        first = insert_or(tx, DataRequestRulesRow).values(tenant_id=tx.tenant_id, **values)
        return (await tx.execute(first.on_conflict_do_nothing(index_elements=["tenant_id"]))).rowcount == 1
    changed = await tx.execute(
        update(DataRequestRulesRow)
        .where(DataRequestRulesRow.tenant_id == tx.tenant_id, DataRequestRulesRow.version == wanted.version)
        .values(values)
    )
    return changed.rowcount == 1
