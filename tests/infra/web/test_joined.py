"""Routes put together are found as if each stood alone, and those of other words are passed over."""

from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from careline.infra.web.joined import by_first_word, joined

tried: list[str] = []


class Noted(APIRoute):
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        tried.append(self.path)
        return super().matches(scope)


def router(*paths: str) -> APIRouter:
    made = APIRouter(route_class=Noted)
    for path in paths:
        made.add_api_route(path, lambda path=path: path, methods=["GET"], name=path)
    return made


async def ask(app: FastAPI, method: str, path: str) -> tuple[int, Any]:
    tried.clear()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        answer = await client.request(method, path)
    return answer.status_code, answer.json()


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    first = joined(router("/cases", "/cases/{case_id}"), router("/case-types", "/floor"))
    for part in by_first_word([first, router("/cases/{case_id}/history", "/floor/queues")], "/api/v1"):
        app.include_router(part, prefix="/api/v1")
    return app


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/cases", "/cases"),
        ("/cases/7", "/cases/{case_id}"),
        ("/cases/7/history", "/cases/{case_id}/history"),
        ("/case-types", "/case-types"),
        ("/floor/queues", "/floor/queues"),
    ],
)
async def test_each_path_reaches_its_route(app: FastAPI, path: str, route: str) -> None:
    assert await ask(app, "GET", f"/api/v1{path}") == (200, route)


@pytest.mark.parametrize("path", ["/api/v1/floo", "/api/v1/floor/queues/7", "/floor", "/api/v1", "/api/v1/casesfloor"])
async def test_what_is_no_route_is_not_found(app: FastAPI, path: str) -> None:
    assert (await ask(app, "GET", path))[0] == 404


async def test_the_wrong_method_is_said_to_be_the_wrong_method(app: FastAPI) -> None:
    assert (await ask(app, "DELETE", "/api/v1/floor"))[0] == 405


async def test_routes_of_other_words_are_not_tried(app: FastAPI) -> None:
    await ask(app, "GET", "/api/v1/floor/queues")

    assert {path.split("/")[1] for path in tried} == {"floor"}


@pytest.mark.parametrize("path", ["/{tenant}/cases", "//cases"])
def test_a_path_that_begins_with_no_word_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="begins with a word"):
        by_first_word([router(path)], "/api/v1")
