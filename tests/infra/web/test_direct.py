"""A direct answer comes first, the usual way takes what it leaves, and the route stays documented and marked."""

import inspect
from collections.abc import AsyncIterator
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send

from careline.infra.http import marked_routes, public
from careline.infra.web.app import prepare
from careline.infra.web.direct import answered_directly
from careline.kernel.errors import Conflict
from tests.support.office import KnownCallers, code_of


class Word(BaseModel):
    word: str


async def direct(request: Request) -> Response | None:
    body = await request.body()
    if b"conflict" in body:
        raise Conflict("already-there")
    return PlainTextResponse("direct") if b"usual" not in body else None


def application() -> FastAPI:
    inner = APIRouter()

    @inner.post("/words", dependencies=[public()])
    @answered_directly(direct)
    async def words(word: Word) -> str:
        return word.word

    @inner.get("/words", dependencies=[public()])
    async def all_words() -> list[str]:
        return []

    outer = APIRouter(prefix="/api")
    outer.include_router(inner)
    app = FastAPI(docs_url=None, redoc_url=None)
    app.include_router(outer)
    prepare(app, KnownCallers())
    return app


async def test_the_direct_answer_comes_first_and_may_pass() -> None:
    app = application()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://direct.test") as client:
        assert (await client.post("/api/words", json={"word": "x"})).text == "direct"
        assert (await client.post("/api/words", json={"word": "usual"})).json() == "usual"
        refused = await client.post("/api/words", json={"usual": 1})
        assert (refused.status_code, code_of(refused)) == (422, "field-invalid")
        conflict = await client.post("/api/words", json={"word": "conflict"})
        assert (conflict.status_code, code_of(conflict)) == (409, "already-there")
        assert (await client.get("/api/words")).json() == []
    assert {route.path: len(route.access) for route in marked_routes(app)} == {"/api/words": 1}
    assert "Word" in str(app.openapi()["paths"]["/api/words"]["post"]["requestBody"])


async def test_a_body_that_is_too_large_is_refused_as_everywhere() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 65_536

    transport = httpx.ASGITransport(app=application())
    async with httpx.AsyncClient(transport=transport, base_url="http://direct.test") as client:
        refused = await client.post("/api/words", content=endless())
    assert (refused.status_code, code_of(refused)) == (413, "body-too-large")
    assert refused.headers["x-content-type-options"] == "nosniff"


async def test_a_socket_is_handed_over_without_anything_around_it() -> None:
    depth: list[int] = []

    class Line:
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            depth.append(len(inspect.stack()))

    app = application()
    app.router.routes.append(WebSocketRoute("/line", Line()))

    async def unused(*_message: Any) -> Any:
        raise AssertionError

    await app({"type": "websocket", "path": "/line", "headers": []}, unused, unused)
    here = len(inspect.stack())
    assert depth[0] - here <= 8, "middleware of the router stands around a line for as long as it lasts"
