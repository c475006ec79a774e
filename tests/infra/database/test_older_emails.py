"""An older database's email addresses become such that one address is found as one."""

from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Text, Uuid, column, insert, select, table, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.infra.database.types import Json, UtcDateTime
from careline.kernel.clock import SystemClock
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.directory.customers.models import ContactPointRow
from tests.infra.database.test_migrations import empty as empty
from tests.infra.database.test_migrations import empty_url as empty_url
from tests.infra.database.test_older_messages import at_revision

KINDS: dict[str, TypeEngine[Any]] = {
    **dict.fromkeys(("id", "tenant_id", "customer_id", "party_id"), Uuid()),
    "preferred": Boolean(),
    "since": Date(),
    "tags": Json,
    "created_at": UtcDateTime(),
}


async def put(connection: AsyncConnection, name: str, row: dict[str, Any]) -> None:
    await connection.execute(insert(table(name, *(column(one, KINDS.get(one, Text())) for one in row))), row)


async def customer_of(connection: AsyncConnection, owner: TenantId) -> UUID:
    party, customer, now = new_id(), new_id(), SystemClock().now()
    await put(connection, "party", {"id": party, "tenant_id": owner, "kind": "person", "name": "王小敏"})
    said = {"level": "normal", "since": now.date(), "language": "zh-CN", "tags": [], "created_at": now}
    await put(connection, "customer", {"id": customer, "tenant_id": owner, "party_id": party, **said})
    return customer


async def test_emails_become_small_and_nothing_else_does(empty: Database) -> None:
    owners = [TenantId(new_id()), TenantId(new_id())]
    await at_revision(empty, "0027")
    written = [
        (owners[0], "email", "Wang.XM@Example.COM", "wang.xm@example.com"),
        (owners[1], "email", "ÄRZTE@example.com", "ärzte@example.com"),
        (owners[1], "email", "small@example.com", "small@example.com"),
        (owners[0], "address", "Main Street 5", "Main Street 5"),
    ]
    wanted: dict[UUID, str] = {}
    async with empty.engine.begin() as connection:
        if empty.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
        for owner, kind, before, after in written:
            point, customer = new_id(), await customer_of(connection, owner)
            row = {"id": point, "tenant_id": owner, "customer_id": customer, "kind": kind, "use": "home"}
            await put(connection, "contact_point", {**row, "value": before, "preferred": False})
            wanted[point] = after
    assert await schema.migrate(empty) == ("0027", schema.newest())
    found: dict[UUID, str] = {}
    for owner in owners:
        async with empty.reading(owner) as reading:
            statement = select(ContactPointRow.id, ContactPointRow.value).where(ContactPointRow.tenant_id == owner)
            found |= {row.id: row.value for row in (await reading.execute(statement)).all()}
    assert found == wanted


async def test_what_became_or_was_another_stands_once_for_each_use(empty: Database) -> None:
    owner, other = TenantId(new_id()), TenantId(new_id())
    await at_revision(empty, "0027")
    stays: set[UUID] = set()
    goes: set[UUID] = set()
    async with empty.engine.begin() as connection:
        if empty.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
        one, second, foreign = [await customer_of(connection, tenant) for tenant in (owner, owner, other)]
        for tenant, customer, kind, use, value, preferred, remains in (
            (owner, one, "email", "home", "Wang.XM@example.com", False, False),
            (owner, one, "email", "home", "wang.xm@example.com", True, True),
            (owner, one, "email", "home", "WANG.XM@example.com", False, False),
            (owner, one, "email", "work", "wang.xm@example.com", False, True),
            (owner, second, "email", "home", "wang.xm@example.com", False, True),
            (other, foreign, "email", "home", "Wang.XM@example.com", False, True),
            (other, foreign, "email", "home", "wang.xm@example.com", False, False),
            (other, foreign, "email", "home", "ｗａｎｇ.xm@example.com", False, False),
            (owner, one, "phone", "home", "13812346021", False, True),
            (owner, one, "phone", "home", "13812346021", False, False),
            (owner, one, "address", "home", "Main Street 5", False, True),
            (owner, one, "address", "home", "main street 5", False, True),
            (owner, one, "address", "billing", "Main Street 5", False, True),
            (owner, one, "address", "home", "Main Street 5", False, False),
        ):
            point = new_id()
            row = {"id": point, "tenant_id": tenant, "customer_id": customer, "kind": kind, "use": use}
            await put(connection, "contact_point", {**row, "value": value, "preferred": preferred})
            (stays if remains else goes).add(point)
    await schema.migrate(empty)
    left: set[UUID] = set()
    for tenant in (owner, other):
        async with empty.reading(tenant) as reading:
            statement = select(ContactPointRow.id).where(ContactPointRow.tenant_id == tenant)
            left |= set((await reading.execute(statement)).scalars())
    assert (left, left & goes) == (stays, set())
