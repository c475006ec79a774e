"""Agents, skills, desks and reasons as administrators set them, over HTTP, and what comes of it at the desks."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from careline.kernel.ids import new_id
from careline.kernel.tenancy import system_actor
from careline.modules.core.routing.views import Chosen, Media, NewItem
from careline.modules.directory.identity.views import NewUser
from tests.support.house import PASSWORD, Browser, House

CAPACITY = {"voice": 1, "chat": 3}


@pytest.fixture
async def admin(house: House) -> Browser:
    return await house.sign_in("sysadmin")


async def agents_of(admin: Browser, **query: Any) -> dict[str, dict[str, Any]]:
    answer = await admin.ask("GET", "/api/v1/agents", params=query)
    assert answer.status_code == 200, answer.text
    return {one["number"]: one for one in answer.json()["items"]}


async def changed(admin: Browser, agent: dict[str, Any], **more: Any) -> httpx.Response:
    body = {name: value for name, value in {**agent, **more}.items() if name not in ("id", "number", "display_name")}
    return await admin.ask("PUT", f"/api/v1/agents/{agent['id']}", json=body)


async def heard(house: House) -> None:
    await house.careline.bus.catch_up()
    await house.careline.bus.settled()
    await house.careline.routing.facade._shards.settled()


async def asked(house: House, queue: str, **more: Any) -> NewItem:
    now = house.careline.clock.now()
    item = NewItem(id=new_id(), interaction_id=new_id(), media=Media.CHAT, queue=queue, enqueued_at=now, **more)
    async with house.careline.database.transaction(house.tenant.id) as tx:
        await house.careline.routing.facade.enqueue(tx, item)
    await heard(house)
    return item


async def ready(house: House, *agents: dict[str, Any]) -> None:
    for agent in agents:
        await house.careline.routing.facade.choose(house.tenant.id, UUID(agent["id"]), Chosen.READY, None)


def holder(house: House, item: NewItem, agents: dict[str, dict[str, Any]]) -> str | None:
    """The number of the agent to whom an item is offered."""
    routing = house.careline.routing.facade
    for number, agent in agents.items():
        if any(offer.item_id == item.id for offer in routing.offers_of(house.tenant.id, UUID(agent["id"]))):
            return number
    return None


async def test_agents_are_listed_found_and_paged(admin: Browser) -> None:
    everybody = await agents_of(admin)
    assert list(everybody) == ["8001", *(f"802{last}" for last in range(1, 9))]
    assert everybody["8021"]["skills"]["tariff"] == 4
    assert list(await agents_of(admin, q="林志")) == ["8022"]
    assert list(await agents_of(admin, skill="complaint", q="802")) == ["8021", "8024", "8028"]
    first = (await admin.ask("GET", "/api/v1/agents", params={"limit": 3})).json()
    assert (len(first["items"]), first["next"]) == (3, "8022")
    assert list(await agents_of(admin, after="8026")) == ["8027", "8028"]


async def test_an_agent_is_changed_by_one_at_a_time(admin: Browser) -> None:
    agent = (await agents_of(admin))["8022"]
    answers = await asyncio.gather(*(changed(admin, agent, capacity={"voice": 1, "chat": n}) for n in range(1, 5)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    (won,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert (await agents_of(admin))["8022"] == won
    late = await changed(admin, agent)
    assert (late.status_code, late.json()["code"]) == (409, "settings-changed")
    assert (await changed(admin, won, active=False)).json()["active"] is False


async def test_a_user_is_made_an_agent_and_seated(house: House, admin: Browser) -> None:
    wanted = NewUser(login="8060", display_name="新来的", password=PASSWORD, roles=("agent",))
    user = await house.careline.identity.facade.create_user(system_actor(house.tenant.id), wanted)
    desk = (await admin.ask("POST", "/api/v1/desks", json={"name": "长者", "queues": [], "kinds": ["elder"]})).json()
    body = {"user_id": str(user.id), "number": "8060", "capacity": CAPACITY, "skills": {"tariff": 5}}
    answer = await admin.ask("POST", "/api/v1/agents", json={**body, "desk_id": desk["id"]})
    assert (answer.status_code, answer.json()["desk_id"]) == (201, desk["id"]), answer.text
    again = await admin.ask("POST", "/api/v1/agents", json={**body, "number": "8061"})
    assert (again.status_code, again.json()["code"]) == (409, "agent-exists")
    in_use = await admin.ask("DELETE", f"/api/v1/desks/{desk['id']}")
    assert (in_use.status_code, in_use.json()["code"]) == (409, "desk-in-use")
    assert (await changed(admin, answer.json(), desk_id=None)).status_code == 200
    assert (await admin.ask("DELETE", f"/api/v1/desks/{desk['id']}")).status_code == 204


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"skills": {"juggling": 1}}, "skill-unknown", "skills"),
        ({"skills": {"tariff": 6}}, "skill-level-out-of-range", "skills"),
        ({"capacity": {"voice": 2}}, "capacity-out-of-range", "capacity/voice"),
        ({"desk_id": str(uuid4())}, "desk-unknown", "desk_id"),
        ({"queues": [str(uuid4())]}, "queue-unknown", "queues"),
    ],
)
async def test_what_is_wrong_of_an_agent_is_named(admin: Browser, more: dict[str, Any], code: str, field: str) -> None:
    agent = (await agents_of(admin))["8022"]
    answer = await changed(admin, agent, **more)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field), answer.text
    assert (await agents_of(admin))["8022"] == agent


async def test_levels_of_several_agents_change_together_or_not_at_all(admin: Browser) -> None:
    before = await agents_of(admin)
    one, two = before["8022"], before["8023"]
    changes = [
        {"agent_id": one["id"], "version": 1, "skills": {"tariff": 5, "broadband_fault": 0}},
        {"agent_id": two["id"], "version": 1, "skills": {"roaming": 3}},
    ]
    answer = await admin.ask("POST", "/api/v1/skill-levels", json={"changes": changes})
    assert answer.status_code == 200, answer.text
    now = await agents_of(admin)
    assert now["8022"]["skills"] == {"tariff": 5}
    assert now["8023"]["skills"] == {**two["skills"], "roaming": 3}
    assert (now["8022"]["version"], now["8022"]["capacity"]) == (2, one["capacity"])

    stale = [{**changes[0], "version": 2, "skills": {"tariff": 1}}, changes[1]]
    refused = await admin.ask("POST", "/api/v1/skill-levels", json={"changes": stale})
    assert (refused.status_code, refused.json()["params"]["agent"]) == (409, "8023")
    assert (await agents_of(admin))["8022"]["skills"] == {"tariff": 5}, "all of them or none"


async def test_skills_are_made_renamed_and_removed(house: House, admin: Browser) -> None:
    made = await admin.ask("POST", "/api/v1/skills", json={"code": "video", "name": "视频"})
    assert (made.status_code, made.json()) == (201, {"code": "video", "name": "视频", "agents": 0, "queues": []})
    agent = (await agents_of(admin))["8022"]
    await changed(admin, agent, skills={"video": 3})
    renamed = await admin.ask("PUT", "/api/v1/skills/video", json={"name": "视频客服"})
    assert (renamed.json()["name"], renamed.json()["agents"]) == ("视频客服", 1)
    in_use = await admin.ask("DELETE", "/api/v1/skills/roaming")
    assert (in_use.status_code, in_use.json()["params"]) == (409, {"queue": "国际漫游"})
    assert (await admin.ask("DELETE", "/api/v1/skills/video")).status_code == 204
    assert (await agents_of(admin))["8022"]["skills"] == {}
    assert (await admin.ask("PUT", "/api/v1/skills/video", json={"name": "x"})).status_code == 404
    auditor = await house.sign_in("auditor")
    actions = [entry["action"] for entry in (await auditor.ask("GET", "/api/v1/audit")).json()["items"]]
    assert {"skill.created", "skill.changed", "skill.removed", "agent.changed"} <= set(actions)


async def test_reasons_are_the_tenants_own(house: House, admin: Browser) -> None:
    usual = (await admin.ask("GET", "/api/v1/not-ready-reasons")).json()
    assert ([one["code"] for one in usual["items"]], usual["version"]) == (["break", "meal", "training", "meeting"], 0)
    lunch = {"code": "lunch", "name": "午餐", "name_en": "Lunch"}
    body = {"items": [lunch, usual["items"][0]], "version": 0}
    assert (await admin.ask("PUT", "/api/v1/not-ready-reasons", json=body)).json()["version"] == 1
    late = await admin.ask("PUT", "/api/v1/not-ready-reasons", json=body)
    assert (late.status_code, late.json()["code"]) == (409, "settings-changed")
    twice = {"items": [lunch, lunch], "version": 1}
    assert (await admin.ask("PUT", "/api/v1/not-ready-reasons", json=twice)).json()["code"] == "reason-twice"
    assert (await admin.ask("PUT", "/api/v1/not-ready-reasons", json={"items": [], "version": 1})).status_code == 422
    await heard(house)

    agent = await house.sign_in("8021")
    assert (await agent.ask("GET", "/api/v1/not-ready-reasons")).json()["items"][0] == lunch
    state = await agent.ask("PUT", "/api/v1/agent-state", json={"chosen": "not_ready", "reason": "lunch"})
    assert (state.status_code, state.json()["reason"]) == (200, "lunch")
    gone = await agent.ask("PUT", "/api/v1/agent-state", json={"chosen": "not_ready", "reason": "meal"})
    assert (gone.status_code, gone.json()["code"]) == (422, "reason-unknown")
    supervisor = await house.sign_in("8001")
    floor = (await supervisor.ask("GET", "/api/v1/floor")).json()
    assert [one["reason"] for one in floor["agents"] if one["id"] == agent.user_id] == ["lunch"]


async def test_a_desk_is_asked_first_for_its_kind_and_serves_nobody_else(house: House, admin: Browser) -> None:
    agents = await agents_of(admin)
    wanted = {"name": "金卡专席", "queues": [], "kinds": ["gold", "diamond"]}
    desk = (await admin.ask("POST", "/api/v1/desks", json=wanted)).json()
    await changed(admin, agents["8027"], desk_id=desk["id"])  # tariff 3, the least of all
    await heard(house)
    await ready(house, agents["8025"], agents["8027"])
    gold, plain = await asked(house, "tariff", kind="gold"), await asked(house, "tariff")
    assert (holder(house, gold, agents), holder(house, plain, agents)) == ("8027", "8025")
    why = house.careline.routing.facade.offers_of(house.tenant.id, UUID(agents["8027"]["id"]))[0].why
    assert {one.code: one.params for one in why}["dedicated-desk"] == {"desk": "金卡专席"}

    for _ in range(3):  # the desk is full, so the queue's other agents serve its kind too
        await asked(house, "tariff", kind="gold")
    assert len(house.careline.routing.facade.offers_of(house.tenant.id, UUID(agents["8025"]["id"]))) == 2
    await house.careline.routing.facade.choose(house.tenant.id, UUID(agents["8025"]["id"]), Chosen.OFFLINE, None)
    assert holder(house, plain, agents) is None, "a desk serves nobody but its own"


async def test_an_agent_serves_only_the_queues_they_are_given(house: House, admin: Browser) -> None:
    agents = await agents_of(admin)
    queues = {one["code"]: one["id"] for one in (await admin.ask("GET", "/api/v1/queues")).json()["items"]}
    await changed(admin, agents["8025"], queues=[queues["roaming"]])
    await heard(house)
    await ready(house, agents["8025"])
    tariff, roaming = await asked(house, "tariff"), await asked(house, "roaming")
    assert (holder(house, tariff, agents), holder(house, roaming, agents)) == (None, "8025")


async def with_strategy(admin: Browser, code: str, **rules: Any) -> None:
    (queue,) = [one for one in (await admin.ask("GET", "/api/v1/queues")).json()["items"] if one["code"] == code]
    body = {name: value for name, value in queue.items() if name not in ("id", "code")}
    body["rules"] = {**queue["rules"], **rules}
    answer = await admin.ask("PUT", f"/api/v1/queues/{queue['id']}", json=body)
    assert answer.status_code == 200, answer.text


async def test_round_robin_goes_round(house: House, admin: Browser) -> None:
    await with_strategy(admin, "tariff", strategy="round-robin")
    await heard(house)
    agents = await agents_of(admin)
    three = [agents[number] for number in ("8025", "8026", "8027")]
    await ready(house, *three)
    got = [holder(house, await asked(house, "tariff"), agents) for _ in range(6)]
    assert got[:3] == got[3:]
    assert sorted(filter(None, got[:3])) == ["8025", "8026", "8027"]


async def test_the_last_agent_gets_the_customer_again(house: House, admin: Browser) -> None:
    await with_strategy(admin, "tariff", strategy="last-agent")
    await heard(house)
    agents = await agents_of(admin)
    await ready(house, agents["8025"], agents["8027"])
    item = await asked(house, "tariff", preferred_agent_id=UUID(agents["8027"]["id"]))
    assert holder(house, item, agents) == "8027"
    (offer,) = house.careline.routing.facade.offers_of(house.tenant.id, UUID(agents["8027"]["id"]))
    assert offer.why[0].code == "last-agent"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/agents"),
        ("GET", "/skills"),
        ("GET", "/desks"),
        ("POST", "/skills"),
        ("POST", "/desks"),
        ("POST", "/skill-levels"),
        ("PUT", "/not-ready-reasons"),
    ],
)
async def test_agents_may_not_set_anything(house: House, method: str, path: str) -> None:
    agent = await house.sign_in("8021")
    body = {
        "/skills": {"code": "x", "name": "x"},
        "/desks": {"name": "x", "queues": [], "kinds": []},
        "/skill-levels": {"changes": []},
        "/not-ready-reasons": {"items": [], "version": 0},
    }.get(path)
    answer = await agent.ask(method, f"/api/v1{path}", json=body if method != "GET" else None)
    assert (answer.status_code, answer.json()["params"]) == (403, {"permission": "routing:manage"})


async def test_another_tenants_agents_and_desks_do_not_exist(house: House, admin: Browser) -> None:
    agent = (await agents_of(admin))["8022"]
    desk = (await admin.ask("POST", "/api/v1/desks", json={"name": "x", "queues": [], "kinds": []})).json()
    stranger = await house.sign_in("stranger", tenant="demo2")
    assert (await changed(stranger, agent, skills={})).status_code == 404
    assert (await stranger.ask("GET", f"/api/v1/agents/{agent['id']}")).status_code == 404
    path = f"/api/v1/desks/{desk['id']}"
    body = {"name": "y", "queues": [], "kinds": [], "version": 1}
    assert (await stranger.ask("PUT", path, json=body)).status_code == 404
    assert (await stranger.ask("DELETE", path)).status_code == 404
    levels = {"changes": [{"agent_id": agent["id"], "version": 1, "skills": {}}]}
    assert (await stranger.ask("POST", "/api/v1/skill-levels", json=levels)).status_code == 404
    assert (await agents_of(admin))["8022"] == agent
