"""An older database learns how items stand with the engine; what waited, rang and was in hand goes on."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from alembic import command
from sqlalchemy import Double, Integer, Text, Uuid, column, insert, select, table, text, update
from sqlalchemy.types import TypeEngine

from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.infra.database.types import Json, UtcDateTime
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing.engine.why import Why
from careline.modules.core.routing.models import AgentStateRow, WorkItemRow
from careline.modules.core.routing.views import Media
from tests.infra.database.test_migrations import empty as empty
from tests.infra.database.test_migrations import empty_url as empty_url
from tests.support.centre import Centre, StaticPeople
from tests.support.clock import FakeClock

UUIDS = ("id", "tenant_id", "interaction_id", "queue_id", "offer_id", "agent_id")
KINDS: dict[str, TypeEngine[Any]] = {
    **dict.fromkeys(UUIDS, Uuid()),
    **dict.fromkeys(("enqueued_at", "offered_at", "deadline", "engaged_at", "since", "idle_since"), UtcDateTime()),
    **dict.fromkeys(("priority", "serial", "handled_us", "last_served"), Integer()),
    "boost_s": Double(),
    "why": Json,
    "set_aside": Json,
}


async def put(database: Database, name: str, row: dict[str, Any]) -> None:
    async with database.engine.begin() as connection:
        if database.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
        rows = table(name, *(column(one, KINDS.get(one, Text())) for one in row))
        await connection.execute(insert(rows), row)


async def put_items(database: Database, clock: FakeClock, owner: TenantId, agent_id: UUID) -> None:
    """One chat that waits, one that is offered, one in hand."""
    came = {
        "tenant_id": owner,
        "media": "chat",
        "queue_id": new_id(),
        "priority": 0,
        "kind": "",
        "enqueued_at": clock.now(),
    }
    why = Why("given", "chat", 0, 0, 0, (), 0, False, None, None, 0, 1)
    offer = {
        "serial": 3,
        "token": "t",
        "agent_id": agent_id,
        "offered_at": clock.now(),
        "deadline": clock.now() + timedelta(seconds=20),
        "why": msgspec.to_builtins(why, str_keys=True),
    }
    items = {state: new_id() for state in ("waiting", "offered", "engaged")}
    for state, item_id in items.items():
        row = {**came, "id": item_id, "interaction_id": new_id(), "state": state, "serial": 0}
        if state != "waiting":
            row |= {**offer, "offer_id": new_id(), "serial": 3 if state == "offered" else 2}
        if state == "engaged":
            row["engaged_at"] = clock.now()
        await put(database, "work_item", row)


async def test_what_an_older_version_had_at_work_goes_on(empty: Database) -> None:
    async with empty.engine.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(schema.config_for(plain), "0017"))
    clock, people, owner = FakeClock(), StaticPeople(), TenantId(new_id())
    agent = people.add("8021")
    await put_items(empty, clock, owner, agent.id)
    held = {"chosen": "ready", "since": clock.now(), "idle_since": clock.now(), "set_aside": []}
    await put(
        empty, "agent_state", {"tenant_id": owner, "agent_id": agent.id, **held, "handled_us": 7, "last_served": 3}
    )

    await schema.migrate(empty)
    database = Database(str(empty.engine.url.render_as_string(hide_password=False)), clock)
    centre = Centre(database, clock, people, owner)
    async with database.transaction(owner) as tx:
        made = await centre.routing.add_queue(tx, code="faults", name="报障", media=[Media.CHAT], needs=[])
        await tx.execute(update(WorkItemRow).where(WorkItemRow.tenant_id == owner).values(queue_id=made))
    await centre.start(make_queues=False)
    await centre.settled()
    used = (await centre.routing.agent_state(owner, agent.id)).media[Media.CHAT].used
    assert used == 3, "one in hand, one still offered, and the one that waited is offered too"
    async with database.reading(owner) as reading:
        rows = (await reading.execute(select(WorkItemRow.seq).where(WorkItemRow.tenant_id == owner))).scalars().all()
        statement = select(AgentStateRow.place, AgentStateRow.handled_us).where(AgentStateRow.tenant_id == owner)
        (stored,) = (await reading.execute(statement)).all()
    assert (stored.place, stored.handled_us) == (1, 7)
    assert max(rows) > 0
    await centre.stop()
    await database.close()
