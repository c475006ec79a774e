"""The demo's organisation: departments, users with roles, skills and agents."""

from collections.abc import Collection
from uuid import UUID

from careline.bootstrap import Careline
from careline.entrypoints.demo.accounts import ACCOUNTS, KnownAccount
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.directory.identity.views import NewUser, TenantView, UserChange, UserView
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

CAPACITY = {"voice": 1, "chat": 3}


async def seed(careline: Careline, tenant: TenantView, known: list[KnownAccount], *, unknown: Collection[str]) -> None:
    """Make departments, users and agents. Users of ``unknown`` passwords that are there already get a new one."""
    actor = system_actor(tenant.id)
    units = await _units(careline, tenant, actor)
    users = await _users(careline, actor, units, known, unknown)
    people = careline.people.facade
    skills = {skill.code for skill in await people.skills(tenant.id)}
    for code, name in SKILLS.items():
        if code not in skills:
            await people.add_skill(actor, code, name)
    appointed = {agent.number for agent in await people.agents(tenant.id)}
    for number, levels in AGENTS.items():
        if number not in appointed:
            agent = NewAgent(user_id=users[number].id, number=number, capacity=CAPACITY, skills=levels)
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


async def _users(
    careline: Careline, actor: Actor, units: dict[str, UUID], known: list[KnownAccount], unknown: Collection[str]
) -> dict[str, UserView]:
    identity = careline.identity.facade
    users = {}
    for account, shown in zip(ACCOUNTS, known, strict=True):
        user = await identity.user_by_login(actor.tenant_id, account.login)
        if user is None:
            wanted = NewUser(
                login=account.login,
                display_name=account.display_name,
                org_unit_id=units[account.unit],
                password=shown.password,
                roles=account.roles,
            )
            user = await identity.create_user(actor, wanted)
        elif account.login in unknown:
            user = await identity.change_user(actor, user.id, UserChange(password=shown.password))
        users[account.login] = user
    return users
