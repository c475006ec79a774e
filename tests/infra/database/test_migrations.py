"""The revisions make on both databases what the models say, all or nothing, and never touch a newer database."""

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    Connection,
    Text,
    Uuid,
    cast,
    column,
    func,
    insert,
    inspect,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from careline.infra.database import schema
from careline.infra.database.append_only import append_only_tables
from careline.infra.database.database import Database
from careline.infra.database.models import CursorRow
from careline.infra.database.row_security import unprotected
from careline.infra.database.types import Json, UtcDateTime
from careline.kernel.clock import SystemClock
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.contact.flows.models import FlowRunRow
from careline.modules.core.routing.models import QueueRow
from careline.modules.core.routing.views import QueueRules
from careline.modules.directory.customers.models import CustomerRow
from careline.modules.directory.identity.models import RoleRow, UserRow
from careline.tables import METADATA
from tests.support.database import POSTGRES, SQLITE
from tests.support.postgres import PostgresCluster

LANDED = {"0001": "4a6d5d18b258cc641d833636e148372a276c1535b0833b9531bf1837b5aff717"}
"""Digests of revisions that installations were brought to. What is in use is changed by the next revision."""

PLACE = ("tenant_id", "interaction_id", "flow_id", "version", "step", "language")

BROKEN = '''"""A step that fails half way."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade() -> None:
    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("DELETE FROM event_cursor")
    raise RuntimeError("half way")
'''


@pytest.fixture(params=[SQLITE, POSTGRES])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == SQLITE:
        return f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url, SystemClock())
    yield database
    await database.close()


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, METADATA))


def triggers(connection: Connection) -> dict[str, int]:
    """How many triggers each table has."""
    statement = (
        "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' GROUP BY 1"
        if connection.dialect.name == "sqlite"
        else "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger WHERE NOT tgisinternal GROUP BY 1"
    )
    return {row[0]: row[1] for row in connection.execute(text(statement))}


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def add_cursor(database: Database, name: str) -> None:
    async with database.system_transaction() as tx:
        await tx.execute(insert(CursorRow).values(subscriber=name, xid=0, position=0))


async def count_cursors(database: Database) -> int:
    async with database.system_reading() as reading:
        found: int = (await reading.execute(select(func.count()).select_from(CursorRow))).scalar_one()
    return found


async def test_the_revisions_make_what_the_models_say(empty: Database) -> None:
    assert await schema.migrate(empty) == (None, schema.newest())
    await schema.check(empty)
    async with empty.engine.connect() as connection:
        found = await connection.run_sync(differences)
        assert found == [], "write the missing revision: python -m tools.new_migration"
        if empty.dialect == "postgresql":
            assert await connection.run_sync(unprotected) == []


def test_the_newest_revision_is_the_one_that_all_others_lead_to() -> None:
    assert ScriptDirectory.from_config(schema.config_for(None)).get_current_head() == schema.newest()


async def test_tables_that_only_grow_are_guarded(empty: Database) -> None:
    await schema.migrate(empty)
    async with empty.engine.connect() as connection:
        found = await connection.run_sync(triggers)

    for name in append_only_tables(METADATA):
        assert found[name] == (2 if empty.dialect == "sqlite" else 1), name


async def test_migrating_again_keeps_everything(empty: Database) -> None:
    await schema.migrate(empty)
    await add_cursor(empty, "kept")

    assert await schema.migrate(empty) == (schema.newest(), schema.newest())
    assert await count_cursors(empty) == 1


async def test_processes_that_start_together_wait_for_each_other(empty_url: str) -> None:
    # Eight on an empty file meet while it is turned round to be written ahead; three seldom did.
    databases = [Database(empty_url, SystemClock()) for _ in range(8)]
    found = await asyncio.gather(*(schema.migrate(database) for database in databases))
    for database in databases:
        await database.close()

    assert sorted(before or "" for before, _ in found) == ["", *[schema.newest()] * 7]


