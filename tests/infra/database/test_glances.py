"""A glance sees what a reading sees, changes nothing, and gives its connection back."""

import asyncio

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from careline.infra.database import glances
from careline.infra.database.database import MOST_KEYS, Database
from careline.infra.database.models import CursorRow
from careline.infra.database.transaction import Reading
from careline.kernel.errors import NotFound
from tests.infra.facts import TENANT, do


async def rows(reading: Reading) -> set[int]:
    found = await reading.execute(select(CursorRow.position).where(CursorRow.subscriber.startswith("row ")))
    return set(found.scalars())


async def test_it_sees_what_was_stored_before_it(database: Database) -> None:
    await do(database, 1)
    async with database.system_glance() as glance:
        assert await rows(glance) == {1}
    await do(database, 2)
    async with database.system_glance() as glance:
        assert await rows(glance) == {1, 2}


async def test_it_sees_nothing_of_a_use_case_that_is_under_way(database: Database) -> None:
    async with database.transaction(TENANT) as tx:
        await tx.execute(insert(CursorRow).values(subscriber="row 1", xid=0, position=1))
        seen = await asyncio.create_task(look(database))
    assert seen == set()
    assert await look(database) == {1}


async def test_it_stays_on_its_moment_while_others_write(database: Database) -> None:
    async with database.system_glance() as glance:
        assert await rows(glance) == set()
        await asyncio.create_task(do(database, 1))
        assert await rows(glance) == set()
    assert await look(database) == {1}


async def test_several_at_once_have_a_moment_each(database: Database) -> None:
    async with database.system_glance() as first:
        assert await rows(first) == set()
        await asyncio.create_task(do(database, 1))
        async with database.system_glance() as second:
            assert await rows(second) == {1}
            assert await rows(first) == set()


async def test_it_changes_nothing(database: Database) -> None:
    with pytest.raises(DBAPIError):
        async with database.system_glance() as glance:
            await glance.execute(insert(CursorRow).values(subscriber="row 1", xid=0, position=1))
    assert await look(database) == set()


async def test_one_that_failed_leaves_nothing_behind(database: Database) -> None:
    async def fail() -> None:
        async with database.glance(TENANT) as glance:
            await rows(glance)
            raise NotFound("not-there")

    with pytest.raises(NotFound):
        await fail()
    await do(database, 1)
    assert await look(database) == {1}


async def test_many_keys_are_looked_for_away_from_the_loop(database: Database) -> None:
    await do(database, 1)
    async with database.glance(TENANT, keys=MOST_KEYS + 1) as reading:
        assert await rows(reading) == {1}


async def test_more_at_once_than_are_kept(database: Database) -> None:
    opened = [database.system_glance() for _ in range(glances.KEPT + 2)]
    for one in opened:
        assert await rows(await one.__aenter__()) == set()
    for one in opened:
        await one.__aexit__(None, None, None)
    await do(database, 1)
    assert await look(database) == {1}


async def look(database: Database) -> set[int]:
    async with database.system_glance() as glance:
        return await rows(glance)
