"""Agents on both databases: appointed once, with skills that exist, known by their endpoint."""

import asyncio
from uuid import uuid4

import msgspec
import pytest

from careline.infra.database.database import Database
from careline.infra.database.log import Cursor, read_after
from careline.kernel.errors import Conflict, DomainError, NotFound
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.views import NewUser, TenantView, UserChange, UserView
from careline.modules.directory.people.events import AgentChanged
from careline.modules.directory.people.facade import People
from careline.modules.directory.people.views import AgentChange, AgentView, NewAgent, SkillView


@pytest.fixture
async def skills(people: People, system: Actor) -> list[SkillView]:
    return [
        await people.add_skill(system, "broadband_fault", "宽带报障"),
        await people.add_skill(system, "tariff", "套餐与资费"),
    ]


def wanted(user: UserView) -> NewAgent:
    return NewAgent(user_id=user.id, number="8021", capacity={"voice": 1, "chat": 3}, skills={"tariff": 5})


async def changes(database: Database) -> list[AgentChanged]:
    async with database.system_reading() as reading:
        entries = await read_after(reading, Cursor(), limit=500)
    facts = [entry.recorded.event for entry in entries if entry.recorded is not None]
    return [fact for fact in facts if isinstance(fact, AgentChanged)]


async def test_a_user_becomes_an_agent(
    people: People, system: Actor, agent: UserView, skills: list[SkillView], database: Database
) -> None:
    appointed = await people.appoint(system, wanted(agent))

    assert appointed == AgentView(
        id=agent.id,
        number="8021",
        display_name="陈晓岚",
        endpoint="agent-demo-8021",
        capacity={"voice": 1, "chat": 3, "message": 0},
        skills=[("tariff", 5)],
        active=True,
    )
    assert await people.agents(system.tenant_id) == [appointed]
    assert await people.agent(system.tenant_id, agent.id) == appointed
    assert await people.by_endpoint("agent-demo-8021") == (system.tenant_id, agent.id)
    assert people.agent_endpoint("demo", "8021") == appointed.endpoint
    reference = await people.agent_of(system.tenant_id, agent.id)
    assert reference is not None
    assert (reference.id, reference.number) == (agent.id, "8021")
    assert await changes(database) == [AgentChanged(agent_id=agent.id)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": "12"}, "agent-number-not-usable"),
        ({"number": "80 21"}, "agent-number-not-usable"),
        ({"number": "8021\n"}, "agent-number-not-usable"),
        ({"number": "x"}, "agent-number-not-usable"),
        ({"capacity": {"voice": 2}}, "capacity-out-of-range"),
        ({"capacity": {"chat": -1}}, "capacity-out-of-range"),
        ({"capacity": {"telepathy": 1}}, "media-unknown"),
        ({"skills": {"tariff": 6}}, "skill-level-out-of-range"),
        ({"skills": {"tariff": 0}}, "skill-level-out-of-range"),
        ({"skills": {"cooking": 5}}, "skill-unknown"),
        ({"user_id": uuid4()}, "user-not-found"),
    ],
)
async def test_agents_that_are_not_made(
    people: People,
    system: Actor,
    agent: UserView,
    skills: list[SkillView],
    database: Database,
    change: dict[str, object],
    code: str,
) -> None:
    with pytest.raises(DomainError, match=code):
        await people.appoint(system, msgspec.structs.replace(wanted(agent), **change))

    assert await people.agents(system.tenant_id) == []
    assert await changes(database) == []


async def test_a_number_is_one_agents(
    people: People, identity: Identity, system: Actor, agent: UserView, skills: list[SkillView]
) -> None:
    users = [await identity.create_user(system, NewUser(login=f"u{n}", display_name="x")) for n in range(4)]
    tries = [people.appoint(system, wanted(user)) for user in users]
    results = await asyncio.gather(*tries, return_exceptions=True)

    assert sum(isinstance(result, Conflict) for result in results) == 3
    assert len(await people.agents(system.tenant_id)) == 1


async def test_an_agent_is_appointed_once(
    people: People, system: Actor, agent: UserView, skills: list[SkillView]
) -> None:
    first = await people.appoint(system, wanted(agent))
    with pytest.raises(Conflict, match="agent-exists"):
        await people.appoint(system, msgspec.structs.replace(wanted(agent), number="8022"))

    assert await people.agents(system.tenant_id) == [first]


async def test_what_an_agent_can_do_changes(
    people: People, system: Actor, agent: UserView, skills: list[SkillView], database: Database
) -> None:
    await people.appoint(system, wanted(agent))
    change = AgentChange(capacity={"chat": 2}, skills={"broadband_fault": 3, "tariff": 1})
    changed = await people.change(system, agent.id, change)

    assert changed.capacity == {"voice": 0, "chat": 2, "message": 0}
    assert changed.skills == [("broadband_fault", 3), ("tariff", 1)]
    assert len(await changes(database)) == 2
    with pytest.raises(NotFound):
        await people.change(system, uuid4(), change)


async def test_who_may_not_sign_in_answers_nobody(
    people: People, identity: Identity, system: Actor, agent: UserView, skills: list[SkillView]
) -> None:
    await people.appoint(system, wanted(agent))
    await identity.change_user(system, agent.id, UserChange(active=False))
    assert not (await people.agent(system.tenant_id, agent.id)).active
    assert await people.agent_of(system.tenant_id, agent.id) is None

    await identity.change_user(system, agent.id, UserChange(active=True))
    await people.change(system, agent.id, AgentChange(capacity={}, skills={}, active=False))
    assert not (await people.agent(system.tenant_id, agent.id)).active


async def test_another_tenants_agents_do_not_exist(
    people: People, system: Actor, agent: UserView, skills: list[SkillView], other_tenant: TenantView
) -> None:
    appointed = await people.appoint(system, wanted(agent))
    foreign = system_actor(other_tenant.id)

    assert await people.agents(other_tenant.id) == []
    assert await people.skills(other_tenant.id) == []
    assert await people.agent_of(other_tenant.id, agent.id) is None
    with pytest.raises(NotFound):
        await people.agent(other_tenant.id, agent.id)
    with pytest.raises(NotFound):
        await people.change(foreign, agent.id, AgentChange(capacity={}, skills={}, active=False))
    with pytest.raises(NotFound):
        await people.appoint(foreign, wanted(agent))
    assert await people.agents(system.tenant_id) == [appointed]


@pytest.mark.parametrize("endpoint", ["", "agent-demo-9999", "\x00".replace("\x00", "'"), "x" * 5000])
async def test_endpoints_that_are_nobodys(people: People, endpoint: str) -> None:
    assert await people.by_endpoint(endpoint) is None


@pytest.mark.parametrize("code", ["", "Tariff", "1x", "a-b", "a" * 42, "a b"])
async def test_skills_that_are_not_made(people: People, system: Actor, code: str) -> None:
    with pytest.raises(DomainError):
        await people.add_skill(system, code, "x")

    assert await people.skills(system.tenant_id) == []


async def test_a_skill_is_made_once(people: People, system: Actor, skills: list[SkillView]) -> None:
    with pytest.raises(Conflict):
        await people.add_skill(system, "tariff", "另一个")

    assert await people.skills(system.tenant_id) == skills