async def test_a_newer_database_is_not_touched(empty: Database) -> None:
    await schema.migrate(empty)
    await add_cursor(empty, "kept")
    async with empty.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    for work in (schema.migrate, schema.check):
        with pytest.raises(schema.DatabaseTooNew, match=r"^the database is at revision 9999, .*restore a backup"):
            await work(empty)
    assert await count_cursors(empty) == 1


async def test_an_older_database_is_not_worked_on(empty: Database) -> None:
    with pytest.raises(schema.DatabaseBehind, match="run `careline migrate`"):
        await schema.check(empty)


@pytest.mark.postgres
async def test_a_role_that_policies_do_not_bind_is_refused(
    postgres_cluster: PostgresCluster, postgres_url: str
) -> None:
    name = postgres_url.partition("@/")[2].partition("?")[0]
    superuser = Database(postgres_cluster.url(name).replace("careline@", "postgres@"), SystemClock())
    with pytest.raises(schema.DatabaseUnbound, match="role postgres passes by row-level security"):
        await schema.migrate(superuser)
    async with superuser.engine.connect() as connection:
        assert await connection.run_sync(tables) == set()
    await superuser.close()


@pytest.mark.postgres
async def test_a_table_that_lost_its_policy_is_noticed(postgres_url: str) -> None:
    database = Database(postgres_url, SystemClock())
    await schema.migrate(database)
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP POLICY of_tenant ON job"))
    with pytest.raises(schema.DatabaseUnbound, match="the table job has no row-level policy"):
        await schema.check(database)
    await database.close()


async def test_a_step_that_fails_leaves_nothing_behind(
    empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await schema.migrate(empty)
    await add_cursor(empty, "kept")
    copy = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, copy)
    broken = BROKEN.replace("{newest}", schema.newest())
    (copy / "versions" / "m9999_broken.py").write_text(broken, encoding="utf-8")
    monkeypatch.setattr(schema, "MIGRATIONS", copy)
    with pytest.raises(RuntimeError, match="half way"):
        await schema.migrate(empty)
    monkeypatch.undo()

    await schema.check(empty)
    async with empty.engine.connect() as connection:
        assert "half" not in await connection.run_sync(tables)
    assert await count_cursors(empty) == 1
    await add_cursor(empty, "still writable")


async def test_every_revision_can_be_taken_back(empty: Database) -> None:
    await schema.migrate(empty)
    async with empty.engine.begin() as connection:
        await connection.run_sync(lambda plain: command.downgrade(schema.config_for(plain), "base"))
        assert await connection.run_sync(tables) == {"alembic_version"}


def test_the_history_is_one_line_with_numbers_in_order() -> None:
    revisions = list(ScriptDirectory.from_config(schema.config_for(None)).walk_revisions())[::-1]

    assert [one.revision for one in revisions] == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert [one.down_revision for one in revisions] == [None, *(one.revision for one in revisions[:-1])]


def test_a_revision_in_use_is_as_it_was() -> None:
    for revision, digest in LANDED.items():
        (file,) = (schema.MIGRATIONS / "versions").glob(f"m{revision}_*.py")
        assert hashlib.sha256(file.read_bytes()).hexdigest() == digest, f"{file.name} is in use: write a new revision"


async def test_what_an_older_version_stored_is_kept(empty: Database) -> None:
    owner, contact = new_id(), new_id()
    async with empty.engine.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(schema.config_for(plain), "0001"))
        if empty.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
        place = insert(table("flow_run", *(column(name) for name in PLACE)))
        ids: dict[str, object] = {"tenant_id": owner, "interaction_id": contact, "flow_id": new_id()}
        if empty.dialect == "sqlite":
            ids = {"tenant_id": owner.hex, "interaction_id": contact.hex, "flow_id": new_id().hex}
        await connection.execute(place, {**ids, "version": 3, "step": "person", "language": "en"})

    assert await schema.migrate(empty) == ("0001", schema.newest())
    async with empty.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    async with empty.reading(TenantId(owner)) as reading:
        (kept,) = (await reading.execute(select(FlowRunRow.__table__).where(FlowRunRow.tenant_id == owner))).all()
    assert (kept.interaction_id, kept.version, kept.step, kept.language) == (contact, 3, "person", "en")
    assert abs(SystemClock().now() - kept.stored_at) < timedelta(minutes=5)


