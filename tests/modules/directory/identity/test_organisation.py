"""Departments stay a tree whatever is done to them, closing one leaves nobody behind, and posts are held or removed."""

import asyncio
import random
from uuid import UUID, uuid4

import pytest

from careline.infra.realtime.connection import Connection, Principal
from careline.kernel.errors import Conflict, DomainError, Invalid, NotFound
from careline.kernel.tenancy import Actor, ActorKind, system_actor
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.permissions import Scope
from careline.modules.directory.identity.views import NewUser, OrgUnitChange, OrgUnitView, TenantView, UserChange
from tests.support.office import Office


async def root_of(identity: Identity, tenant: TenantView) -> OrgUnitView:
    return (await identity.org_units(tenant.id))[0]


def assert_tree(units: list[OrgUnitView]) -> None:
    """Every path is that of the parent with the own id, and there is one root."""
    by_id = {unit.id: unit for unit in units}
    assert len([unit for unit in units if unit.parent_id is None]) == 1
    for unit in units:
        above = "" if unit.parent_id is None else by_id[unit.parent_id].path
        assert unit.path == f"{above}{unit.id}/"


async def test_a_department_moves_with_all_that_is_below_it(
    identity: Identity, tenant: TenantView, system: Actor
) -> None:
    root = await root_of(identity, tenant)
    one, two = [await identity.add_org_unit(system, root.id, name) for name in ("一中心", "二中心")]
    team = await identity.add_org_unit(system, one.id, "投诉组")
    deep = await identity.add_org_unit(system, team.id, "升级")

    moved = await identity.change_org_unit(system, team.id, OrgUnitChange(parent_id=two.id, name="投诉一组"), version=1)
    assert (moved.parent_id, moved.name, moved.version) == (two.id, "投诉一组", 2)
    units = await identity.org_units(tenant.id)
    assert_tree(units)
    assert next(unit.path for unit in units if unit.id == deep.id) == f"{two.path}{team.id}/{deep.id}/"


async def test_what_would_be_no_tree_is_refused(identity: Identity, tenant: TenantView, system: Actor) -> None:
    root = await root_of(identity, tenant)
    one = await identity.add_org_unit(system, root.id, "一中心")
    team = await identity.add_org_unit(system, one.id, "投诉组")
    await identity.add_org_unit(system, one.id, "综合组")
    before = await identity.org_units(tenant.id)
    refused: list[tuple[UUID, OrgUnitChange, str]] = [
        (one.id, OrgUnitChange(parent_id=team.id), "org-unit-circle"),
        (one.id, OrgUnitChange(parent_id=one.id), "org-unit-circle"),
        (root.id, OrgUnitChange(parent_id=team.id), "root-unit-stays"),
        (team.id, OrgUnitChange(parent_id=uuid4()), "org-unit-not-found"),
        (team.id, OrgUnitChange(name="综合组"), "org-unit-name-taken"),
        (team.id, OrgUnitChange(name="\x1b"), "text-not-printable"),
    ]
    for unit_id, change, code in refused:
        with pytest.raises(DomainError, match=code):
            await identity.change_org_unit(system, unit_id, change, version=1)
    with pytest.raises(Conflict, match="org-unit-changed"):
        await identity.change_org_unit(system, team.id, OrgUnitChange(name="别的"), version=2)

    assert await identity.org_units(tenant.id) == before


async def test_no_tree_is_deeper_than_it_may_be(identity: Identity, tenant: TenantView, system: Actor) -> None:
    root = await root_of(identity, tenant)
    lowest = root
    for number in range(rules.TREE_DEPTH - 1):
        lowest = await identity.add_org_unit(system, lowest.id, f"层 {number}")
    side = await identity.add_org_unit(system, root.id, "旁边")
    pair = await identity.add_org_unit(system, side.id, "一对")
    for refused in (
        identity.add_org_unit(system, lowest.id, "再深"),
        identity.change_org_unit(system, side.id, OrgUnitChange(parent_id=lowest.parent_id), version=1),
    ):
        with pytest.raises(Conflict, match="org-unit-too-deep"):
            await refused
    await identity.change_org_unit(system, pair.id, OrgUnitChange(parent_id=lowest.parent_id), version=1)


async def test_two_who_move_at_once_make_no_circle(identity: Identity, tenant: TenantView, system: Actor) -> None:
    root = await root_of(identity, tenant)
    one, two = [await identity.add_org_unit(system, root.id, name) for name in ("一", "二")]
    results = await asyncio.gather(
        identity.change_org_unit(system, one.id, OrgUnitChange(parent_id=two.id), version=1),
        identity.change_org_unit(system, two.id, OrgUnitChange(parent_id=one.id), version=1),
        return_exceptions=True,
    )
    assert [one.code for one in results if isinstance(one, Conflict)] == ["org-unit-circle"]
    assert_tree(await identity.org_units(tenant.id))


