"""Agents, skills, queues and tenants that come or change while the application runs are routed at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from careline.bootstrap import Careline, build
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId, system_actor
from careline.modules.core.routing.views import Chosen, Media, NewItem
from careline.modules.directory.identity.views import NewTenant, NewUser, UserChange
from careline.modules.directory.people.views import AgentChange, AgentView, NewAgent
from tests.support.house import CHEAP, PASSWORD, House
from tests.support.waiting import PATIENCE_S

VIDEO = "video"
CAPACITY = {"voice": 1, "chat": 3}


@asynccontextmanager
async def command_line(house: House) -> AsyncIterator[Careline]:
    """Another process on the same data: put together, never started."""
    careline = await build(house.careline.settings, cost=CHEAP)
    try:
        yield careline
    finally:
        await careline.close()


async def appointed(careline: Careline, actor: Actor, number: str, **skills: int) -> AgentView:
    wanted = NewUser(login=number, display_name="新来的", password=PASSWORD, roles=("agent",))
    user = await careline.identity.facade.create_user(actor, wanted)
    new = NewAgent(user_id=user.id, number=number, capacity=CAPACITY, skills=skills)
    return await careline.people.facade.appoint(actor, new)


async def heard(house: House) -> None:
    """What is done every second, and what comes of it."""
    await house.careline.bus.catch_up()
    await house.careline.bus.settled()
    await house.careline.routing.facade._shards.settled()


async def asked(house: House, tenant_id: TenantId, queue: str) -> UUID:
    item = NewItem(
        id=new_id(), interaction_id=new_id(), media=Media.CHAT, queue=queue, enqueued_at=house.careline.clock.now()
    )
    async with house.careline.database.transaction(tenant_id) as tx:
        await house.careline.routing.facade.enqueue(tx, item)
    await heard(house)
    return item.id


def offered(house: House, agent: AgentView, tenant_id: TenantId) -> list[UUID]:
    return [offer.item_id for offer in house.careline.routing.facade.offers_of(tenant_id, agent.id)]


async def test_an_agent_made_by_the_command_line_signs_in_and_is_offered_a_chat(house: House) -> None:
    async with command_line(house) as elsewhere:
        await appointed(elsewhere, system_actor(house.tenant.id), "8050", tariff=5)
    desk = await house.sign_in("8050")
    chosen = await desk.ask("PUT", "/api/v1/agent-state", json={"chosen": "ready", "reason": None})
    assert chosen.status_code == 200, chosen.text
    async with house.nobody() as guest:
        entered = await guest.post(
            "/api/v1/visitor", json={"tenant": "demo", "name": None, "msisdn": None, "locale": "zh-CN"}
        )
        guest.headers["Authorization"] = f"Bearer {entered.json()['token']}"
        said = await guest.post("/api/v1/visitor/messages", json={"client_id": str(uuid4()), "text": "你好"})
        assert said.status_code == 201, said.text
    async with asyncio.timeout(PATIENCE_S):
        while not (offers := (await desk.ask("GET", "/api/v1/inbox")).json()["offers"]):
            await asyncio.sleep(0.01)
    (offer,) = offers

    assert offer["interaction_id"] == said.json()["interaction_id"]
    taken = await desk.ask("POST", f"/api/v1/offers/{offer['id']}/accept", json={"token": offer["token"]})
    assert taken.status_code == 200, taken.text


async def test_a_new_skill_and_queue_are_served_by_who_learned_it(house: House) -> None:
    careline, tenant_id = house.careline, house.tenant.id
    actor, routing = system_actor(tenant_id), careline.routing.facade
    agents = {agent.number: agent for agent in await careline.people.facade.agents(tenant_id)}
    for number in ("8021", "8022"):
        await routing.choose(tenant_id, agents[number].id, Chosen.READY, None)
    waiting = await asked(house, tenant_id, "tariff")
    before = {number: offered(house, agents[number], tenant_id) for number in ("8021", "8022")}
    assert [waiting] in before.values()
    async with command_line(house) as elsewhere:
        await elsewhere.people.facade.add_skill(actor, VIDEO, "视频客服")
        async with elsewhere.database.transaction(tenant_id) as tx:
            await elsewhere.routing.facade.add_queue(
                tx, code=VIDEO, name="视频客服", media=[Media.CHAT], needs=[(VIDEO, 3)]
            )
    await heard(house)
    assert VIDEO in {queue.code for queue in routing.queues(tenant_id)}
    assert {number: offered(house, agents[number], tenant_id) for number in before} == before, "offers stand"
    item_id = await asked(house, tenant_id, VIDEO)
    assert not any(item_id in offered(house, agent, tenant_id) for agent in agents.values())

    change = AgentChange(capacity=CAPACITY, skills={VIDEO: 4})
    await careline.people.facade.change(actor, agents["8022"].id, change)
    await heard(house)
    assert item_id in offered(house, agents["8022"], tenant_id)
    (view,) = [one for one in routing.offers_of(tenant_id, agents["8022"].id) if one.item_id == item_id]
    assert any(why.params.get("skill") == "视频客服" for why in view.why)


async def test_who_is_not_active_any_more_leaves_and_the_offer_goes_on(house: House) -> None:
    careline, tenant_id = house.careline, house.tenant.id
    actor, routing = system_actor(tenant_id), careline.routing.facade
    first = await appointed(careline, actor, "8051", tariff=5)
    second = await appointed(careline, actor, "8052", tariff=1)
    for agent in (first, second):
        await routing.choose(tenant_id, agent.id, Chosen.READY, None)
    item_id = await asked(house, tenant_id, "tariff")
    assert offered(house, first, tenant_id) == [item_id]
    await careline.identity.facade.change_user(actor, first.id, UserChange(active=False))
    await heard(house)

    assert offered(house, first, tenant_id) == []
    assert offered(house, second, tenant_id) == [item_id]
    assert (await routing.agent_state(tenant_id, first.id)).chosen is Chosen.OFFLINE


async def test_a_tenant_made_while_it_runs_is_routed(house: House) -> None:
    async with command_line(house) as elsewhere:
        tenant = await elsewhere.identity.facade.found_tenant(NewTenant(code="late", name="后来的"))
        async with elsewhere.database.transaction(tenant.id) as tx:
            await elsewhere.routing.facade.add_queue(tx, code="all", name="全部", media=[Media.CHAT], needs=[])
        agent = await appointed(elsewhere, system_actor(tenant.id), "7001")
    await heard(house)
    await house.careline.routing.facade.choose(tenant.id, agent.id, Chosen.READY, None)
    item_id = await asked(house, tenant.id, "all")

    assert offered(house, agent, tenant.id) == [item_id]


async def test_the_floor_knows_a_new_agent(house: House) -> None:
    agent = await appointed(house.careline, system_actor(house.tenant.id), "8053", tariff=1)
    await heard(house)
    supervisor = await house.sign_in("8001")
    floor = (await supervisor.ask("GET", "/api/v1/floor")).json()

    (shown,) = [one for one in floor["agents"] if one["id"] == str(agent.id)]
    assert shown["state"] == "offline"
