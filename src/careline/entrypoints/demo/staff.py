"""The demo's organisation: departments, users with roles, skills and agents."""

from collections.abc import Collection
from uuid import UUID

import msgspec

from careline.bootstrap import Careline
from careline.entrypoints.demo.accounts import ACCOUNTS, KnownAccount
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.directory.identity.views import NewRole, NewUser, TenantView, UserChange, UserView
from careline.modules.directory.people.views import NewAgent

UNITS = {
    "centre": ("", "客服一中心"),
    "premium": ("centre", "全球通专席组"),
    "broadband": ("centre", "宽带报障组"),
    "general": ("centre", "综合服务组"),
    "complaints": ("centre", "投诉一组"),
    "operations": ("", "运营支撑部"),
}
"""Key → (key of the department above, name)."""

POSTS = {
    "全球通专席": ("premium", "接听全球通客户来电\n主动告知套餐与权益\n当场办结，办不了的跟到底"),
    "宽带报障坐席": ("broadband", "判断故障并远程修复\n需要上门的派给装维\n装维完成后回访"),
    "综合服务坐席": ("general", "咨询、办理与查询\n分辨投诉并转投诉组"),
    "投诉处理专员": ("complaints", "两小时内首次联系客户\n查明原因，给出解释与补偿\n按时限答复并归档"),
    "值班班长": ("centre", "看住现场：排队、接通率、人员状态\n支援难缠的来电\n班后复盘"),
}
"""Name of a post → (key of the department whose people hold it, duties)."""

OWN_ROLE = NewRole(
    code="floor_observer", name="现场观察员", permissions={"floor:view": "tenant", "insight:view": "tenant"}
)
"""One that the centre made itself."""

SKILLS = {
    "broadband_fault": "宽带报障",
    "tariff": "套餐与资费",
    "roaming": "国际漫游",
    "complaint": "投诉",
    "global_link": "全球通专席",
}
"""Code → name; queues ask for these codes."""

AGENTS = {
    "8021": {"global_link": 5, "tariff": 4, "broadband_fault": 5, "roaming": 4, "complaint": 1},
    "8022": {"broadband_fault": 5, "tariff": 2},
    "8023": {"broadband_fault": 4, "tariff": 3},
    "8024": {"broadband_fault": 3, "complaint": 2},
    "8025": {"tariff": 5, "roaming": 3},
    "8026": {"tariff": 4, "roaming": 5},
    "8027": {"tariff": 3, "broadband_fault": 2},
    "8028": {"complaint": 5, "tariff": 3},
}
"""Number of the agent, which is the login too → skills with their levels."""

CAPACITY = {"voice": 1, "chat": 3, "message": 1}

SUPERVISORS = {"8001": ({"chat": 1}, {"complaint": 4})}
"""Number → capacity and skills of a supervisor's own desk, to which they take chats over, one at a time. Who is ready
there is offered chats of complainers besides, and neither calls nor left messages."""


async def seed(careline: Careline, tenant: TenantView, known: list[KnownAccount], *, unknown: Collection[str]) -> None:
    """Make departments, users and agents. Users of ``unknown`` passwords that are there already get a new one."""
    actor = system_actor(tenant.id)
    units = await _units(careline, tenant, actor)
    posts = await _posts(careline, actor)
    users = await _users(careline, actor, Places(units, posts), known, unknown)
    if OWN_ROLE.code not in {role.code for role in await careline.identity.facade.roles(tenant.id)}:
        await careline.identity.facade.create_role(actor, OWN_ROLE)
    people = careline.people.facade
    skills = {skill.code for skill in await people.skills(tenant.id)}
    for code, name in SKILLS.items():
        if code not in skills:
            await people.add_skill(actor, code, name)
    appointed = {agent.number for agent in await people.agents(tenant.id)}
    seats = {number: (CAPACITY, levels) for number, levels in AGENTS.items()}
    for number, (capacity, levels) in {**seats, **SUPERVISORS}.items():
        if number not in appointed:
            agent = NewAgent(user_id=users[number].id, number=number, capacity=capacity, skills=levels)
            await people.appoint(actor, agent)


async def _units(careline: Careline, tenant: TenantView, actor: Actor) -> dict[str, UUID]:
    there = await careline.identity.facade.org_units(tenant.id)
    by_place = {(unit.parent_id, unit.name): unit.id for unit in there}
    made = {"": next(unit.id for unit in there if unit.parent_id is None)}
    for key, (above, name) in UNITS.items():
        place = (made[above], name)
        if place not in by_place:
            by_place[place] = (await careline.identity.facade.add_org_unit(actor, made[above], name)).id
        made[key] = by_place[place]
    return made


async def _posts(careline: Careline, actor: Actor) -> dict[str, UUID]:
    """Key of a department → the post of its people."""
    there = {post.name: post.id for post, _ in await careline.identity.facade.posts(actor.tenant_id)}
    made = {}
    for name, (unit, duties) in POSTS.items():
        if name not in there:
            there[name] = (await careline.identity.facade.add_post(actor, name, duties)).id
        made[unit] = there[name]
    return made


class Places(msgspec.Struct, frozen=True):
    """Where people are put, by the key of a department."""

    units: dict[str, UUID]
    posts: dict[str, UUID]


async def _users(
    careline: Careline, actor: Actor, places: Places, known: list[KnownAccount], unknown: Collection[str]
) -> dict[str, UserView]:
    identity = careline.identity.facade
    users = {}
    for account, shown in zip(ACCOUNTS, known, strict=True):
        user = await identity.user_by_login(actor.tenant_id, account.login)
        if user is None:
            wanted = NewUser(
                login=account.login,
                display_name=account.display_name,
                org_unit_id=places.units[account.unit],
                post_id=places.posts.get(account.unit),
                password=shown.password,
                roles=account.roles,
            )
            user = await identity.create_user(actor, wanted)
        elif account.login in unknown:
            user = await identity.change_user(actor, user.id, UserChange(password=shown.password))
        users[account.login] = user
    return users
