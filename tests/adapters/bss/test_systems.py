"""Business systems over HTTP: asked once, with an end, and nothing of it in a failure."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from careline.adapters.bss.assembly import business_systems
from careline.adapters.bss.systems import HttpBusinessSystems
from careline.infra.egress.client import Host
from careline.infra.settings.settings import load
from careline.kernel.errors import AdapterFailure, Invalid, PermanentFailure, TransientFailure
from careline.modules.contact.flows.ports import AnswerUnusable, Question, TookTooLong
from tests.support.serving import serving

SECRET = "s3cr3t-of-billing"


def site(asked: list[Any]) -> FastAPI:
    app = FastAPI()

    @app.api_route("/v1/lines/{line}", methods=["GET", "POST", "PUT"])
    async def lines(line: str, request: Request) -> Any:
        body = await request.body()
        asked.append((request.method, line, body.decode(), request.headers.get("x-key")))
        return {"balance": "12.50"}

    @app.post("/v1/refused")
    async def refused() -> Response:
        return Response('{"why": "no such line"}', status_code=404)

    @app.post("/v1/html")
    async def html() -> Response:
        return PlainTextResponse("<html>")

    @app.post("/v1/wrong-pin")
    async def wrong_pin() -> Response:
        return PlainTextResponse("<html>wrong", status_code=401)

    @app.post("/v1/endless")
    async def endless(status: int) -> Response:
        return PlainTextResponse("x" * 300_000, status_code=status)

    @app.post("/v1/empty")
    async def empty() -> Response:
        return Response(status_code=204)

    @app.post("/v1/away")
    async def away() -> Response:
        return RedirectResponse("http://169.254.169.254/", 302)

    @app.post("/v1/silent")
    async def silent() -> None:
        await asyncio.sleep(60)

    return app


class Reached:
    def __init__(self, place: str, asked: list[Any]) -> None:
        self.place, self.asked = f"http://{place}", asked
        host, port = place.split(":")
        self.systems = HttpBusinessSystems((Host(name=host, port=int(port), scheme="http", private=True),))

    async def ask(self, path: str, *, method: str = "POST", body: Any = None, timeout_s: float = 20) -> Any:
        question = Question(
            method=method, url=self.place + path, body=body, headers={"X-Key": SECRET}, timeout_s=timeout_s
        )
        assert SECRET not in repr(question)
        return await self.systems.ask(question)


@pytest.fixture
async def reached() -> AsyncIterator[Reached]:
    asked: list[Any] = []
    async with serving(site(asked)) as place:
        yield Reached(place, asked)


async def test_a_question_and_its_answer(reached: Reached) -> None:
    reply = await reached.ask("/v1/lines/1", body={"pin": "一二"})
    assert (reply.status, reply.content) == (200, {"balance": "12.50"})
    await reached.ask("/v1/lines/2", method="GET")
    assert reached.asked == [("POST", "1", '{"pin": "一二"}', SECRET), ("GET", "2", "", SECRET)]


@pytest.mark.parametrize(
    ("path", "status", "content"),
    [
        ("/v1/refused", 404, {"why": "no such line"}),
        ("/v1/wrong-pin", 401, None),
        ("/v1/endless?status=403", 403, None),
        ("/v1/empty", 204, None),
    ],
)
async def test_what_was_refused_is_an_answer(reached: Reached, path: str, status: int, content: Any) -> None:
    reply = await reached.ask(path)
    assert (reply.status, reply.content) == (status, content)


@pytest.mark.parametrize(
    ("path", "failure"),
    [
        ("/v1/html", AnswerUnusable),
        ("/v1/endless?status=200", AnswerUnusable),
        ("/v1/silent", TookTooLong),
    ],
)
async def test_failures_are_told_apart_and_hold_no_secret(
    reached: Reached, path: str, failure: type[AdapterFailure]
) -> None:
    with pytest.raises(failure) as refused:
        await reached.ask(path, timeout_s=0.5 if failure is TookTooLong else 20)
    assert SECRET not in repr([refused.value, refused.value.reason, refused.value.__cause__])


async def test_nobody_there_is_no_lateness(reached: Reached) -> None:
    systems = HttpBusinessSystems((Host(name="127.0.0.1", port=1, scheme="http", private=True),))
    question = Question(method="POST", url="http://127.0.0.1:1/", body={}, headers={}, timeout_s=20)
    with pytest.raises(TransientFailure) as refused:
        await systems.ask(question)
    assert not isinstance(refused.value, TookTooLong)


@pytest.mark.parametrize("url", ["http://other.example.com/", "http://127.0.0.1:1/x\x00y"])
async def test_what_we_cannot_ask_is_no_failure_of_the_system(url: str) -> None:
    systems = HttpBusinessSystems((Host(name="127.0.0.1", port=1, scheme="http", private=True),))
    with pytest.raises(PermanentFailure) as refused:
        await systems.ask(Question(method="POST", url=url, body={}, headers={}, timeout_s=20))
    assert not isinstance(refused.value, AnswerUnusable)


async def test_no_redirect_is_followed(reached: Reached) -> None:
    assert (await reached.ask("/v1/away")).status == 302


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://bss.example.com/v1", True),
        ("https://bss.example.com:443/v1", True),
        ("https://BSS.example.com", True),
        ("http://10.0.0.5:8080/x", True),
        ("http://bss.example.com/v1", False),
        ("https://bss.example.com:8443/", False),
        ("https://bss.example.com@evil.example/", False),
        ("https://user:pass@bss.example.com/", False),
        ("https://[::1", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_systems_of_the_settings_may_be_asked(url: str, may: bool) -> None:
    env = {
        "CARELINE_BUSINESS_SYSTEMS": "https://bss.example.com, http://10.0.0.5:8080",
        "CARELINE_EGRESS_PRIVATE": "10.0.0.5",
    }
    assert business_systems(load(env)).may_be_asked(url) is may


@pytest.mark.parametrize(
    "value", ["http://bss.example.com", "https://bss.example.com/v1", "bss.example.com", "https://a:99999", "https://*"]
)
def test_a_setting_that_is_no_system_is_refused(value: str) -> None:
    with pytest.raises(Invalid, match="business-system-not-usable") as refused:
        load({"CARELINE_BUSINESS_SYSTEMS": value})
    assert refused.value.field == "CARELINE_BUSINESS_SYSTEMS"


def test_the_setting_is_shown() -> None:
    shown = load({"CARELINE_BUSINESS_SYSTEMS": "https://bss.example.com"}).shown()
    assert shown["CARELINE_BUSINESS_SYSTEMS"] == "https://bss.example.com:443"
