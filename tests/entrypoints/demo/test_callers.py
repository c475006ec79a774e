"""Whom the demo phone offers to call as."""

from datetime import timedelta
from pathlib import Path

import httpx

from careline.bootstrap import build
from careline.entrypoints.web.app import create_app
from careline.infra.settings.settings import load
from careline.kernel.ids import new_id
from careline.modules.directory.customers.ports import Handed, NewText
from tests.support.house import CHEAP, House


async def test_every_caller_but_the_last_is_a_customer_by_that_name(house: House) -> None:
    customers, tenant = house.careline.customers.facade, house.tenant.id
    async with house.nobody() as http:
        offered = (await http.get("/api/v1/demo-phone")).json()

    *known, nobody = offered["callers"]
    assert len(known) == 5
    for caller in known:
        customer = await customers.by_msisdn(tenant, caller["number"])
        assert customer is not None
        assert customer.name_masked == customers.mask_name(caller["name"])
    assert nobody["name"] is None
    assert await customers.line(tenant, nobody["number"]) is None
    assert offered["hotline"] == "10086"


async def test_a_code_is_shown_to_its_number_only_and_not_for_ever(house: House) -> None:
    messages = house.careline.demo_messages
    assert messages is not None
    now = house.careline.clock.now()
    for code, lives in (("123456", timedelta(minutes=5)), ("000000", timedelta(seconds=-1))):
        text = NewText(id=new_id(), number="16038126021", text=f"验证码 {code}", code=code, good_until=now + lives)
        assert await messages.send(house.tenant.id, text) is Handed.DELIVERED
    async with house.nobody() as http:
        mine = (await http.get("/api/v1/demo-phone/messages", params={"number": "16038126021"})).json()
        others = (await http.get("/api/v1/demo-phone/messages", params={"number": "16039517788"})).json()

    assert [one["code"] for one in mine["items"]] == ["123456"]
    assert others == {"items": []}


async def test_outside_the_demo_nobody_is_offered(tmp_path: Path) -> None:
    settings = load({"CARELINE_DATA": str(tmp_path), "CARELINE_VOICE": "off"})
    careline = await build(settings, cost=CHEAP)
    try:
        transport = httpx.ASGITransport(create_app(careline))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as http:
            assert (await http.get("/api/v1/demo-phone")).status_code == 404
            assert (await http.get("/api/v1/demo-phone/messages", params={"number": "160"})).status_code == 404
            assert (await http.post("/api/v1/demo-phone", json={"number": "16000000000"})).status_code == 404
    finally:
        await careline.close()
