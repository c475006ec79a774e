"""Pages of other sites: the named ones may use what is shared, all others nothing, and nobody is let in by a cookie."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Response

from careline.infra.http import public
from careline.infra.web.app import prepare
from tests.infra.web.test_access import KnownOnes

SHOP = "https://shop.example"
EVIL = "https://evil.example"
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}


@asynccontextmanager
async def site(*origins: str) -> AsyncIterator[tuple[httpx.AsyncClient, list[str]]]:
    """An application with a shared and a closed part, and what reached either."""
    reached: list[str] = []
    router = APIRouter()

    @router.api_route("/api/v1/visitor", methods=["GET", "POST"], dependencies=[public()])
    @router.get("/api/v1/visitor/messages", dependencies=[public()])
    async def shared(response: Response) -> str:
        response.headers["Vary"] = "Accept"
        reached.append("visitor")
        return "shared"

    @router.get("/api/v1/inbox", dependencies=[public()])
    @router.get("/api/v1/visitors", dependencies=[public()])
    async def closed() -> str:
        reached.append("staff")
        return "closed"

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(router)
    prepare(app, KnownOnes(), shared="/api/v1/visitor", origins=origins)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://care.example") as http:
        yield http, reached


def cors(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}


async def test_a_named_site_may_ask_and_read_and_never_with_credentials() -> None:
    async with site(SHOP) as (http, reached):
        asked = await http.options("/api/v1/visitor", headers={"Origin": SHOP, **PREFLIGHT})
        answer = await http.post("/api/v1/visitor", headers={"Origin": SHOP})

    assert (asked.status_code, asked.content) == (204, b"")
    assert cors(asked) == {
        "access-control-allow-origin": SHOP,
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": "Authorization, Content-Type",
        "access-control-max-age": "600",
        "access-control-expose-headers": "Date, Retry-After, X-Request-Id",
    }
    assert cors(answer) == {
        "access-control-allow-origin": SHOP,
        "access-control-expose-headers": "Date, Retry-After, X-Request-Id",
    }
    assert answer.headers["vary"] == "Accept, Origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert reached == ["visitor"], "a preflight reaches no route"


async def test_a_refusal_can_be_read_too() -> None:
    async with site(SHOP) as (http, _):
        missing = await http.get("/api/v1/visitor/nothing", headers={"Origin": SHOP})

    assert (missing.status_code, missing.json()["code"]) == (404, "not-found")
    assert cors(missing)["access-control-allow-origin"] == SHOP


@pytest.mark.parametrize("named", [(), (SHOP,)])
@pytest.mark.parametrize(
    "origin",
    [
        EVIL,
        "null",
        "",
        "*",
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example.evil.example",
        "https://evil-shop.example",
        "https://SHOP.example",
        "https://shop.example/",
        "ws://care.example",
        "care.example",
    ],
)
async def test_every_other_site_is_refused(named: tuple[str, ...], origin: str) -> None:
    async with site(*named) as (http, reached):
        for method in ("OPTIONS", "GET", "POST"):
            more = {**PREFLIGHT, "Cookie": "careline_session=good", "Authorization": "Bearer good"}
            answer = await http.request(method, "/api/v1/visitor", headers={"Origin": origin, **more})
            assert (answer.status_code, answer.json()["code"]) == (403, "origin-not-allowed")
            assert cors(answer) == {}
            assert "Origin" in answer.headers["vary"]

    assert reached == []


async def test_our_own_pages_and_programs_need_no_permission() -> None:
    async with site() as (http, reached):
        for headers in (
            {},
            {"Origin": "http://care.example"},
            {"Origin": "https://care.example"},
            {"Origin": "https://outside.example", "Sec-Fetch-Site": "same-origin"},  # behind a proxy of ours
        ):
            answer = await http.get("/api/v1/visitor/messages", headers=headers)
            assert (answer.status_code, cors(answer)) == (200, {})

    assert reached == ["visitor"] * 4


async def test_what_is_not_shared_is_shared_with_nobody() -> None:
    async with site(SHOP) as (http, reached):
        for path in ("/api/v1/inbox", "/api/v1/visitors", "/api/v1/Visitor", "/api/v1//visitor", "/api/v1"):
            for method in ("OPTIONS", "GET", "POST"):
                answer = await http.request(method, path, headers={"Origin": SHOP, **PREFLIGHT})
                assert cors(answer) == {}, f"{method} {path}"
                assert method == "GET" or answer.status_code >= 400

    assert set(reached) == {"staff"}
