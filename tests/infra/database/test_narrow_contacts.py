"""An older database, in which whoever read customers read what they had been told."""

from alembic import command
from sqlalchemy import cast, column, insert, literal, select, table, text
from sqlalchemy.dialects.postgresql import JSONB

from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.directory.identity.models import RoleRow
from tests.infra.database.test_migrations import empty as empty
from tests.infra.database.test_migrations import empty_url as empty_url


async def test_whoever_read_customers_reads_their_contacts_all_of_them(empty: Database) -> None:
    owner = new_id()
    roles = {"reads": '{"customer:read": "tenant"}', "listens": '{"recording:listen": "tenant"}'}
    columns = ("id", "tenant_id", "code", "name", "permissions", "built_in", "version")
    async with empty.engine.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(schema.config_for(plain), "0019"))
        if empty.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
        for code, permissions in roles.items():
            ids = (new_id(), owner) if empty.dialect == "postgresql" else (new_id().hex, owner.hex)
            kept = cast(literal(permissions), JSONB) if empty.dialect == "postgresql" else literal(permissions)
            made = insert(table("role", *(column(name) for name in columns)))
            plain = {"code": code, "name": code, "built_in": False, "version": 1}
            await connection.execute(made.values(id=ids[0], tenant_id=ids[1], permissions=kept, **plain))

    await schema.migrate(empty)
    async with empty.reading(TenantId(owner)) as reading:
        statement = select(RoleRow.code, RoleRow.permissions).where(RoleRow.tenant_id == owner)
        found = {row.code: row.permissions for row in (await reading.execute(statement)).all()}
    assert found["reads"] == dict.fromkeys(("customer:read", "history:view"), "tenant")
    assert found["listens"] == {"recording:listen": "tenant"}
