"""An older database's disposition codes become the tree of today, and what was written up keeps the way to its code."""

from typing import Any

from alembic import command
from sqlalchemy import column, insert, select, table, text

from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.kernel.clock import SystemClock
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.models import DispositionRow, SegmentRow
from careline.tables import METADATA
from tests.infra.database.test_migrations import empty as empty
from tests.infra.database.test_migrations import empty_url as empty_url

CODES = (("fault", "故障", None), ("fault-solved", "已解决", "fault"), ("other", "其他", None))
WRITTEN = ("fault-solved", "other", "gone", None)


async def test_codes_and_write_ups_of_before_are_all_there(empty: Database) -> None:
    ours, theirs, now = new_id(), new_id(), SystemClock().now()
    async with empty.engine.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(schema.config_for(plain), "0011"))
        if empty.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))

        async def put(name: str, *rows: dict[str, Any]) -> None:
            kinds = METADATA.tables[name].c
            await connection.execute(
                insert(table(name, *(column(one, kinds[one].type) for one in rows[0]))), list(rows)
            )

        for owner in (ours, theirs):
            chat, contact = new_id(), new_id()
            codes = CODES if owner == ours else (("solved", "解决", None), ("fault-solved", "别处", "solved"))
            await put(
                "disposition_code",
                *(
                    {"tenant_id": owner, "code": code, "name": name, "parent": parent, "position": at}
                    for at, (code, name, parent) in enumerate(codes)
                ),
            )
            mine = {"tenant_id": owner}
            read = {"last_seq": 0, "customer_read": 0, "agent_read": 0}
            await put("conversation", mine | read | {"id": chat, "created_at": now})
            what = {"channel": "webchat", "state": "closed", "assurance": "none", "opened_at": now}
            await put("interaction", mine | what | {"id": contact, "conversation_id": chat})
            part = mine | {"interaction_id": contact, "kind": "wrap_up", "started_at": now}
            await put("interaction_segment", *(part | {"id": new_id(), "disposition": code} for code in WRITTEN))

    await schema.migrate(empty)
    async with empty.reading(TenantId(ours)) as reading:
        tree = select(DispositionRow.__table__).where(DispositionRow.tenant_id == ours)
        parts = select(SegmentRow.disposition, SegmentRow.disposition_path).where(SegmentRow.tenant_id == ours)
        kept = {row.code: row for row in (await reading.execute(tree)).all()}
        paths = {row.disposition: row.disposition_path for row in (await reading.execute(parts)).all()}
    assert {code: (row.name, row.name_en, row.parent) for code, row in kept.items()} == {
        code: (name, name, parent) for code, name, parent in CODES
    }
    assert {(row.retired, row.version, tuple(row.queue_ids)) for row in kept.values()} == {(False, 1, ())}
    assert paths == {"fault-solved": "fault/fault-solved", "other": "other", "gone": "gone", None: None}
    async with empty.reading(TenantId(theirs)) as reading:
        elsewhere = select(SegmentRow.disposition_path).where(
            SegmentRow.tenant_id == theirs, SegmentRow.disposition == "fault-solved"
        )
        assert (await reading.execute(elsewhere)).scalar_one() == "solved/fault-solved"
