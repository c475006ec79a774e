"""An older database learns that left messages are routed, put off and asleep; what it held goes on as it was set."""

from typing import Any

from alembic import command
from sqlalchemy import Boolean, Double, Integer, Text, Uuid, column, insert, select, table, text
from sqlalchemy.types import TypeEngine

from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.infra.database.types import Json, UtcDateTime
from careline.kernel.clock import SystemClock
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.care.letterbox.models import LetterRow
from careline.modules.core.routing.models import MediaRulesRow, QueueRow, WorkItemRow
from careline.modules.core.routing.repository import media_rules
from careline.modules.core.routing.services import rebuilding
from careline.modules.core.routing.services.setup import NOTHING
from careline.modules.core.routing.views import Media, MediaRules
from careline.modules.directory.people.models import AgentRow
from tests.infra.database.test_migrations import differences
from tests.infra.database.test_migrations import empty as empty
from tests.infra.database.test_migrations import empty_url as empty_url

KINDS: dict[str, TypeEngine[Any]] = {
    **dict.fromkeys(("id", "tenant_id", "interaction_id", "conversation_id", "queue_id", "case_id"), Uuid()),
    **dict.fromkeys(("media", "needs", "rules", "capacity", "excluded", "message_interrupted_by"), Json),
    **dict.fromkeys(("enqueued_at", "asked_at", "left_at"), UtcDateTime()),
    **dict.fromkeys(
        ("target_seconds", "ring_seconds", "wrap_up_seconds", "version", "priority", "serial", "seq", "attempts"),
        Integer(),
    ),
    "target": Double(),
    "again": Boolean(),
    "call_beside_chats": Boolean(),
    "active": Boolean(),
}


async def put(database: Database, name: str, *rows: dict[str, Any]) -> None:
    kinds = KINDS | ({"media": Text()} if name == "work_item" else {})
    async with database.engine.begin() as connection:
        if database.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
        for row in rows:
            await connection.execute(insert(table(name, *(column(one, kinds.get(one, Text())) for one in row))), row)


async def at_revision(database: Database, revision: str) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(schema.config_for(plain), revision))


def queue(owner: TenantId, code: str, *media: str) -> dict[str, Any]:
    times = {"target_seconds": 20, "ring_seconds": 20, "wrap_up_seconds": 60}
    said = {"code": code, "name": code, "media": list(media), "needs": [], "target": 0.8, "rules": {}}
    return {"id": new_id(), "tenant_id": owner, "version": 1, **times, **said}


async def test_queues_agents_and_messages_of_before_left_messages_were_routed(empty: Database) -> None:
    owner, contact, now = TenantId(new_id()), new_id(), SystemClock().now()
    await at_revision(empty, "0022")
    await put(
        empty,
        "routing_queue",
        queue(owner, "calls", "voice"),
        queue(owner, "chats", "chat"),
        queue(owner, "both", "voice", "chat"),
    )
    carries = ({"voice": 1}, {"chat": 3}, {"voice": 1, "chat": 2}, {"chat": 0})
    for number, capacity in enumerate(carries, 8021):
        name = str(number)
        known = {"id": new_id(), "tenant_id": owner, "number": name, "endpoint": f"agent-{owner}-{name}"}
        await put(empty, "agent", {**known, "capacity": capacity, "active": True})
    left = {"tenant_id": owner, "interaction_id": contact, "conversation_id": new_id(), "queue": "chats"}
    said = {"because": "closed", "consent": "同意", "language": "zh-CN", "reach": "13812346021", "reach_kind": "phone"}
    await put(empty, "left_message", {**left, **said, "asked_at": now, "left_at": now, "case_id": new_id()})

    assert await schema.migrate(empty) == ("0022", schema.newest())
    async with empty.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    async with empty.reading(owner) as reading:
        queues = await reading.execute(select(QueueRow.code, QueueRow.media).where(_of(QueueRow, owner)))
        media = {row.code: row.media for row in queues.all()}
        agents = select(AgentRow.capacity).where(_of(AgentRow, owner)).order_by(AgentRow.number)
        carried = list((await reading.execute(agents)).scalars())
        (kept,) = (await reading.execute(select(LetterRow.__table__).where(_of(LetterRow, owner)))).all()
        assert (await reading.execute(select(MediaRulesRow.tenant_id))).all() == []
        assert await media_rules(reading) == MediaRules(), "a tenant of before has the usual rules"
    assert media == {"calls": ["voice"], "chats": ["chat", "message"], "both": ["voice", "chat", "message"]}
    assert carried == [
        {"voice": 1, "message": 0},
        {"chat": 3, "message": 1},
        {"voice": 1, "chat": 2, "message": 1},
        {"chat": 0, "message": 0},
    ]
    assert (kept.interaction_id, kept.reach, kept.routed_as, kept.put_off_until) == (contact, "13812346021", None, None)


async def test_rules_of_before_messages_went_beside_chats_are_as_usual_in_that(empty: Database) -> None:
    owner = TenantId(new_id())
    await at_revision(empty, "0026")
    await put(
        empty,
        "routing_media_rules",
        {"tenant_id": owner, "call_beside_chats": True, "message_interrupted_by": ["voice"], "version": 3},
    )
    assert await schema.migrate(empty) == ("0026", schema.newest())
    async with empty.reading(owner) as reading:
        found = await media_rules(reading)
    wanted = MediaRules(call_beside_chats=True, message_interrupted_by=(Media.VOICE,), version=3)
    assert found == wanted


async def test_a_message_that_waited_before_it_could_be_put_off_waits_on(empty: Database) -> None:
    owner, now, item = TenantId(new_id()), SystemClock().now(), new_id()
    await at_revision(empty, "0023")
    row = {"id": item, "tenant_id": owner, "interaction_id": new_id(), "media": "message", "queue_id": new_id()}
    stands = {"state": "waiting", "priority": 0, "enqueued_at": now, "kind": "", "again": False, "serial": 0}
    await put(empty, "work_item", {**row, **stands, "seq": 7, "attempts": 1, "excluded": []})
    assert await schema.migrate(empty) == ("0023", schema.newest())
    async with empty.reading(owner) as reading:
        rows = list((await reading.execute(select(WorkItemRow.__table__).where(_of(WorkItemRow, owner)))).all())
    (record,) = rebuilding.rebuild(now, NOTHING, [], {}, rows, frozenset()).snapshot.items
    assert (record.item.id, record.seq, record.attempts) == (item, 7, 1)
    assert record.item.patient
    assert (record.asleep_since, record.slept_us, record.item.not_before, record.item.awake_s) == (None, 0, None, 0.0)
    assert Media(rows[0].media) is Media.MESSAGE


def _of(row: Any, owner: TenantId) -> Any:
    return row.tenant_id == owner
