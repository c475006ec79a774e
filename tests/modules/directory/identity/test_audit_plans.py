"""Every way to look through the audit is a walk along one index in its order, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from careline.infra.database.database import Database
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity.engine.actions import Outcome
from careline.modules.directory.identity.models import AuditEntryRow
from careline.modules.directory.identity.repository import audit as rows
from careline.modules.directory.identity.repository import audit_pages as pages
from careline.modules.directory.identity.views import AuditFilter
from tests.support.clock import START
from tests.support.plans import Run, planned, running

WAYS = {
    "ix_audit_entry_at": [AuditFilter(), AuditFilter(until=START), AuditFilter(outcome=Outcome.ALLOWED)],
    "ix_audit_entry_actor": [
        AuditFilter(actor="a"),
        AuditFilter(actor="a", action="user.changed", kind="user", since=START),
    ],
    "ix_audit_entry_action": [AuditFilter(action="a"), AuditFilter(kind="role"), AuditFilter(outcome=Outcome.DENIED)],
    "ix_audit_entry_subject": [AuditFilter(subject="s"), AuditFilter(subject="s", actor="a", action="b")],
}


LATE = 2900
"""The number of an entry near the end of the trail."""


async def filled(database: Database, system: Actor) -> None:
    """A trail in which every condition finds little, as the planner of a large one knows."""
    each = {"tenant_id": system.tenant_id, "params": "{}"}
    entries = [
        each
        | {"seq": n, "at": START + timedelta(seconds=n), "actor": f"user:{n % 50}", "action": f"some.{n % 40}"}
        | {"subject": f"thing-{n % 90}"}
        for n in range(10, 3000)
    ]
    async with database.transaction(system.tenant_id) as tx:
        await tx.execute(insert(AuditEntryRow), entries)
    async with database.engine.begin() as connection:
        await connection.execute(text("ANALYZE audit_entry"))


async def look(database: Database, system: Actor, wanted: AuditFilter) -> list[Run]:
    """The statements of a first page, of one that goes on from an entry, and of the count."""
    with running(database) as runs:
        async with database.reading(system.tenant_id) as reading:
            await pages.latest(reading, wanted, before=None, limit=50)
            await pages.latest(reading, wanted, before=LATE, limit=50)
            await pages.found(reading, wanted)
    return [run for run in runs if "FROM audit_entry" in run[0] and "audit_entry.seq = " not in run[0]]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_postgresql_walks_along_the_index(database: Database, system: Actor) -> None:
    await filled(database, system)
    for index, ways in WAYS.items():
        for wanted in ways:
            entries = await look(database, system, wanted)
            assert len(entries) >= 3
            for statement, steps in (await planned(database, entries)).items():
                used = {step["Index Name"] for step in steps if "Index Name" in step}
                assert used == {index}, statement
                sorts = [step for step in steps if step["Node Type"] == "Sort"]
                assert not sorts or "anon_" in statement, statement
    with running(database) as runs:
        async with database.reading(system.tenant_id) as reading:
            await rows.seals_ending_after(reading, 7, limit=1)
    (steps,) = (await planned(database, [run for run in runs if "audit_seal" in run[0]])).values()
    assert {step["Index Name"] for step in steps if "Index Name" in step} == {"ix_audit_seal_to"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_walks_along_the_index(database: Database, system: Actor) -> None:
    await filled(database, system)
    for index, ways in WAYS.items():
        for wanted in ways:
            entries = await look(database, system, wanted)
            assert len(entries) >= 3
            for statement, parameters in entries:
                async with database.engine.connect() as connection:
                    plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                    found: list[Any] = list(plan)
                    steps = [row[3] for row in found]
                searches = [step for step in steps if "audit_entry" in step]
                assert searches
                assert all(f" {index} " in step for step in searches), steps
                assert "anon_" in statement or not any("TEMP B-TREE" in step for step in steps), steps