async def test_queues_of_before_are_served_as_ever_but_not_without_end(empty: Database) -> None:
    owner = new_id()
    columns = ("id", "tenant_id", "code", "name", "media", "needs", "target", "target_seconds", "ring_seconds")
    async with empty.engine.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(schema.config_for(plain), "0006"))
        if empty.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
        ids = (new_id(), owner) if empty.dialect == "postgresql" else (new_id().hex, owner.hex)
        media, needs = literal('["chat"]'), literal("[]")
        values = (*ids, "night", "夜间", media, needs, 0.8, 20, 15)
        if empty.dialect == "postgresql":
            values = (*ids, "night", "夜间", cast(media, JSONB), cast(needs, JSONB), 0.8, 20, 15)
        made = insert(table("routing_queue", *(column(name) for name in (*columns, "wrap_up_seconds"))))
        await connection.execute(made.values(dict(zip((*columns, "wrap_up_seconds"), (*values, 60), strict=True))))

    assert await schema.migrate(empty) == ("0006", schema.newest())
    async with empty.reading(TenantId(owner)) as reading:
        (kept,) = (await reading.execute(select(QueueRow.__table__).where(QueueRow.tenant_id == owner))).all()
    assert (kept.code, kept.ring_seconds, kept.version) == ("night", 15, 1)
    assert msgspec.convert(kept.rules, QueueRules) == QueueRules(max_wait_s=1800)


async def test_whoever_watched_the_floor_may_act_there_as_far_as_they_watched(empty: Database) -> None:
    owner = new_id()
    roles = {"supervisor": '{"floor:view": "department", "desk:use": "tenant"}', "agent": '{"desk:use": "tenant"}'}
    columns = ("id", "tenant_id", "code", "name", "permissions")
    async with empty.engine.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(schema.config_for(plain), "0002"))
        if empty.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
        for code, permissions in roles.items():
            ids = (new_id(), owner) if empty.dialect == "postgresql" else (new_id().hex, owner.hex)
            kept = cast(literal(permissions), JSONB) if empty.dialect == "postgresql" else literal(permissions)
            made = insert(table("role", *(column(name) for name in columns)))
            await connection.execute(made.values(id=ids[0], tenant_id=ids[1], code=code, name=code, permissions=kept))

    await schema.migrate(empty)
    async with empty.reading(TenantId(owner)) as reading:
        statement = select(RoleRow.code, RoleRow.permissions).where(RoleRow.tenant_id == owner)
        found = {row.code: row.permissions for row in (await reading.execute(statement)).all()}
    more = dict.fromkeys(("floor:view", "floor:direct", "floor:listen"), "department")
    assert found["supervisor"] == {**more, **dict.fromkeys(("wall:view", "desk:use", "desk:manage"), "tenant")}
    assert found["agent"] == {"desk:use": "tenant"}


def _columns(**types: Any) -> list[Any]:
    return [column(name, kind) for name, kind in types.items()]


