"""What a page of another site gets, also when it is named for the widget: the customer's part and nothing else."""

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from careline.entrypoints.web.app import create_app
from tests.support.house import House
from tests.support.serving import serving

SHOP = "https://shop.example"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-csrf-token"}


def allowed(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}


async def test_no_route_of_the_staff_says_anything_to_another_site(house: House) -> None:
    """Every route there is, in an application where a tenant has named a site."""
    house.careline.sites.replace({house.tenant.id: frozenset({SHOP})})
    app = create_app(house.careline)
    paths = [path for path in app.openapi()["paths"] if not path.startswith("/api/v1/visitor")]
    assert len(paths) > 30
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as http:
        for path in [*paths, "/", "/chat", "/widget.js", "/api/v1/openapi.json"]:
            for method in ("OPTIONS", "GET"):
                answer = await http.request(method, path, headers={"Origin": SHOP, **PREFLIGHT})
                assert allowed(answer) == {}, f"{method} {path}"
        wanted = {"tenant": "demo", "name": None, "msisdn": None, "locale": "zh-CN"}
        entered = await http.post("/api/v1/visitor", json=wanted, headers={"Origin": SHOP})

        assert (entered.status_code, allowed(entered)["access-control-allow-origin"]) == (201, SHOP)
        assert "set-cookie" not in entered.headers
        theirs = await http.post("/api/v1/visitor", json={**wanted, "tenant": "demo2"}, headers={"Origin": SHOP})
        for token, status in ((entered.json()["token"], 200), (theirs.json()["token"], 401)):
            bearer = {"Authorization": f"Bearer {token}", "Origin": SHOP}
            assert (await http.get("/api/v1/visitor/conversation", headers=bearer)).status_code == status


async def test_an_agents_phone_is_for_our_own_pages(house: House) -> None:
    agent = await house.sign_in("8021")
    cookie = {"Cookie": f"careline_session={agent.http.cookies['careline_session']}"}
    async with serving(house.app) as address:
        for origin, code in ((f"http://{address}", 1013), (SHOP, 4403), ("null", 4403)):
            async with connect(
                f"ws://{address}/sip",
                additional_headers=cookie,
                origin=Origin(origin),
                subprotocols=[Subprotocol("sip")],
                proxy=None,
            ) as socket:
                with pytest.raises(ConnectionClosed) as closed:
                    await socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == code, origin
