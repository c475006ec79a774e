"""A direct answer comes first, the usual way takes what it leaves, and the route stays documented and marked."""

import httpx
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from careline.infra.http import marked_routes, public
from careline.infra.web.app import prepare
from careline.infra.web.direct import DirectRoute, answered_directly
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
    inner = APIRouter(route_class=DirectRoute)

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
