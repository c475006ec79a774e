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
