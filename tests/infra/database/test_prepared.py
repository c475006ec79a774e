"""A prepared statement takes and gives the same as SQLAlchemy's own way, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError, MultipleResultsFound, NoResultFound, StatementError

from careline.infra.database.database import Database
from careline.infra.database.prepared import Prepared
from careline.infra.database.transaction import Reading
from careline.kernel.clock import SystemClock
from careline.modules.core.routing.models import AgentStateRow
from tests.infra.facts import OTHER, TENANT

_INSERT = Prepared(insert(AgentStateRow))
_OF_TENANT = select(AgentStateRow.__table__).where(AgentStateRow.tenant_id == bindparam("of_tenant"))
_ALL = Prepared(_OF_TENANT.order_by(AgentStateRow.agent_id))
_ONE = Prepared(_OF_TENANT.where(AgentStateRow.agent_id == bindparam("of_agent")))
_CHANGE = Prepared(
    update(AgentStateRow).where(
        AgentStateRow.tenant_id == bindparam("of_tenant"),
        AgentStateRow.agent_id == bindparam("of_agent"),
        AgentStateRow.chosen != "offline",
    )
)
_CHOSEN = Prepared(
    update(AgentStateRow)
    .where(AgentStateRow.tenant_id == bindparam("of_tenant"), AgentStateRow.agent_id == bindparam("of_agent"))
    .values(reason="meal")
    .returning(AgentStateRow.chosen, AgentStateRow.since)
)

AT = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))


def agent(agent_id: UUID, **other: Any) -> dict[str, Any]:
    new = {"agent_id": agent_id, "tenant_id": TENANT, "chosen": "ready", "reason": None, "since": AT}
    aside = [{"medium": "voice", "until": None, "cause": "“名”"}]
    return {**new, "idle_since": AT, "set_aside": aside, "handled_us": 0, "last_served": 0, "place": 0, **other}


async def both(reading: Reading) -> tuple[list[Any], list[Any]]:
    """The rows by the prepared statement and by SQLAlchemy."""
    ours = (await reading.run(_ALL, {"of_tenant": TENANT})).all()
    theirs = (await reading.execute(_ALL.executable, {"of_tenant": TENANT})).all()
    assert [row._fields for row in ours] == [row._fields for row in theirs]
    return [tuple(row) for row in ours], [tuple(row) for row in theirs]


async def test_values_come_back_as_they_went_in(database: Database) -> None:
    first, second = sorted((uuid4(), uuid4()))
    async with database.transaction(TENANT) as tx:
        await tx.run(_INSERT, agent(first))
        await tx.execute(insert(AgentStateRow), agent(second, reason="meal", set_aside=[]))
        ours, theirs = await both(tx)
        row = (await tx.run(_ONE, {"of_tenant": TENANT, "of_agent": first})).one()
    assert ours == theirs
    assert (row.agent_id, row.tenant_id, row.since, row.reason) == (first, TENANT, AT, None)
    assert row.since.tzinfo is UTC
    assert row.set_aside == agent(first)["set_aside"]
    async with database.glance(TENANT) as glance:
        assert await both(glance) == (ours, theirs)
    async with database.reading(TENANT) as reading:
        assert await both(reading) == (ours, theirs)


async def test_several_rows_with_one_statement(database: Database) -> None:
    async with database.transaction(TENANT) as tx:
        await tx.run(_INSERT, [agent(uuid4()) for _ in range(5)])
        ours, theirs = await both(tx)
    assert ours == theirs
    assert len(ours) == 5


async def test_a_change_says_how_many_rows_it_changed(database: Database) -> None:
    here, away = uuid4(), uuid4()
    async with database.transaction(TENANT) as tx:
        await tx.run(_INSERT, [agent(here), agent(away, chosen="offline")])
        of = {"of_tenant": TENANT, "of_agent": here}
        assert (await tx.run(_CHANGE, {**of, "reason": "break"})).rowcount == 1
        assert (await tx.run(_CHANGE, {**of, "of_agent": away, "reason": "break"})).rowcount == 0
        assert (await tx.run(_CHANGE, {**of, "of_tenant": OTHER, "reason": "break"})).rowcount == 0
        # Other columns are another statement.
        assert (await tx.run(_CHANGE, {**of, "since": AT, "set_aside": []})).rowcount == 1
        row = (await tx.run(_ONE, of)).one()
        assert (row.reason, row.set_aside) == ("break", [])


async def test_what_a_change_returns(database: Database) -> None:
    here = uuid4()
    async with database.transaction(TENANT) as tx:
        await tx.run(_INSERT, agent(here))
        of = {"of_tenant": TENANT, "of_agent": here}
        assert tuple((await tx.run(_CHOSEN, of)).one()) == ("ready", AT)
        assert (await tx.run(_CHOSEN, {**of, "of_agent": uuid4()})).one_or_none() is None
        assert (await tx.run(_ONE, of)).one().reason == "meal"


async def test_one_is_one(database: Database) -> None:
    async with database.transaction(TENANT) as tx:
        await tx.run(_INSERT, [agent(uuid4()), agent(uuid4())])
        with pytest.raises(MultipleResultsFound):
            (await tx.run(_ALL, {"of_tenant": TENANT})).one_or_none()
        nobody = {"of_tenant": TENANT, "of_agent": uuid4()}
        with pytest.raises(NoResultFound):
            (await tx.run(_ONE, nobody)).one()
        assert (await tx.run(_ONE, nobody)).scalar_one_or_none() is None


async def test_refusals_are_those_of_sqlalchemy_and_show_no_values(database: Database) -> None:
    here = uuid4()

    async def twice() -> None:
        async with database.transaction(TENANT) as tx:
            await tx.run(_INSERT, agent(here))
            await tx.run(_INSERT, agent(here, reason="a secret"))

    with pytest.raises(IntegrityError) as refused:
        await twice()
    assert "a secret" not in str(refused.value)


async def test_a_parameter_that_is_missing_is_an_error(database: Database) -> None:
    async with database.transaction(TENANT) as tx:
        with pytest.raises(StatementError):
            await tx.run(_ONE, {"of_tenant": TENANT})


async def test_a_list_in_a_condition_is_refused(sqlite_url: str) -> None:
    database = Database(sqlite_url, SystemClock())
    statement = Prepared(_OF_TENANT.where(AgentStateRow.chosen.in_(["ready", "offline"])))
    async with database.transaction(TENANT) as tx:
        with pytest.raises(ValueError, match="each time"):
            await tx.run(statement, {"of_tenant": TENANT})
    await database.close()
