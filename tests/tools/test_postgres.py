"""The private PostgreSQL gives each test an empty database of its own, owned by a role that policies bind."""

import pytest
from sqlalchemy import NullPool, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.postgres import PostgresCluster

pytestmark = pytest.mark.postgres


async def test_each_test_has_an_empty_database(postgres_url: str) -> None:
    engine = create_async_engine(postgres_url, poolclass=NullPool)
    async with engine.begin() as connection:
        tables = await connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
        superuser = await connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
        await connection.execute(text("CREATE TABLE t (id int)"))
        encoding = await connection.scalar(text("SHOW server_encoding"))
    await engine.dispose()
    assert (tables, superuser, encoding) == (0, False, "UTF8")


async def test_a_copy_holds_what_its_template_held(postgres_cluster: PostgresCluster) -> None:
    original = postgres_cluster.create()
    postgres_cluster.execute("CREATE TABLE kept AS SELECT '客服' AS word", original)
    copy = postgres_cluster.create(template=original)
    assert postgres_cluster.execute("SELECT word FROM kept", copy).strip() == "客服"
    for name in (copy, original):
        postgres_cluster.drop(name)
    left = postgres_cluster.execute("SELECT datname FROM pg_database").split()
    assert {original, copy}.isdisjoint(left)


async def test_who_borrows_after_another_finds_nothing_of_theirs(postgres_cluster: PostgresCluster) -> None:
    ask, original = postgres_cluster.execute, postgres_cluster.create()
    ask("CREATE TABLE kept (id int GENERATED ALWAYS AS IDENTITY, of int)", original)
    with postgres_cluster.lend(original) as first:
        ask("INSERT INTO kept (of) VALUES (1), (2)", first)
    with postgres_cluster.lend(original) as second:
        assert ask("SELECT count(*) FROM kept; INSERT INTO kept (of) VALUES (1) RETURNING id", second).split() == [
            "0",
            "1",
        ]
        ask("ALTER TABLE kept ADD COLUMN more int", second)
    with postgres_cluster.lend(original) as third:
        assert ask("SELECT count(*) FROM pg_attribute WHERE attname = 'more'", third).strip() == "0"
    assert (first == second, second == third) == (True, False)
    for name in (original, third):
        postgres_cluster.drop(name)
