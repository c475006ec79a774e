"""An older database learns of contacts that are passed on, and keeps the figures that it had counted."""

from typing import Any

from alembic import command
from sqlalchemy import Integer, Uuid, column, insert, select, table, text
from sqlalchemy.types import TypeEngine

from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.infra.database.types import UtcDateTime
from careline.kernel.clock import SystemClock
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.insight.analytics.models import FigureSlotRow
from tests.infra.database.test_migrations import empty as empty
from tests.infra.database.test_migrations import empty_url as empty_url

KINDS: dict[str, TypeEngine[Any]] = {"tenant_id": Uuid(), "slot_at": UtcDateTime(), "queue_id": Uuid()}
COUNTS = ("waiting", "answered", "in_time", "wait_ms", "abandoned", "overflowed", "handled", "contact_ms")
NAMES = (*KINDS, *COUNTS, "acw_ms", "rated", "scores")


async def test_figures_that_an_older_version_counted_are_kept(empty: Database) -> None:
    owner, queue, slot = new_id(), new_id(), SystemClock().now()
    async with empty.engine.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(schema.config_for(plain), "0002"))
        if empty.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
        row = {**dict.fromkeys(NAMES, 7), "tenant_id": owner, "slot_at": slot, "queue_id": queue}
        slots = table("figure_slot", *(column(one, KINDS.get(one, Integer())) for one in NAMES))
        await connection.execute(insert(slots), row)

    await schema.migrate(empty)
    async with empty.reading(TenantId(owner)) as reading:
        statement = select(FigureSlotRow.__table__).where(FigureSlotRow.tenant_id == owner)
        (kept,) = (await reading.execute(statement)).all()
    assert (kept.queue_id, kept.handled, kept.onward) == (queue, 7, 0), "nothing was passed on before"