async def test_people_and_roles_of_an_older_version_get_in_as_before(empty: Database) -> None:
    owner, unit, user = new_id(), new_id(), new_id()
    now = SystemClock().now()
    plain = {"locale": Text(), "created_at": UtcDateTime()}
    tenant = table("tenant", *_columns(id=Uuid(), code=Text(), name=Text(), time_zone=Text(), accent=Text(), **plain))
    root = table("org_unit", *_columns(id=Uuid(), tenant_id=Uuid(), name=Text(), path=Text()))
    person = table(
        "user_account",
        *_columns(id=Uuid(), tenant_id=Uuid(), login=Text(), display_name=Text(), org_unit_id=Uuid(), active=Boolean()),
        *_columns(**plain),
    )
    role = table("role", *_columns(id=Uuid(), tenant_id=Uuid(), code=Text(), name=Text(), permissions=Json))
    shared = {"locale": "zh-CN", "created_at": now}
    async with empty.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(schema.config_for(sync), "0002"))
        if empty.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
        made = {"id": owner, "code": "north", "name": "北方", "time_zone": "Asia/Shanghai", "accent": "#2459d6"}
        await connection.execute(insert(tenant).values(**made, **shared))
        await connection.execute(insert(root).values(id=unit, tenant_id=owner, name="北方", path=f"{unit}/"))
        known = {"id": user, "tenant_id": owner, "login": "boss", "display_name": "负责人", "org_unit_id": unit}
        await connection.execute(insert(person).values(**known, active=True, **shared))
        guard = {"id": new_id(), "tenant_id": owner, "code": "security_administrator", "name": "安全管理员"}
        await connection.execute(insert(role).values(**guard, permissions={"org:read": "tenant"}))

    await schema.migrate(empty)
    async with empty.reading(TenantId(owner)) as reading:
        issued = (await reading.execute(select(UserRow.password_issued).where(UserRow.tenant_id == owner))).scalar_one()
        rows = await reading.execute(select(RoleRow.code, RoleRow.permissions).where(RoleRow.tenant_id == owner))
        roles = {row.code: row.permissions for row in rows.all()}
    assert issued is False
    assert roles["security_administrator"] == {"org:read": "tenant", "sign-in:manage": "tenant"}
    assert roles["integrator"] == dict.fromkeys(("service-account:manage", "service-account:read"), "tenant")


async def test_customers_of_an_older_version_stay_and_roles_may_write_as_far_as_they_read(empty: Database) -> None:
    """A customer without terms or version, a built-in role and one that the tenant made itself."""
    owner = new_id()
    ids = {name: new_id() for name in ("customer", "party", "agent", "own", "supervisor")}
    async with empty.engine.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(schema.config_for(plain), "0003"))
        if empty.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
        tenant = {"code": "old", "name": "老", "time_zone": "Asia/Shanghai", "locale": "zh-CN", "accent": "#000000"}
        old = {"tenant_id": owner}
        since = {"since": date(2020, 1, 1), "created_at": SystemClock().now()}
        kept = {"customer:read": "department"}
        rows: dict[str, list[dict[str, object]]] = {
            "tenant": [tenant | {"id": owner, "created_at": SystemClock().now()}],
            "party": [old | {"id": ids["party"], "kind": "person", "name": "王小敏"}],
            "customer": [
                old | since
                | {"id": ids["customer"], "party_id": ids["party"], "level": "gold", "language": "zh-CN", "tags": []}
            ],
            "role": [
                old | {"id": ids["agent"], "code": "agent", "name": "坐席", "permissions": kept},
                old | {"id": ids["own"], "code": "trainee", "name": "见习", "permissions": kept},
                old | {"id": ids["supervisor"], "code": "supervisor", "name": "班长", "permissions": {}},
            ],
        }  # fmt: skip
        for name, values in rows.items():
            then = METADATA.tables[name]
            used = table(name, *(column(one, then.c[one].type) for one in values[0]))
            await connection.execute(insert(used), values)

    await schema.migrate(empty)
    async with empty.reading(TenantId(owner)) as reading:
        (customer,) = (await reading.execute(select(CustomerRow.__table__).where(CustomerRow.tenant_id == owner))).all()
        roles = (
            await reading.execute(select(RoleRow.code, RoleRow.permissions).where(RoleRow.tenant_id == owner))
        ).all()
    assert (customer.level, customer.version, customer.terms, customer.terms_version) == ("gold", 1, None, 0)
    mine = ("agent", "trainee", "supervisor")
    assert {row.code: row.permissions for row in roles if row.code in mine} == {
        "agent": {**kept, "customer:write": "department", "history:view": "tenant"},
        "trainee": {**kept, "history:view": "tenant"},
        "supervisor": {"desk:manage": "tenant"},
    }
