"""An older database's recordings keep their rows, and no row says any more which file they are."""

from typing import Any

from sqlalchemy import Text, Uuid, column, insert, table, text
from sqlalchemy.types import TypeEngine

from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.infra.database.types import UtcDateTime
from careline.kernel.clock import SystemClock
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony import repository
from tests.infra.database.test_migrations import empty as empty
from tests.infra.database.test_migrations import empty_url as empty_url
from tests.infra.database.test_older_messages import at_revision

KINDS: dict[str, TypeEngine[Any]] = {
    **dict.fromkeys(("id", "tenant_id", "call_id"), Uuid()),
    **dict.fromkeys(("started_at", "ended_at"), UtcDateTime()),
}


async def test_recordings_are_known_by_their_ids(empty: Database) -> None:
    owner, now = TenantId(new_id()), SystemClock().now()
    await at_revision(empty, "0029")
    recording_id, call_id = new_id(), new_id()
    row = {"id": recording_id, "tenant_id": owner, "call_id": call_id, "state": "done", "file": f"{owner}/a.wav"}
    row |= {"started_at": now, "ended_at": now}
    async with empty.engine.begin() as connection:
        if empty.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
        await connection.execute(
            insert(table("recording", *(column(name, KINDS.get(name, Text())) for name in row))), row
        )
    assert await schema.migrate(empty) == ("0029", schema.newest())
    async with empty.reading(owner) as reading:
        [found] = await repository.recordings(reading, recording_id=recording_id)
    assert (found.call_id, found.state, found.started_at) == (call_id, "done", now)
    assert "file" not in found._mapping
