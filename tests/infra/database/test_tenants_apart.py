"""On PostgreSQL a tenant's rows are out of reach of every other, even of a query that forgets to ask for its own."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from careline.infra.database.database import Database
from careline.infra.database.models import EventRow
from careline.infra.database.row_security import passes_by, tenant_tables, unprotected
from careline.infra.database.transaction import Transaction
from careline.infra.database.types import Base, TenantOwned
from careline.kernel.clock import SystemClock
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.tables import METADATA

pytestmark = pytest.mark.postgres

HERE, THERE = TenantId(uuid4()), TenantId(uuid4())


@pytest.fixture
async def database(postgres_tables_url: str) -> Database:
    database = Database(postgres_tables_url, SystemClock())
    for tenant_id in (HERE, THERE):
        async with database.transaction(tenant_id) as tx:
            await add_fact(tx, tenant_id)
    return database


async def add_fact(tx: Transaction, tenant_id: UUID) -> None:
    row = {"xid": 1, "id": new_id(), "tenant_id": tenant_id, "name": "test.done", "occurred_at": tx.now}
    await tx.execute(insert(EventRow).values(**row, subject=new_id(), actor="system", payload="{}"))


async def owners(database: Database) -> list[UUID]:
    async with database.system_reading() as reading:
        return list((await reading.execute(select(EventRow.tenant_id).order_by(EventRow.position))).scalars())


async def test_a_reading_sees_its_own_rows_only(database: Database) -> None:
    async with database.reading(HERE) as reading:
        assert list((await reading.execute(select(EventRow.tenant_id))).scalars()) == [HERE]
    async with database.system_reading() as reading:
        assert (await reading.execute(select(func.count()).select_from(EventRow))).scalar_one() == 2
    await database.close()


async def test_an_update_without_a_filter_reaches_its_own_rows_only(database: Database) -> None:
    async with database.transaction(HERE) as tx:
        assert (await tx.execute(update(EventRow).values(actor="changed"))).rowcount == 1
    async with database.reading(THERE) as reading:
        assert (await reading.execute(select(EventRow.actor))).scalar_one() == "system"
    await database.close()


async def test_a_delete_without_a_filter_reaches_its_own_rows_only(database: Database) -> None:
    async with database.transaction(HERE) as tx:
        assert (await tx.execute(delete(EventRow))).rowcount == 1
    assert await owners(database) == [THERE]
    await database.close()


async def test_a_row_cannot_be_written_for_another_tenant(database: Database) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.transaction(HERE) as tx:
            await add_fact(tx, THERE)
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.transaction(HERE) as tx:
            await tx.execute(update(EventRow).values(tenant_id=THERE))
    assert await owners(database) == [HERE, THERE]
    await database.close()


async def test_the_tenant_of_one_transaction_does_not_stay_for_the_next(database: Database) -> None:
    async with database.reading(HERE):
        pass
    async with database.engine.connect() as connection:
        assert (await connection.execute(select(func.count()).select_from(EventRow))).scalar_one() == 0
    await database.close()


async def test_every_table_of_tenants_has_its_policy(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert await connection.run_sync(unprotected) == []
        assert await connection.run_sync(passes_by) is None
        await connection.execute(text("CREATE TABLE forgotten (tenant_id uuid)"))
        await connection.execute(text("ALTER TABLE event_log NO FORCE ROW LEVEL SECURITY"))
        assert await connection.run_sync(unprotected) == ["event_log", "forgotten"]
    await database.close()


def test_every_tenant_owned_model_is_among_the_protected_tables() -> None:
    owned = {str(mapper.local_table) for mapper in Base.registry.mappers if issubclass(mapper.class_, TenantOwned)}

    assert owned <= set(tenant_tables(METADATA))
    assert "event_log" in owned
