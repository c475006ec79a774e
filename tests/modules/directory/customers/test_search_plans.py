"""What a search costs is bounded by what it shows and looks at, not by how many customers there are."""

import sqlite3
from collections.abc import AsyncIterator
from functools import partial

import pytest

from benchmarks.customers import Filled
from careline.infra.database.transaction import Reading
from careline.modules.directory.customers.engine.terms import words_of
from careline.modules.directory.customers.repository import customers, search
from tests.support.plans import planned, running

SIZE = 3000
SHOWN = 20
KINDS = 14
"""Of queries, one after another."""

STEPS = 100
"""Instructions of SQLite's machine that are counted at once."""

TABLES = ("customer", "customer_term", "party", "subscription", "billing_account")


@pytest.fixture
async def filled(database_url: str) -> AsyncIterator[Filled]:
    filled = Filled(database_url, SIZE)
    await filled.fill()
    yield filled
    await filled.close()


async def find(reading: Reading, query: str) -> int:
    """A search as the use case runs it; how many are shown."""
    hits = await search.find(reading, words_of(query), SHOWN + 1)
    digits = [word.text for word in words_of(query) if word.text.isdigit()]
    for number in digits:
        await search.lines_with(reading, hits.ids[:SHOWN], number)
    return len(await customers.views(reading, hits.ids[:SHOWN]))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_takes_few_steps_and_goes_through_no_table(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LOOKED_AT", SIZE // 10)
    taken: dict[str, int] = {}
    plans: set[str] = set()
    async with filled.database.glance(filled.tenant_id) as reading:
        raw = reading._connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        for kind, query in filled.queries(KINDS):
            heard: list[int] = []
            statements: list[str] = []
            raw.set_progress_handler(partial(heard.append, STEPS), STEPS)
            raw.set_trace_callback(statements.append)
            assert await find(reading, query)
            raw.set_trace_callback(None)
            raw.set_progress_handler(None, 0)
            taken[kind] = sum(heard)
            for statement in statements:
                plans |= {row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}")}
    assert len(taken) == KINDS
    assert max(taken.values()) < 5 * SIZE, taken  # to go through one table takes more
    assert not [step for step in plans for table in TABLES if f"{step} ".startswith(f"SCAN {table} ")]
    assert any(step.startswith("SEARCH customer_term") for step in plans)


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_postgresql_goes_through_no_table(filled: Filled) -> None:
    with running(filled.database) as runs:
        async with filled.database.reading(filled.tenant_id) as reading:
            for _, query in filled.queries(KINDS):
                assert await find(reading, query)
    plans = await planned(filled.database, [run for run in runs if "customer" in run[0]])
    assert len(plans) >= 6
    through = [statement for statement, steps in plans.items() for step in steps if step["Node Type"] == "Seq Scan"]
    assert through == []
