"""A question is answered in one piece, on one moment, away from the loop; it changes nothing."""

import asyncio
import threading
from uuid import UUID, uuid4

import pytest
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import DBAPIError

from careline.infra.database.database import Database
from careline.infra.database.keys import among
from careline.infra.database.models import CursorRow
from careline.infra.database.prepared import Prepared
from careline.infra.database.transaction import Reading
from careline.kernel.errors import NotFound
from careline.modules.core.routing.models import AgentStateRow
from tests.infra.database.test_glances import look, rows
from tests.infra.database.test_prepared import agent
from tests.infra.facts import OTHER, TENANT, do

_CHOSEN = Prepared(
    select(AgentStateRow.agent_id)
    .where(AgentStateRow.tenant_id == bindparam("of_tenant"), among(AgentStateRow.agent_id, "agents"))
    .order_by(AgentStateRow.agent_id)
)


async def test_it_sees_what_was_stored_before_it(database: Database) -> None:
    await do(database, 1)
    assert await database.ask(TENANT, rows) == {1}
    await do(database, 2)
    assert await database.ask(TENANT, rows) == {1, 2}


async def test_it_stays_on_its_moment_while_others_write(database: Database) -> None:
    looked, written = threading.Event(), threading.Event()

    async def question(reading: Reading) -> tuple[set[int], set[int]]:
        before = await rows(reading)
        looked.set()
        if database.dialect == "sqlite":  # where it stands in a thread of its own
            assert written.wait(60)
        else:
            await asyncio.to_thread(written.wait, 60)
        return before, await rows(reading)

    asked = asyncio.create_task(database.ask(TENANT, question))
    await asyncio.to_thread(looked.wait, 60)
    await do(database, 1)
    written.set()
    assert await asked == (set(), set())
    assert await database.ask(TENANT, rows) == {1}


async def test_many_at_once(database: Database) -> None:
    await do(database, 1)
    answers = await asyncio.gather(*(database.ask(TENANT, rows) for _ in range(30)))
    assert answers == [{1}] * 30


async def test_it_changes_nothing(database: Database) -> None:
    async def question(reading: Reading) -> None:
        await reading.execute(insert(CursorRow).values(subscriber="row 1", xid=0, position=1))

    with pytest.raises(DBAPIError):
        await database.ask(TENANT, question)
    assert await look(database) == set()


async def test_one_that_failed_leaves_nothing_behind(database: Database) -> None:
    async def question(reading: Reading) -> None:
        await rows(reading)
        raise NotFound("not-there")

    for _ in range(6):
        with pytest.raises(NotFound):
            await database.ask(TENANT, question)
    await do(database, 1)
    assert await database.ask(TENANT, rows) == {1}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_it_awaits_nothing_but_the_database(database: Database) -> None:
    async def question(reading: Reading) -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="nothing but the database"):
        await database.ask(TENANT, question)


async def test_rows_by_a_list_of_keys(database: Database) -> None:
    ours, theirs = sorted(uuid4() for _ in range(3)), uuid4()
    async with database.transaction(TENANT) as tx:
        for one in ours:
            await tx.execute(insert(AgentStateRow), agent(one, set_aside=[]))
    async with database.transaction(OTHER) as tx:
        await tx.execute(insert(AgentStateRow), agent(theirs, tenant_id=OTHER, set_aside=[]))

    async def found(*keys: UUID) -> list[UUID]:
        async def question(reading: Reading) -> list[UUID]:
            looked = await reading.run(_CHOSEN, {"of_tenant": TENANT, "agents": keys})
            return [row.agent_id for row in looked.all()]

        return await database.ask(TENANT, question)

    assert await found() == []
    assert await found(ours[1]) == ours[1:2]
    assert await found(*reversed(ours), theirs, uuid4()) == ours
    assert await found(ours[0], ours[0]) == ours[:1]
