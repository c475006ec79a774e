"""Users, roles, scopes, and the three administrators that no one person is two of."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import update

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, ActorKind, system_actor
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.models import RoleRow
from careline.modules.directory.identity.permissions import BUILT_IN_ROLES
from careline.modules.directory.identity.views import GrantView, NewTenant, NewUser, TenantView, UserChange, UserView
from tests.support.house import PASSWORD

Make = Callable[..., Awaitable[Actor]]


@pytest.fixture
def make(identity: Identity, system: Actor) -> Make:
    """A user with roles, as an actor."""

    async def made(login: str, *roles: str, unit: UUID | None = None) -> Actor:
        wanted = NewUser(login=login, display_name=f"用户 {login}", org_unit_id=unit, password=PASSWORD, roles=roles)
        user = await identity.create_user(system, wanted)
        opened = await identity.sign_in("demo", login, PASSWORD, address="192.0.2.1", user_agent="x")
        assert opened.signed_in.user == user
        return opened.signed_in.actor

    return made


async def everybody(identity: Identity, system: Actor) -> list[tuple[UserView, list[GrantView]]]:
    return (await identity.user_page(system, after="", limit=200)).items


async def test_a_tenant_begins_with_a_root_and_roles(identity: Identity, tenant: TenantView) -> None:
    units = await identity.org_units(tenant.id)
    roles = await identity.roles(tenant.id)

    assert [(unit.name, unit.parent_id) for unit in units] == [("示例移动", None)]
    assert {role.code for role in roles} == {role.code for role in BUILT_IN_ROLES}
    assert await identity.tenant_by_code("demo") == tenant == await identity.tenant(tenant.id)


@pytest.mark.parametrize(
    ("code", "name", "refusal"),
    [
        ("demo", "又一家", "tenant-exists"),
        ("Demo", "x", "code-not-usable"),
        ("a-b", "x", "code-not-usable"),
        ("", "x", "code-not-usable"),
        ("a" * 32, "x", "code-not-usable"),
        ("ok", "  ", "text-empty"),
        ("ok", "x\x00", "text-not-printable"),
    ],
)
async def test_tenants_that_are_not_made(
    identity: Identity, tenant: TenantView, code: str, name: str, refusal: str
) -> None:
    with pytest.raises(DomainError, match=refusal):
        await identity.found_tenant(NewTenant(code=code, name=name))

    assert await identity.tenants() == [tenant]


async def test_the_organisation_is_a_tree_parents_first(
    identity: Identity, tenant: TenantView, system: Actor, other_tenant: TenantView
) -> None:
    root = (await identity.org_units(tenant.id))[0]
    centre = await identity.add_org_unit(system, root.id, "客服一中心")
    team = await identity.add_org_unit(system, centre.id, "投诉一组")
    assert team.path == f"{root.id}/{centre.id}/{team.id}/"
    assert [unit.id for unit in await identity.org_units(tenant.id)] == [root.id, centre.id, team.id]

    foreign = system_actor(other_tenant.id)
    for parent in (team.id, uuid4()):
        with pytest.raises(NotFound):
            await identity.add_org_unit(foreign, parent, "混进来")
    assert len(await identity.org_units(other_tenant.id)) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"login": "8021"}, "login-taken"),
        ({"login": "a b"}, "login-not-usable"),
        ({"display_name": "\x1b[31m红"}, "text-not-printable"),
        ({"display_name": "x" * 101}, "text-too-long"),
        ({"password": "short"}, "password-too-short"),
        ({"locale": "tlh"}, "locale-unknown"),
        ({"org_unit_id": uuid4()}, "org-unit-not-found"),
        ({"roles": ("emperor",)}, "role-unknown"),
    ],
)
async def test_users_that_are_not_made(
    identity: Identity, agent: UserView, system: Actor, change: dict[str, object], code: str
) -> None:
    before = await everybody(identity, system)
    wanted = msgspec.structs.replace(NewUser(login="new", display_name="新人", password=PASSWORD), **change)
    with pytest.raises(DomainError, match=code):
        await identity.create_user(system, wanted)

    assert await everybody(identity, system) == before


async def test_nobody_is_two_administrators(identity: Identity, system: Actor, make: Make) -> None:
    security = await make("security", "security_administrator")
    system_admin = await make("machinery", "system_administrator")
    person = await make("person")
    assert person.id is not None
    assert system_admin.id is not None

    with pytest.raises(Conflict, match="administrators-kept-apart"):
        await identity.set_roles(security, person.id, dict.fromkeys(["system_administrator", "audit_administrator"]))
    with pytest.raises(Conflict, match="administrators-kept-apart"):
        await identity.set_roles(
            security, system_admin.id, dict.fromkeys(["system_administrator", "audit_administrator"])
        )
    with pytest.raises(Conflict):
        await identity.create_user(
            system,
            NewUser(login="x", display_name="x", roles=("system_administrator", "security_administrator")),
        )

    assert await identity.role_codes(system.tenant_id, person.id) == []
    assert await identity.role_codes(system.tenant_id, system_admin.id) == ["system_administrator"]
    assert await identity.user_by_login(system.tenant_id, "x") is None
    held = await identity.set_roles(security, person.id, dict.fromkeys(["audit_administrator", "agent"]))
    assert [grant.role for grant in held] == ["agent", "audit_administrator"]


async def test_nobody_grants_oneself_anything(identity: Identity, make: Make, system: Actor) -> None:
    security = await make("security", "security_administrator")
    assert security.id is not None

    with pytest.raises(Forbidden, match="own-roles"):
        await identity.set_roles(security, security.id, dict.fromkeys(["security_administrator", "agent"]))
    assert await identity.role_codes(system.tenant_id, security.id) == ["security_administrator"]


async def test_no_other_user_gives_an_administrator_a_password(identity: Identity, make: Make, system: Actor) -> None:
    keeper = await make("machinery", "system_administrator")
    security = await make("security", "security_administrator")
    assert security.id is not None

    for change in (UserChange(password="taken over by me"), UserChange(active=False), UserChange(display_name="我")):
        with pytest.raises(Forbidden, match="administrators-kept-apart"):
            await identity.change_user(keeper, security.id, change)
    await identity.sign_in("demo", "security", PASSWORD, address="192.0.2.1", user_agent="x")

    await identity.change_user(system, security.id, UserChange(password="by the command line"))
    await identity.sign_in("demo", "security", "by the command line", address="192.0.2.1", user_agent="x")


async def test_a_department_is_as_far_as_its_scope_reaches(
    identity: Identity, tenant: TenantView, system: Actor, make: Make, database: Database
) -> None:
    root = (await identity.org_units(tenant.id))[0]
    here = await identity.add_org_unit(system, root.id, "这里")
    below = await identity.add_org_unit(system, here.id, "下面")
    there = await identity.add_org_unit(system, root.id, "那里")
    await narrow(database, tenant, {"user:manage": "department", "org:read": "department"})
    head = await make("head", "supervisor", unit=here.id)
    inside, outside = await make("inside", unit=below.id), await make("outside", unit=there.id)
    assert inside.id is not None
    assert outside.id is not None

    seen = (await identity.user_page(head, after="", limit=50)).items
    assert [user.login for user, _ in seen] == ["head", "inside"]
    await identity.change_user(head, inside.id, UserChange(display_name="改过"))
    await identity.create_user(head, NewUser(login="born", display_name="x", org_unit_id=below.id))

    before = await everybody(identity, system)
    for refused in (
        identity.change_user(head, outside.id, UserChange(display_name="改过")),
        identity.change_user(head, inside.id, UserChange(org_unit_id=there.id)),
        identity.create_user(head, NewUser(login="far", display_name="x", org_unit_id=there.id)),
        identity.create_user(head, NewUser(login="top", display_name="x")),
    ):
        with pytest.raises(Forbidden, match="outside-your-scope"):
            await refused
    assert await everybody(identity, system) == before


async def test_ones_own_is_only_oneself(
    identity: Identity, tenant: TenantView, system: Actor, make: Make, database: Database
) -> None:
    await narrow(database, tenant, {"user:manage": "own", "org:read": "own"})
    me, other = await make("me", "supervisor"), await make("other")
    assert me.id is not None
    assert other.id is not None

    assert [user.login for user, _ in (await identity.user_page(me, after="", limit=50)).items] == ["me"]
    await identity.change_user(me, me.id, UserChange(locale="en"))
    with pytest.raises(Forbidden):
        await identity.change_user(me, other.id, UserChange(locale="en"))
    assert [user.locale for user, _ in await everybody(identity, system)] == ["en", "zh-CN"]


async def test_without_the_permission_nothing_is_changed_or_shown(
    identity: Identity, agent: UserView, system: Actor, make: Make
) -> None:
    nobody = await make("nobody", "agent")
    before = await everybody(identity, system)

    for refused in (
        identity.user_page(nobody, after="", limit=50),
        identity.create_user(nobody, NewUser(login="x", display_name="x")),
        identity.change_user(nobody, agent.id, UserChange(active=False)),
    ):
        with pytest.raises(Forbidden, match="permission-missing"):
            await refused
    assert await everybody(identity, system) == before


async def test_another_tenants_users_do_not_exist(
    identity: Identity, agent: UserView, system: Actor, other_tenant: TenantView
) -> None:
    foreign = system_actor(other_tenant.id)
    before = await everybody(identity, system)

    assert await identity.user(other_tenant.id, agent.id) is None
    assert await identity.users(other_tenant.id, [agent.id]) == {}
    assert await identity.user_by_login(other_tenant.id, "8021") is None
    with pytest.raises(NotFound):
        await identity.change_user(foreign, agent.id, UserChange(active=False))
    with pytest.raises(NotFound):
        await identity.set_roles(foreign, agent.id, dict.fromkeys([]))
    with pytest.raises(Invalid, match="role-unknown"):
        await identity.create_user(foreign, NewUser(login="x", display_name="x", roles=("no-such",)))
    assert await everybody(identity, system) == before
    assert await everybody(identity, foreign) == []


async def test_two_who_take_one_login_at_once(identity: Identity, system: Actor) -> None:
    tries = [identity.create_user(system, NewUser(login="same", display_name=f"用户 {n}")) for n in range(6)]
    results = await asyncio.gather(*tries, return_exceptions=True)

    refused = [result for result in results if isinstance(result, Conflict)]
    assert [refusal.code for refusal in refused] == ["login-taken"] * 5
    assert len(await everybody(identity, system)) == 1


async def test_administrators_stay_apart_when_two_grant_at_once(
    identity: Identity, agent: UserView, system: Actor
) -> None:
    kinds = ["system_administrator", "security_administrator", "audit_administrator"]
    await asyncio.gather(*(identity.set_roles(system, agent.id, dict.fromkeys([kind])) for kind in kinds * 3))

    assert len(await identity.role_codes(system.tenant_id, agent.id)) == 1


async def test_users_come_in_pages_by_login(identity: Identity, system: Actor) -> None:
    for number in range(5):
        await identity.create_user(system, NewUser(login=f"u{number}", display_name="x"))
    logins: list[str] = []
    after = ""
    while True:
        page = await identity.user_page(system, after=after, limit=2)
        logins += [user.login for user, _ in page.items]
        if page.next is None:
            break
        after = page.next

    assert logins == [f"u{number}" for number in range(5)]


async def test_a_customer_is_no_administrator(identity: Identity, agent: UserView, tenant: TenantView) -> None:
    for kind in (ActorKind.CUSTOMER, ActorKind.SYSTEM):
        somebody = Actor(tenant_id=tenant.id, kind=kind, id=uuid4(), permissions=frozenset({"user:manage"}))
        with pytest.raises(Forbidden):
            await identity.change_user(somebody, agent.id, UserChange(active=False))

    found = await identity.user(tenant.id, agent.id)
    assert found is not None
    assert found.active


async def narrow(database: Database, tenant: TenantView, permissions: dict[str, str]) -> None:
    """Let supervisors of the tenant do this and nothing else."""
    async with database.transaction(tenant.id) as tx:
        await tx.execute(
            update(RoleRow)
            .where(RoleRow.tenant_id == tenant.id, RoleRow.code == "supervisor")
            .values(permissions=permissions)
        )


async def test_a_giant_may_ask_for_all_its_people_at_once(identity: Identity, agent: UserView, system: Actor) -> None:
    """No database takes so many values in one statement."""
    found = await identity.users(system.tenant_id, [agent.id, *(new_id() for _ in range(40_000))])
    assert list(found) == [agent.id]


async def test_nobody_moves_oneself_and_the_audit_tells_where_others_went(
    identity: Identity, tenant: TenantView
) -> None:
    """Where one belongs is how far a department's rights reach: only somebody else changes it."""
    system = system_actor(tenant.id)
    root, *_ = await identity.org_units(tenant.id)
    unit = await identity.add_org_unit(system, root.id, "一组")
    new = NewUser(login="keeper", display_name="管理员", roles=("system_administrator",), org_unit_id=unit.id)
    keeper = await identity.create_user(system, new)
    other = await identity.create_user(system, NewUser(login="other", display_name="别人", org_unit_id=unit.id))
    actor = Actor(tenant_id=tenant.id, kind=ActorKind.USER, id=keeper.id, permissions=frozenset({"user:manage"}))
    with pytest.raises(Forbidden, match="own-account"):
        await identity.change_user(actor, keeper.id, UserChange(org_unit_id=root.id))
    assert await identity.user(tenant.id, keeper.id) == keeper
    await identity.change_user(actor, other.id, UserChange(org_unit_id=root.id))
    entry = (await identity.audit_page(system, before=None, limit=1)).items[0]
    assert (entry.action, entry.subject) == ("user.changed", str(other.id))
    assert entry.params == {"fields": "org_unit_id", "from": str(unit.id), "to": str(root.id)}
