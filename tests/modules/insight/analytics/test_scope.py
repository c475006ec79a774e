"""Whose permission ends at a department sees and follows that department's agents, and what all see of the queues."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from careline.infra.realtime.connection import Connection, Principal
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.core.routing.views import Chosen
from careline.modules.directory.identity.permissions import BuiltInRole, Scope
from careline.modules.directory.identity.repository import roles
from careline.modules.directory.identity.views import NewUser, OrgUnitChange, UserChange
from careline.modules.directory.people.views import AgentView
from tests.modules.insight.analytics.conftest import Insight
from tests.support.office import code_of
from tests.support.waiting import until

FLOOR = ("floor:view", "floor:direct")


@dataclass
class Teams:
    """Two departments, one below the other and one beside, with an agent in each, and leads of different reach."""

    insight: Insight
    night: UUID
    in_night: AgentView
    elsewhere: AgentView

    async def lead(self, scope: Scope) -> Actor:
        """Who may watch and direct so far, and works in the night shift."""
        office, tenant = self.insight.office, self.insight.office.tenant
        code = f"lead_{scope.value}"
        # Not by the way that administrators take, which offers no scope of one's own for the floor.
        role = BuiltInRole(code=code, name="班长", permissions=dict.fromkeys(FLOOR, scope))
        async with office.database.transaction(tenant.id) as tx:
            await roles.add_built_in_roles(tx, tenant.id, [role])
        new = NewUser(login=code, display_name="夜班班长", org_unit_id=self.night)
        user = await office.identity.create_user(system_actor(tenant.id), new)
        await office.identity.set_roles(system_actor(tenant.id), user.id, {code: None})
        return Actor(tenant_id=tenant.id, kind=self.insight.supervisor.kind, id=user.id, permissions=frozenset(FLOOR))


@pytest.fixture
async def teams(insight: Insight) -> Teams:
    office, centre = insight.office, insight.centre
    system = system_actor(office.tenant.id)
    (root,) = await office.identity.org_units(office.tenant.id)
    night = await office.identity.add_org_unit(system, root.id, "夜班")
    centre.people.known.clear()
    agents = []
    for unit in (night.id, root.id):
        actor = await office.agent()
        assert actor.id is not None
        await office.identity.change_user(system, actor.id, UserChange(org_unit_id=unit))
        agent = next(one for one in await office.people.agents(office.tenant.id) if one.id == actor.id)
        agents.append(agent)
        centre.people.known.append(agent)
        await centre.routing.choose(office.tenant.id, agent.id, Chosen.READY, None)
    return Teams(insight, night.id, agents[0], agents[1])


async def floor_of(teams: Teams, who: Actor) -> dict[str, Any]:
    answer = await teams.insight.doors.get(who, "/floor")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def test_a_reach_shows_whom_it_covers(teams: Teams) -> None:
    everybody = {str(teams.in_night.id), str(teams.elsewhere.id)}
    for scope, seen, topic in (
        (Scope.TENANT, everybody, "floor"),
        (Scope.DEPARTMENT, {str(teams.in_night.id)}, f"floor:{teams.night}"),
        (Scope.OWN, set(), None),
    ):
        floor = await floor_of(teams, await teams.lead(scope))
        shown = {agent["id"] for agent in floor["agents"]} & everybody
        assert (shown, floor["topic"]) == (seen, topic), scope
        assert all(sum(queue["agents"].values()) <= len(floor["agents"]) for queue in floor["queues"])
    team = next(one for one in (await floor_of(teams, teams.insight.supervisor))["teams"] if one["name"] == "夜班")
    assert team["id"] == str(teams.night)


def floor_with(screen: Connection, state: str) -> dict[str, Any] | None:
    """The last that a screen was told, once there is an agent in this state in it."""
    told = [one for one in heard(screen) if one["t"] == "ev"]
    return told[-1] if told and state in [agent["state"] for agent in told[-1]["data"]["agents"]] else None


async def test_live_it_is_told_as_far_as_it_reaches_and_no_topic_of_others(teams: Teams) -> None:
    lead = await teams.lead(Scope.DEPARTMENT)
    hub = teams.insight.office.hub
    screen = await follow(teams, lead, f"floor:{teams.night}")
    for topic in ("floor", f"floor:{teams.elsewhere.id}"):
        assert [one["t"] for one in heard(await follow(teams, lead, topic))] == ["err"]
    await teams.insight.centre.routing.choose(lead.tenant_id, teams.in_night.id, Chosen.NOT_READY, "meal")
    last = await until(lambda: floor_with(screen, "not_ready"), "floor that is told")
    assert [agent["id"] for agent in last["data"]["agents"]] == [str(teams.in_night.id)]
    assert last["topic"] == last["data"]["topic"] == f"floor:{teams.night}"
    hub.gone(screen)


async def test_a_department_that_is_moved_keeps_its_floor(teams: Teams) -> None:
    lead = await teams.lead(Scope.DEPARTMENT)
    identity, system = teams.insight.office.identity, system_actor(lead.tenant_id)
    root, *_ = await identity.org_units(lead.tenant_id)
    above = await identity.add_org_unit(system, root.id, "大区")
    screen = await follow(teams, lead, f"floor:{teams.night}")
    await identity.change_org_unit(system, teams.night, OrgUnitChange(parent_id=above.id), version=1)
    teams.insight.office.clock.advance(120)
    await teams.insight.centre.routing.choose(lead.tenant_id, teams.in_night.id, Chosen.NOT_READY, "meal")
    last = await until(lambda: floor_with(screen, "not_ready"), "floor that is told")
    assert [agent["id"] for agent in last["data"]["agents"]] == [str(teams.in_night.id)]


async def test_the_day_of_who_is_outside_is_not_shown(teams: Teams) -> None:
    lead = await teams.lead(Scope.DEPARTMENT)
    inside = await teams.insight.doors.get(lead, f"/floor/agents/{teams.in_night.id}/shift")
    outside = await teams.insight.doors.get(lead, f"/floor/agents/{teams.elsewhere.id}/shift")
    assert (inside.status_code, outside.status_code, code_of(outside)) == (200, 403, "outside-your-scope")
    nobody = await teams.insight.doors.get(teams.insight.supervisor, f"/floor/agents/{teams.night}/shift")
    assert nobody.status_code == 404


async def test_nobody_outside_is_directed(teams: Teams) -> None:
    lead = await teams.lead(Scope.DEPARTMENT)
    identity = teams.insight.office.identity
    await identity.check_reach(lead, teams.in_night.id, "floor:direct")
    with pytest.raises(Exception, match="outside-your-scope"):
        await identity.check_reach(lead, teams.elsewhere.id, "floor:direct")
    with pytest.raises(Exception, match="permission-missing"):
        await identity.reach(lead, "audit:read")


async def follow(teams: Teams, actor: Actor, topic: str) -> Connection:
    hub = teams.insight.office.hub
    connection = hub.connect(Principal(actor=actor))
    assert connection is not None
    await hub.handle(connection, json.dumps({"t": "sub", "topic": topic, "from": None}))
    return connection


def heard(connection: Connection) -> list[dict[str, Any]]:
    frames = [json.loads(text) for text in connection._queue.values()]
    return [frame for frame in frames if frame["t"] in ("ev", "err")]
