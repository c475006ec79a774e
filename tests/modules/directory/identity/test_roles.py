"""Roles of the tenant's own, grants with a scope, and what no one person may hold."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.models import RoleRow
from careline.modules.directory.identity.permissions import (
    BUILT_IN_ROLES,
    PERMISSIONS,
    Scope,
    administrator_of,
    check_together,
    narrowed,
    scopes_of,
)
from careline.modules.directory.identity.views import (
    GrantView,
    NewRole,
    NewUser,
    RoleView,
    TenantView,
    UserChange,
    UserFilter,
)
from tests.support.house import PASSWORD

Make = Callable[..., Awaitable[Actor]]

READING = {"case:read": "tenant", "customer:read": "tenant"}


@pytest.fixture
def make(identity: Identity, system: Actor) -> Make:
    """A user with roles, as an actor."""

    async def made(login: str, *roles: str, unit: UUID | None = None) -> Actor:
        wanted = NewUser(login=login, display_name=f"用户 {login}", org_unit_id=unit, password=PASSWORD, roles=roles)
        await identity.create_user(system, wanted)
        opened = await identity.sign_in("demo", login, PASSWORD, address="192.0.2.1", user_agent="x")
        return opened.signed_in.actor

    return made


async def own_role(identity: Identity, actor: Actor, permissions: dict[str, str], code: str = "reader") -> RoleView:
    return await identity.create_role(actor, NewRole(code=code, name="查阅员", permissions=permissions))


async def test_a_role_of_ones_own_is_made_changed_granted_and_removed(
    identity: Identity, tenant: TenantView, make: Make
) -> None:
    security, person = await make("security", "security_administrator"), await make("person")
    assert person.id is not None
    role = await own_role(identity, security, READING)
    assert (role.built_in, role.administrator, role.version) == (False, None, 1)

    assert await identity.set_roles(security, person.id, {"reader": None}) == [GrantView(role="reader")]
    changed = await identity.change_role(security, role.id, "只看工单", {"case:read": "tenant"}, version=1)
    assert (changed.name, changed.version) == ("只看工单", 2)
    opened = await identity.sign_in("demo", "person", PASSWORD, address="192.0.2.1", user_agent="x")
    assert opened.signed_in.actor.permissions == {"case:read"}

    with pytest.raises(Conflict, match="role-held"):
        await identity.remove_role(security, role.id, version=2)
    await identity.set_roles(security, person.id, {})
    await identity.remove_role(security, role.id, version=2)
    assert {one.code for one in await identity.roles(tenant.id)} == {one.code for one in BUILT_IN_ROLES}


@pytest.mark.parametrize(
    ("code", "name", "permissions", "refusal"),
    [
        ("agent", "x", {}, "role-exists"),
        ("Reader", "x", {}, "role-code-not-usable"),
        ("a-b", "x", {}, "role-code-not-usable"),
        ("a" * 64, "x", {}, "role-code-not-usable"),
        ("ok", " ", {}, "text-empty"),
        ("ok", "x\x00", {}, "text-not-printable"),
        ("ok", "x", {"root:all": "tenant"}, "permission-unknown"),
        ("ok", "x", {"customer:read": "department"}, "scope-not-enforced"),
        ("ok", "x", {"user:manage": "galaxy"}, "scope-not-enforced"),
        ("ok", "x", {"user:manage": "tenant", "role:grant": "tenant"}, "administrators-kept-apart"),
        ("ok", "x", {"audit:read": "tenant", "org:manage": "tenant"}, "administrators-kept-apart"),
        ("ok", "x", {"role:grant": "department", "customer:read": "tenant"}, "security-without-customers"),
    ],
)
async def test_roles_that_are_not_made(
    identity: Identity,
    tenant: TenantView,
    system: Actor,
    code: str,
    name: str,
    permissions: dict[str, str],
    refusal: str,
) -> None:
    before = await identity.roles(tenant.id)
    with pytest.raises(DomainError, match=refusal):
        await identity.create_role(system, NewRole(code=code, name=name, permissions=permissions))

    assert await identity.roles(system.tenant_id) == before


async def test_what_the_program_brings_is_not_changed(identity: Identity, tenant: TenantView, make: Make) -> None:
    security = await make("security", "security_administrator")
    before = await identity.roles(tenant.id)
    for role in before:
        with pytest.raises(Conflict, match="role-built-in"):
            await identity.change_role(security, role.id, "x", {}, version=role.version)
        with pytest.raises(Conflict, match="role-built-in"):
            await identity.remove_role(security, role.id, version=role.version)

    assert await identity.roles(tenant.id) == before


async def test_who_was_slower_is_told(identity: Identity, tenant: TenantView, make: Make) -> None:
    security = await make("security", "security_administrator")
    person = await make("person")
    assert person.id is not None
    role = await own_role(identity, security, READING)
    changes = [identity.change_role(security, role.id, f"名字 {n}", READING, version=1) for n in range(4)]
    results = await asyncio.gather(*changes, return_exceptions=True)
    assert [one.code for one in results if isinstance(one, Conflict)] == ["role-changed"] * 3

    seen = (await identity.user_detail(security, person.id))[0]
    grants = [
        identity.set_roles(security, person.id, {code: None}, version=seen.version) for code in ("agent", "reader")
    ]
    granted = await asyncio.gather(*grants, return_exceptions=True)
    assert [one.code for one in granted if isinstance(one, Conflict)] == ["user-changed"]
    assert len(await identity.role_codes(tenant.id, person.id)) == 1


async def test_nobody_gets_more_by_changing_a_role_that_one_holds(
    identity: Identity, system: Actor, make: Make
) -> None:
    role = await own_role(identity, system, {"insight:view": "tenant"})
    security = await make("security", "security_administrator", "reader")
    with pytest.raises(Forbidden, match="own-roles"):
        await identity.change_role(security, role.id, "我的", {"flow:manage": "tenant"}, version=1)

    other = await make("other", "security_administrator")
    changed = await identity.change_role(other, role.id, "我的", {"flow:read": "tenant"}, version=1)
    assert changed.permissions == {"flow:read": Scope.TENANT}


async def test_no_change_of_a_role_makes_somebody_two_administrators(
    identity: Identity, tenant: TenantView, system: Actor, make: Make
) -> None:
    role = await own_role(identity, system, {"insight:view": "tenant"})
    await make("machinery", "system_administrator", "reader")
    await make("granting", "security_administrator", "reader")
    other = await make("other", "security_administrator")
    for permissions, refusal in (
        ({"audit:read": "tenant"}, "administrators-kept-apart"),
        ({"role:grant": "department"}, "administrators-kept-apart"),
        ({"customer:read": "tenant"}, "security-without-customers"),
    ):
        with pytest.raises(Conflict, match=refusal):
            await identity.change_role(other, role.id, "x", permissions, version=1)

    assert next(one for one in await identity.roles(tenant.id) if one.id == role.id) == role


async def test_who_says_who_sees_customers_sees_none(identity: Identity, system: Actor, make: Make) -> None:
    security, person = await make("security", "security_administrator"), await make("person")
    assert person.id is not None
    for code in ("agent", "supervisor"):
        with pytest.raises(Conflict, match="security-without-customers"):
            await identity.set_roles(security, person.id, {"security_administrator": None, code: None})
    assert await identity.role_codes(system.tenant_id, person.id) == []


async def test_the_last_of_a_kind_stays(identity: Identity, system: Actor, make: Make) -> None:
    one, two = await make("one", "security_administrator"), await make("two", "security_administrator")
    auditor = await make("auditor", "audit_administrator")
    assert one.id is not None
    assert two.id is not None
    assert auditor.id is not None
    with pytest.raises(Conflict, match="last-administrator"):
        await identity.set_roles(one, auditor.id, {"agent": None})
    assert await identity.role_codes(system.tenant_id, auditor.id) == ["audit_administrator"]

    # Each takes the other's away at once; one of them is still there afterwards.
    results = await asyncio.gather(
        identity.set_roles(one, two.id, {}), identity.set_roles(two, one.id, {}), return_exceptions=True
    )
    assert sum(1 for result in results if isinstance(result, DomainError)) == 1


async def test_a_grant_within_a_department_reaches_no_further(
    identity: Identity, tenant: TenantView, system: Actor, make: Make
) -> None:
    root = (await identity.org_units(tenant.id))[0]
    here, there = [await identity.add_org_unit(system, root.id, name) for name in ("这里", "那里")]
    await own_role(identity, system, {"role:grant": "tenant", "org:read": "tenant"}, code="granter")
    head = await make("head", unit=here.id)
    inside, outside = await make("inside", unit=here.id), await make("outside", unit=there.id)
    assert head.id is not None
    assert inside.id is not None
    assert outside.id is not None
    await identity.set_roles(system, head.id, {"granter": Scope.DEPARTMENT})

    seen = (await identity.user_page(head, after="", limit=50)).items
    assert [user.login for user, _ in seen] == ["head", "inside"]
    await identity.set_roles(head, inside.id, {"agent": Scope.DEPARTMENT})
    for refused in (
        identity.set_roles(head, outside.id, {"agent": Scope.DEPARTMENT}),
        identity.set_roles(head, inside.id, {"agent": None}),
        identity.set_roles(head, inside.id, {"agent": Scope.DEPARTMENT, "audit_administrator": Scope.DEPARTMENT}),
        identity.create_role(head, NewRole(code="mine", name="我的", permissions={})),
        identity.user_detail(head, outside.id),
    ):
        with pytest.raises(Forbidden, match="outside-your-scope"):
            await refused
    assert await identity.role_codes(tenant.id, inside.id) == ["agent"]


async def test_another_tenants_roles_do_not_exist(
    identity: Identity, tenant: TenantView, other_tenant: TenantView, system: Actor
) -> None:
    role = await own_role(identity, system, READING)
    foreign = system_actor(other_tenant.id)
    with pytest.raises(NotFound):
        await identity.change_role(foreign, role.id, "x", {}, version=1)
    with pytest.raises(NotFound):
        await identity.remove_role(foreign, role.id, version=1)
    with pytest.raises(Invalid, match="role-unknown"):
        await identity.create_user(foreign, NewUser(login="x", display_name="x", roles=("reader",)))
    assert role in await identity.roles(tenant.id)


async def test_built_in_roles_become_what_this_version_says(
    identity: Identity, tenant: TenantView, system: Actor, database: Database
) -> None:
    own = await own_role(identity, system, READING)
    async with database.transaction(tenant.id) as tx:
        await tx.execute(update(RoleRow).where(RoleRow.tenant_id == tenant.id).values(permissions={}))
    await identity.refresh_built_in_roles()

    now = {role.code: role.permissions for role in await identity.roles(tenant.id)}
    assert {code: now[code] for code in now if code != own.code} == {
        one.code: one.permissions for one in BUILT_IN_ROLES
    }
    assert now[own.code] == {}


async def test_users_are_found_by_words_department_role_and_state(
    identity: Identity, tenant: TenantView, system: Actor, make: Make
) -> None:
    root = (await identity.org_units(tenant.id))[0]
    team = await identity.add_org_unit(system, root.id, "投诉一组")
    below = await identity.add_org_unit(system, team.id, "升级")
    await make("alpha", "agent", unit=team.id)
    beta = await make("beta_1", unit=below.id)
    assert beta.id is not None
    await identity.change_user(system, beta.id, UserChange(active=False))

    async def found(**wanted: object) -> list[str]:
        page = await identity.user_page(system, UserFilter(**wanted), after="", limit=50)  # type: ignore[arg-type]
        return [user.login for user, _ in page.items]

    assert await found() == ["alpha", "beta_1"]
    assert await found(words="ALPH") == ["alpha"]
    assert await found(words="用户 be") == ["beta_1"]
    assert await found(words="_") == ["beta_1"]
    assert await found(words="%") == []
    assert await found(org_unit_id=team.id) == ["alpha", "beta_1"]
    assert await found(org_unit_id=below.id) == ["beta_1"]
    assert await found(role="agent") == ["alpha"]
    assert await found(active=False) == ["beta_1"]
    with pytest.raises(NotFound):
        await found(org_unit_id=tenant.id)


permissions_held = st.dictionaries(st.sampled_from(PERMISSIONS), st.sampled_from(list(Scope)))


@given(permissions_held, st.sampled_from([None, *Scope]))
def test_a_limit_never_widens_and_is_kept_where_it_is_enforced(held: dict[str, Scope], limit: Scope | None) -> None:
    within = narrowed(held, limit)
    assert within.keys() == held.keys()
    for code, scope in within.items():
        assert scope.width <= held[code].width
        if limit is not None and limit in scopes_of(code):
            assert scope.width <= limit.width


@given(st.lists(permissions_held, max_size=5))
def test_roles_that_pass_together_keep_the_three_apart(held: list[dict[str, Scope]]) -> None:
    try:
        kinds = [administrator_of(one) for one in held]
        check_together(zip(kinds, held, strict=True), field="roles")
    except Conflict:
        return
    every = {code for one in held for code in one}
    assert sum(bool(every & group) for group in ({"org:manage", "user:manage"}, {"role:grant"}, {"audit:read"})) <= 1
    assert not ("role:grant" in every and every & {"customer:read", "customer:reveal", "case:read", "desk:use"})