async def test_whatever_is_moved_and_closed_it_stays_a_tree(
    identity: Identity, tenant: TenantView, system: Actor
) -> None:
    chance = random.Random(20261123)
    for number in range(60):
        units = await identity.org_units(tenant.id)
        one, other = chance.choice(units), chance.choice(units)
        try:
            match chance.randrange(4):
                case 0 | 1:
                    await identity.add_org_unit(system, one.id, f"部门 {number}")
                case 2:
                    change = OrgUnitChange(parent_id=other.id)
                    await identity.change_org_unit(system, one.id, change, version=one.version)
                case _:
                    await identity.close_org_unit(system, one.id, None, version=one.version)
        except Conflict:
            assert await identity.org_units(tenant.id) == units
        assert_tree(await identity.org_units(tenant.id))


async def test_a_department_closes_when_its_people_have_somewhere_to_go(
    identity: Identity, tenant: TenantView, system: Actor
) -> None:
    root = await root_of(identity, tenant)
    old, new = [await identity.add_org_unit(system, root.id, name) for name in ("旧组", "新组")]
    below = await identity.add_org_unit(system, old.id, "下级")
    user = await identity.create_user(system, NewUser(login="a", display_name="甲", org_unit_id=old.id))

    for unit, to, code in (
        (root, None, "root-unit-stays"),
        (old, new.id, "org-unit-has-units"),
    ):
        with pytest.raises(Conflict, match=code):
            await identity.close_org_unit(system, unit.id, to, version=unit.version)
    await identity.close_org_unit(system, below.id, None, version=1)
    for to, code in ((None, "org-unit-has-people"), (old.id, "org-unit-not-found"), (below.id, "org-unit-not-found")):
        with pytest.raises(DomainError, match=code):
            await identity.close_org_unit(system, old.id, to, version=1)
    assert await identity.people_by_unit(tenant.id) == {old.id: 1}

    await identity.close_org_unit(system, old.id, new.id, version=1)
    assert [unit.id for unit in await identity.org_units(tenant.id)] == [root.id, new.id]
    moved = await identity.user(tenant.id, user.id)
    assert moved is not None
    assert (moved.org_unit_id, moved.version) == (new.id, 2)
    with pytest.raises(NotFound):
        await identity.create_user(system, NewUser(login="b", display_name="乙", org_unit_id=old.id))
    with pytest.raises(NotFound):
        await identity.change_user(system, user.id, UserChange(org_unit_id=old.id))


async def test_nobody_changes_what_their_own_rights_reach(
    identity: Identity, tenant: TenantView, system: Actor
) -> None:
    root = await root_of(identity, tenant)
    mine, beside = [await identity.add_org_unit(system, root.id, name) for name in ("一中心", "二中心")]
    team = await identity.add_org_unit(system, mine.id, "投诉组")
    new = NewUser(login="keeper", display_name="沈波", org_unit_id=mine.id, roles=("system_administrator",))
    keeper = await identity.create_user(system, new)
    actor = Actor(tenant_id=tenant.id, kind=ActorKind.USER, id=keeper.id)
    await identity.set_roles(system, keeper.id, {"system_administrator": Scope.DEPARTMENT})
    before = await identity.org_units(tenant.id)

    for unit, to in ((team, beside), (beside, mine), (beside, team)):
        with pytest.raises(Conflict, match="own-reach-changes"):
            await identity.change_org_unit(actor, unit.id, OrgUnitChange(parent_id=to.id), version=1)
    assert await identity.org_units(tenant.id) == before
    below = await identity.add_org_unit(actor, team.id, "升级")
    await identity.change_org_unit(actor, below.id, OrgUnitChange(parent_id=mine.id), version=1)
    await identity.change_org_unit(actor, mine.id, OrgUnitChange(parent_id=beside.id), version=1)
    for unit in (below, team):
        await identity.close_org_unit(actor, unit.id, None, version=2 if unit is below else 1)
    with pytest.raises(Conflict, match="own-reach-changes"):
        await identity.close_org_unit(actor, mine.id, root.id, version=2)

    await identity.set_roles(system, keeper.id, {"system_administrator": None})
    await identity.close_org_unit(actor, mine.id, root.id, version=2)
    moved = await identity.user(tenant.id, keeper.id)
    assert moved is not None
    assert moved.org_unit_id == root.id


