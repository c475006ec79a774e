"""The demo's crowd against a running centre: customers are served, and all of it ends by itself."""

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from careline.entrypoints.demo.accounts import read_passwords
from careline.entrypoints.demo.crowd.door import Door, Refused
from careline.entrypoints.demo.crowd.picture import modem
from careline.entrypoints.demo.crowd.running import play
from careline.entrypoints.demo.crowd.script import TALKS
from careline.entrypoints.demo.dispositions import DISPOSITIONS
from careline.infra.storage.content import HEAD, TAIL, content_of
from tests.entrypoints.web.test_serve import started
from tests.support.serving import serving

pytestmark = pytest.mark.slow

NEVER: tuple[tuple[str, int, dict[str, str]], ...] = (
    ("too-many-attempts", 429, {"Retry-After": "1"}),
    ("database-unavailable", 503, {"Retry-After": "900"}),
    ("files-unavailable", 503, {}),
)


def test_customers_are_served_by_played_agents_and_all_go_home(tmp_path: Path) -> None:
    with started(tmp_path / "var", CARELINE_DEMO="1") as (_, address, _lines):
        passwords = read_passwords(tmp_path / "var/demo-accounts.txt")
        staff = [(login, passwords[login]) for login in ("8025", "8026")]
        done = asyncio.run(play(address, customers=3, agents=staff, seconds=20, hurry=15))

        assert done.failed == []
        assert done.served >= 3
        assert done.handled >= 3
        with httpx.Client(base_url=f"{address}/api/v1") as http:
            wanted = {"tenant": "demo", "login": "8001", "password": passwords["8001"]}
            assert http.post("/session", json=wanted).status_code == 200
            floor = http.get("/floor").json()
        played = [agent for agent in floor["agents"] if agent["number"] in ("8025", "8026")]
        assert [(agent["state"], agent["on"]) for agent in played] == [("offline", []), ("offline", [])]
        assert sum(queue["waiting"] for queue in floor["queues"]) == 0


async def test_who_is_told_to_come_later_does_and_who_is_refused_for_good_does_not() -> None:
    answers = [JSONResponse({"code": "overloaded"}, 503, {"Retry-After": "1"}), JSONResponse({"is": "there"})]
    answers += [JSONResponse({"code": code}, status, after) for code, status, after in NEVER]

    async def answer(_request: Request) -> Response:
        return answers.pop(0)

    async with serving(Starlette(routes=[Route("/api/v1/thing", answer)])) as address:
        door = Door(f"http://{address}")
        assert await door.ask("GET", "/thing") == {"is": "there"}
        for code, *_ in NEVER:
            with pytest.raises(Refused, match=code):
                await door.ask("GET", "/thing")
    assert answers == []


def test_nobody_there_is_said_and_ends() -> None:
    done = asyncio.run(play("http://127.0.0.1:9", customers=2, agents=[("8025", "x")], seconds=0.2, hurry=50))

    assert (done.served, done.handled) == (0, 0)
    assert len(done.failed) == 3


def test_the_script_uses_codes_that_the_demo_has_and_no_number() -> None:
    leaves = {code for code, *_ in DISPOSITIONS} - {parent for *_, parent in DISPOSITIONS}
    for talk in TALKS:
        assert talk.disposition in leaves
        assert not any(char.isdigit() for pair in talk.lines for line in pair for char in line)


def test_the_picture_of_the_crowd_is_one_that_is_taken() -> None:
    assert [talk.shows_at for talk in TALKS if talk.shows_at is not None] == [1]
    picture = modem()
    found = content_of(picture[:HEAD], picture[-TAIL:], len(picture))
    assert (found.media_type, found.width, found.height) == ("image/png", 480, 320)
