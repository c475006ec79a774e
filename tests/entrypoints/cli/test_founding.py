"""A centre that was only just made serves its first chat: nothing else could make a flow for it."""

import asyncio
from uuid import uuid4

import pytest

from careline.entrypoints.cli.founding import FIRST_QUEUE, found
from careline.kernel.errors import DomainError
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


async def test_a_new_centre_has_a_flow_for_calls_and_the_number_that_it_was_given(house: House) -> None:
    tenant = await found(house.careline, NewTenant(code="north", name="北方"), number="010-1234 5678")
    assert await house.careline.telephony.facade.numbers(tenant.id) == ["01012345678"]
    [flow] = await house.careline.flows.facade.in_force(tenant.id)
    assert flow.code == "hotline"


async def test_no_centre_is_made_for_a_number_that_it_cannot_have(house: House) -> None:
    for number, code in (("10086", "number-not-available"), ("none", "number-unreadable")):
        with pytest.raises(DomainError) as refused:
            await found(house.careline, NewTenant(code="north", name="北方"), number=number)
        assert refused.value.code == code
    assert await house.careline.identity.facade.tenant_by_code("north") is None