async def test_nobody_is_put_into_a_department_that_closes_meanwhile(
    identity: Identity, tenant: TenantView, system: Actor
) -> None:
    root = await root_of(identity, tenant)
    unit = await identity.add_org_unit(system, root.id, "短命")
    await asyncio.gather(
        identity.close_org_unit(system, unit.id, root.id, version=1),
        *(
            identity.create_user(system, NewUser(login=f"u{n}", display_name="x", org_unit_id=unit.id))
            for n in range(5)
        ),
        return_exceptions=True,
    )
    open_ones = {one.id for one in await identity.org_units(tenant.id)}
    assert set(await identity.people_by_unit(tenant.id)) <= open_ones


async def test_posts_are_held_and_not_removed_from_under_anybody(
    identity: Identity, tenant: TenantView, system: Actor
) -> None:
    post = await identity.add_post(system, "投诉处理岗", "受理升级投诉\n两小时内回电")
    with pytest.raises(Conflict, match="post-name-taken"):
        await identity.add_post(system, "投诉处理岗", "")
    user = await identity.create_user(system, NewUser(login="a", display_name="甲", post_id=post.id))
    changed = await identity.change_post(system, post.id, "投诉岗", "", version=1)
    assert (changed.name, changed.duties, changed.version) == ("投诉岗", "", 2)
    for refused, code in (
        (identity.change_post(system, post.id, "x", "", version=1), "post-changed"),
        (identity.remove_post(system, post.id, version=2), "post-held"),
    ):
        with pytest.raises(Conflict, match=code):
            await refused
    assert await identity.posts(tenant.id) == [(changed, 1)]

    freed = await identity.change_user(system, user.id, UserChange(post_id=None))
    assert freed.post_id is None
    await identity.remove_post(system, post.id, version=2)
    assert await identity.posts(tenant.id) == []
    with pytest.raises(NotFound):
        await identity.change_user(system, user.id, UserChange(post_id=post.id))


async def test_hostile_names_and_duties(identity: Identity, tenant: TenantView, system: Actor) -> None:
    for name, duties in (("", ""), ("x" * 101, ""), ("\ud800", ""), ("好", "\x00"), ("好", "x" * 4001)):
        with pytest.raises(Invalid):
            await identity.add_post(system, name, duties)
    assert await identity.posts(tenant.id) == []


async def test_another_tenants_organisation_does_not_exist(
    identity: Identity, tenant: TenantView, other_tenant: TenantView, system: Actor
) -> None:
    root = await root_of(identity, tenant)
    unit = await identity.add_org_unit(system, root.id, "一中心")
    post = await identity.add_post(system, "岗", "")
    foreign = system_actor(other_tenant.id)
    user = await identity.create_user(foreign, NewUser(login="x", display_name="x"))
    before = (await identity.org_units(tenant.id), await identity.posts(tenant.id))
    for refused in (
        identity.change_org_unit(foreign, unit.id, OrgUnitChange(name="x"), version=1),
        identity.close_org_unit(foreign, unit.id, None, version=1),
        identity.change_org_unit(
            foreign, (await root_of(identity, other_tenant)).id, OrgUnitChange(parent_id=unit.id), version=1
        ),
        identity.change_post(foreign, post.id, "x", "", version=1),
        identity.remove_post(foreign, post.id, version=1),
        identity.change_user(foreign, user.id, UserChange(post_id=post.id)),
        identity.change_user(foreign, user.id, UserChange(org_unit_id=unit.id)),
    ):
        with pytest.raises(DomainError, match=r"not-found|root-unit-stays"):
            await refused
    assert (await identity.org_units(tenant.id), await identity.posts(tenant.id)) == before


async def test_who_is_brought_to_another_department_comes_back_with_what_they_may_see_there(office: Office) -> None:
    await office.bus.start()
    system, lead = system_actor(office.tenant.id), await office.staff("floor:view")
    assert lead.id is not None
    (root,) = await office.identity.org_units(system.tenant_id)
    night = await office.identity.add_org_unit(system, root.id, "夜班")

    async def here() -> Connection:
        connection = office.hub.connect(Principal(actor=lead))
        assert connection is not None
        return connection

    screen = await here()
    await office.identity.change_user(system, lead.id, UserChange(display_name="夜班班长"))
    await office.bus.settled()
    assert screen.is_open
    await office.identity.change_user(system, lead.id, UserChange(org_unit_id=night.id))
    await office.bus.settled()
    assert screen.closed.done()
    screen = await here()
    await office.identity.close_org_unit(system, night.id, root.id, version=1)
    await office.bus.settled()
    assert screen.closed.done()
