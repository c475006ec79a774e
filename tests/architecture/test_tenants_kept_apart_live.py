"""Nobody of one centre hears of another, whichever topic they name, and no command of theirs does anything there."""

import json
from typing import Any
from uuid import UUID

from careline.infra.realtime.connection import Connection, Principal
from careline.infra.realtime.hub import Hub
from careline.kernel.tenancy import Actor, ActorKind
from tests.support.house import STRANGER, House
from tests.support.occupied import occupied

WHOLE = {"cases", "floor", "wall"}
"""Topics without an id are those of one's own centre."""


def told(connection: Connection) -> list[dict[str, Any]]:
    return [json.loads(text) for text in connection._queue.values()]


async def everybody_of_the_other_centre(house: House) -> list[Principal]:
    """Who may do everything there, and a customer."""
    stranger = await house.sign_in(STRANGER, tenant="demo2")
    permissions = frozenset(stranger.session["permissions"])
    async with house.nobody() as guest:
        made = await guest.post("/api/v1/visitor", json={"tenant": "demo2", "locale": "zh-CN"})
    tenant_id = house.other.id
    staff = Actor(tenant_id=tenant_id, kind=ActorKind.USER, id=UUID(stranger.user_id), permissions=permissions)
    customer = Actor(tenant_id=tenant_id, kind=ActorKind.CUSTOMER, id=UUID(made.json()["visitor_id"]))
    return [Principal(actor=staff), Principal(actor=customer)]


async def connected(hub: Hub, principal: Principal) -> Connection:
    connection = hub.connect(principal)
    assert connection is not None
    return connection


async def test_no_topic_of_another_centre_is_followed_by_its_ids(house: House) -> None:
    foreign, hub = await occupied(house), house.careline.hub
    prefixes = set(hub._permissions)
    assert {"agent", "case", "conversation", "colleagues"} <= prefixes
    for principal in await everybody_of_the_other_centre(house):
        for prefix in prefixes:
            for kind, one in foreign.items():
                connection = await connected(hub, principal)
                topic = f"{prefix}:{one}"
                await hub.handle(connection, json.dumps({"t": "sub", "topic": topic, "from": None}))
                codes = [frame["code"] for frame in told(connection) if frame["t"] == "err"]
                assert codes == ["topic-refused"], f"{principal.actor.kind} follows {topic}, the id of a {kind}"
                assert connection.topics == set()
                hub.gone(connection)


async def test_what_happens_in_one_centre_is_not_heard_in_another(house: House) -> None:
    foreign, hub = await occupied(house), house.careline.hub
    staff, customer = await everybody_of_the_other_centre(house)
    listener = await connected(hub, staff)
    for topic in sorted(WHOLE & set(hub._permissions)):
        await hub.handle(listener, json.dumps({"t": "sub", "topic": topic, "from": None}))
    assert listener.topics == WHOLE
    listener._queue.clear()
    agent = await house.sign_in("8025")
    held = frozenset(agent.session["permissions"])
    actor = Actor(tenant_id=house.tenant.id, kind=ActorKind.USER, id=UUID(agent.user_id), permissions=held)
    there, topic = await connected(hub, Principal(actor=actor)), f"conversation:{foreign['conversation']}"
    await hub.handle(there, json.dumps({"t": "sub", "topic": topic, "from": None}))
    assert there.topics == {topic}
    there._queue.clear()
    before = house.rows_of(house.tenant.id)
    for principal in (staff, customer):
        speaker = await connected(hub, principal)
        for name, data in (
            ("typing", {"conversation_id": foreign["conversation"]}),
            ("read", {"conversation_id": foreign["conversation"], "seq": 1}),
        ):
            await hub.handle(speaker, json.dumps({"t": "cmd", "id": "1", "name": name, "data": data}))
    await house.careline.bus.settled()
    assert told(there) == []
    assert house.rows_of(house.tenant.id) == before

    comment = await agent.ask("POST", f"/api/v1/cases/{foreign['case']}/comment", json={"text": "只在本中心"})
    assert comment.status_code == 200, comment.text
    await house.careline.bus.settled()
    heard = [frame for frame in told(listener) if frame["t"] == "ev"]
    assert not any(one in json.dumps(heard) for one in foreign.values())
    assert not any(frame["topic"] == "cases" for frame in heard)
