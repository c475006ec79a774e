"""A centre that was only just made serves its first chat: nothing else could make a flow for it."""

import asyncio
from uuid import uuid4

from careline.entrypoints.cli.founding import FIRST_QUEUE, found
from careline.modules.directory.identity.views import NewTenant
from tests.support.house import House
from tests.support.waiting import PATIENCE_S


async def test_the_first_chat_of_a_new_centre_waits_for_a_person(house: House) -> None:
    tenant = await found(house.careline, NewTenant(code="north", name="北方"))
    async with house.nobody() as http:
        entered = (await http.post("/api/v1/visitor", json={"tenant": "north", "locale": "zh-CN"})).json()
        http.headers["Authorization"] = f"Bearer {entered['token']}"
        said = await http.post("/api/v1/visitor/messages", json={"client_id": str(uuid4()), "text": "您好"})
        assert said.status_code == 201, said.text
        async with asyncio.timeout(PATIENCE_S):
            while (shown := (await http.get("/api/v1/visitor/conversation")).json())["queue_position"] is None:
                await asyncio.sleep(0.02)
    assert (shown["state"], shown["queue_position"]) == ("queued", 1)
    [queue] = await house.careline.routing.facade.stored_queues(tenant.id)
    assert queue.name == FIRST_QUEUE[1]
