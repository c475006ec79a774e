"""System, security and audit are three people, whichever way somebody might come to be two of them."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column, insert, select, table, text

from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.kernel.clock import SystemClock
from careline.kernel.errors import Conflict, DomainError, Forbidden
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.models import RoleGrantRow, RoleRow, ServiceAccountRow
from careline.modules.directory.identity.permissions import (
    ADMINISTRATIVE,
    BUILT_IN_ROLES,
    NEVER_BY_TOKEN,
    PERMISSIONS,
    Scope,
    administrator_of,
    check_together,
    kinds_of,
)
from careline.modules.directory.identity.views import NewRole, NewServiceAccount, NewUser
from careline.tables import METADATA
from tests.support.clock import FakeClock
from tests.support.database import POSTGRES, SQLITE
from tests.support.house import PASSWORD

KINDS = {role.code: role.administrator for role in BUILT_IN_ROLES if role.administrator is not None}
PAIRS = [pair for pair in combinations(sorted(KINDS), 2) if KINDS[pair[0]] is not KINDS[pair[1]]]
CODES = [pair for pair in combinations(sorted(ADMINISTRATIVE), 2) if len(kinds_of(pair)) == 2]


async def test_nobody_begins_with_two(identity: Identity, system: Actor) -> None:
    """Nor by the command line, which grants as the system itself."""
    for pair in PAIRS:
        with pytest.raises(Conflict, match="administrators-kept-apart"):
            await identity.create_user(system, NewUser(login="both", display_name="两样", roles=pair))
        assert await identity.user_by_login(system.tenant_id, "both") is None


async def test_nobody_is_granted_two(identity: Identity, system: Actor) -> None:
    for number, (held, other) in enumerate(PAIRS):
        user = await identity.create_user(system, NewUser(login=f"u{number}", display_name="一样", roles=(held,)))
        for scope in (None, Scope.OWN, Scope.DEPARTMENT):
            with pytest.raises(Conflict, match="administrators-kept-apart"):
                await identity.set_roles(system, user.id, {held: None, other: scope})
        assert await identity.role_codes(system.tenant_id, user.id) == [held]


async def test_no_role_is_that_of_two_or_makes_its_holder_two(identity: Identity, system: Actor) -> None:
    for number, (held, other) in enumerate(CODES):
        first, second = f"first{number}", f"second{number}"
        both = dict.fromkeys((held, other), "tenant")
        with pytest.raises(Conflict, match="administrators-kept-apart"):
            await identity.create_role(system, NewRole(code="both", name="两样", permissions=both))
        one = await identity.create_role(system, NewRole(code=first, name="甲", permissions={held: "tenant"}))
        with pytest.raises(Conflict, match="administrators-kept-apart"):
            await identity.change_role(system, one.id, "两样", both, version=one.version)
        plain = NewRole(code=second, name="乙", permissions={"flow:read": "tenant"})
        changed = await identity.create_role(system, plain)
        wanted = NewUser(login=f"u{number}", display_name="持有人", roles=(first, second))
        await identity.create_user(system, wanted)
        with pytest.raises(Conflict, match="administrators-kept-apart"):
            await identity.change_role(system, changed.id, "乙", {other: "tenant"}, version=changed.version)


async def test_no_token_makes_its_maker_two(identity: Identity, system: Actor, clock: FakeClock) -> None:
    wanted = NewUser(login="keeper", display_name="系统", password=PASSWORD, roles=("system_administrator",))
    await identity.create_user(system, wanted)
    opened = await identity.sign_in("demo", "keeper", PASSWORD, address="192.0.2.1", user_agent="x")
    maker = opened.signed_in.actor
    for code in sorted(ADMINISTRATIVE):
        permissions = {"case:read": Scope.TENANT, code: Scope.TENANT}
        asked = NewServiceAccount(name=code, permissions=permissions, expires_at=clock.now() + timedelta(days=1))
        if code in NEVER_BY_TOKEN:
            with pytest.raises(Forbidden, match="permission-never-by-token"):
                await identity.service_accounts.create(maker, asked)
            continue
        made = await identity.service_accounts.create(maker, asked)
        assert kinds_of(made.account.permissions) == kinds_of(maker.permissions)


@given(st.sets(st.sampled_from(PERMISSIONS)))
def test_a_role_is_of_one_kind_or_refused(codes: set[str]) -> None:
    kinds = kinds_of(codes)
    if len(kinds) > 1:
        with pytest.raises(Conflict):
            administrator_of(codes)
    else:
        assert administrator_of(codes) == next(iter(kinds), None)


@given(st.lists(st.sets(st.sampled_from(PERMISSIONS), max_size=4), max_size=4))
def test_roles_that_pass_together_are_one_administrators(roles: list[set[str]]) -> None:
    try:
        check_together([(administrator_of(codes), codes) for codes in roles], field="roles")
    except DomainError:
        return
    assert len(kinds_of(set().union(*roles))) <= 1


def test_every_administrators_role_is_marked_as_one() -> None:
    for role in BUILT_IN_ROLES:
        assert administrator_of(role.permissions) == role.administrator, role.code


@pytest.fixture(params=[SQLITE, POSTGRES])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    file = f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    database = Database(file if request.param == SQLITE else request.getfixturevalue("postgres_url"), SystemClock())
    yield database
    await database.close()


OWNER, UNIT, AT = new_id(), new_id(), datetime(2026, 11, 1, tzinfo=UTC)
MADE = {"service-account:manage": "tenant"}
ROLES = {
    "integrator": (None, MADE),
    "own": (None, {**MADE, "case:read": "tenant"}),
    "guards": ("security", {**MADE, "role:grant": "tenant"}),
    "auditor": ("audit", {"audit:read": "tenant"}),
}
ROLE_IDS, PEOPLE = {code: new_id() for code in ROLES}, {"keeper": new_id(), "watcher": new_id()}
GRANTS = (("keeper", "integrator"), ("watcher", "integrator"), ("watcher", "auditor"))


def older_rows() -> Iterator[tuple[str, dict[str, object]]]:
    yield "org_unit", {"id": UNIT, "tenant_id": OWNER, "name": "总部", "path": f"{UNIT}/", "version": 1}
    for login, one in PEOPLE.items():
        person = {"id": one, "tenant_id": OWNER, "login": login, "display_name": login, "locale": "zh-CN"}
        more = {"org_unit_id": UNIT, "active": True, "password_issued": False, "version": 1, "created_at": AT}
        yield "user_account", {**person, **more}
    for code, (kind, permissions) in ROLES.items():
        role = {"id": ROLE_IDS[code], "tenant_id": OWNER, "code": code, "name": code, "administrator": kind}
        yield "role", {**role, "permissions": permissions, "built_in": False, "version": 1}
    for login, code in GRANTS:
        grant = {"user_id": PEOPLE[login], "role_id": ROLE_IDS[code], "granted_at": AT}
        yield "role_grant", {"tenant_id": OWNER, **grant}
    account = {"id": new_id(), "tenant_id": OWNER, "name": "报表", "org_unit_id": UNIT, "token_hash": "x"}
    account |= {"permissions": {"case:read": "tenant", "audit:read": "tenant"}, "created_by": PEOPLE["keeper"]}
    yield "service_account", {**account, "created_at": AT, "expires_at": AT}


async def test_an_older_centre_has_no_two_in_one_either(empty: Database) -> None:
    """Making service accounts was nobody's: whoever also watches or grants does not become the system's by this."""
    async with empty.engine.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(schema.config_for(plain), "0012"))
        if empty.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
        for name, row in older_rows():
            columns = METADATA.tables[name].c
            await connection.execute(insert(table(name, *(column(one, columns[one].type) for one in row))), row)

    await schema.migrate(empty)
    async with empty.reading(TenantId(OWNER)) as reading:
        kept = select(RoleRow.code, RoleRow.administrator, RoleRow.permissions).where(RoleRow.tenant_id == OWNER)
        found = {row.code: (row.administrator, set(row.permissions)) for row in await reading.execute(kept)}
        grants = select(RoleGrantRow.user_id, RoleGrantRow.role_id).where(RoleGrantRow.tenant_id == OWNER)
        held = {(row.user_id, row.role_id) for row in await reading.execute(grants)}
        token = select(ServiceAccountRow.permissions, ServiceAccountRow.approved_at).where(
            ServiceAccountRow.tenant_id == OWNER
        )
        stays = (await reading.execute(token)).one()
    makes = {"service-account:manage", "service-account:read"}
    assert found == {
        "integrator": ("system", makes),
        "own": ("system", {*makes, "case:read"}),
        "guards": ("security", {"role:grant"}),
        "auditor": ("audit", {"audit:read"}),
    }
    assert held == {(PEOPLE["keeper"], ROLE_IDS["integrator"]), (PEOPLE["watcher"], ROLE_IDS["auditor"])}
    assert (stays.permissions, stays.approved_at) == ({"case:read": "tenant"}, AT)
