"""People, departments and roles that were there before versions, posts and scopes stay as they were."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import column, insert, select, table, text

from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.kernel.clock import SystemClock
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.tables import METADATA
from tests.support.database import POSTGRES, SQLITE


@pytest.fixture(params=[SQLITE, POSTGRES])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    file = f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    database = Database(file if request.param == SQLITE else request.getfixturevalue("postgres_url"), SystemClock())
    yield database
    await database.close()


async def test_the_organisation_of_an_older_version_stays_as_it_was(empty: Database) -> None:
    tenant_id, unit_id, user_id, role_id = (new_id() for _ in range(4))
    at = SystemClock().now()
    known: dict[str, dict[str, object]] = {
        "org_unit": {"id": unit_id, "tenant_id": tenant_id, "parent_id": None, "name": "总部", "path": f"{unit_id}/"},
        "user_account": {
            "id": user_id,
            "tenant_id": tenant_id,
            "login": "8021",
            "display_name": "甲",
            "locale": "zh-CN",
            "org_unit_id": unit_id,
            "active": True,
            "password_hash": "kept",
            "created_at": at,
        },
        "role": {
            "id": role_id,
            "tenant_id": tenant_id,
            "code": "agent",
            "name": "坐席",
            "administrator": None,
            "permissions": {"desk:use": "tenant"},
        },
        "role_grant": {"tenant_id": tenant_id, "user_id": user_id, "role_id": role_id, "granted_at": at},
    }
    async with empty.engine.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(schema.config_for(plain), "0002"))
        if empty.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
        for name, row in known.items():
            columns = METADATA.tables[name].c
            await connection.execute(insert(table(name, *(column(one, columns[one].type) for one in row))), row)

    await schema.migrate(empty)
    async with empty.reading(TenantId(tenant_id)) as reading:
        for name, row in known.items():
            found = METADATA.tables[name]
            (kept,) = (await reading.execute(select(found).where(found.c.tenant_id == tenant_id))).mappings().all()
            new = {one: kept[one] for one in kept if one not in row}
            assert {one: kept[one] for one in row} == row
            assert (
                new
                == {
                    "org_unit": {"version": 1, "closed_at": None},
                    "user_account": {"post_id": None, "password_issued": False, "version": 1},
                    "role": {"built_in": True, "version": 1},
                    "role_grant": {"scope": None},
                }[name]
            )
