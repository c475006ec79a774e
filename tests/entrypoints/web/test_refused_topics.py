"""Who asks over a real socket for what they may not follow stands in the audit, and a flood of it does not."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from careline.infra.realtime.frames import CloseCode
from tests.architecture.test_audit_details import words
from tests.support.house import Browser, House
from tests.support.serving import serving
from tests.support.waiting import PATIENCE_S

pytestmark = pytest.mark.slow


@asynccontextmanager
async def line(address: str, who: Browser | None, **hello: str) -> AsyncIterator[ClientConnection]:
    """A connection that said hello: as who is signed in, or by a visitor's token."""
    cookie = {} if who is None else {"Cookie": f"careline_session={who.http.cookies['careline_session']}"}
    async with connect(f"ws://{address}/rt/v1", additional_headers=cookie, proxy=None) as socket:
        await socket.send(json.dumps({"t": "hello", "v": 1, **hello}))
        assert (await received(socket))["t"] == "welcome"
        yield socket


async def received(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        frame: dict[str, Any] = json.loads(await socket.recv())
    return frame


async def answer(socket: ClientConnection, topic: str) -> tuple[str, str | None]:
    """What comes of asking for a topic."""
    await socket.send(json.dumps({"t": "sub", "topic": topic}))
    while True:
        frame = await received(socket)
        if frame.get("topic") == topic and frame["t"] in ("subbed", "err"):
            return frame["t"], frame.get("code")


async def flood(socket: ClientConnection) -> int:
    """Ask for one topic after the other until one is cut off; how many."""
    asked = 0
    with suppress(ConnectionClosed):
        while True:
            await socket.send(json.dumps({"t": "sub", "topic": f"conversation:{uuid4()}"}))
            asked += 1
    return asked


async def denied(house: House, auditor: Browser) -> list[dict[str, Any]]:
    await house.careline.identity.denials.write()
    items: list[dict[str, Any]] = (await auditor.http.get("/api/v1/audit?outcome=denied&kind=access")).json()["items"]
    return items


async def test_what_an_agent_may_not_follow_is_seen_by_the_auditor(house: House) -> None:
    agent, auditor = await house.sign_in("8021"), await house.sign_in("auditor")
    colleague = (await house.sign_in("8022")).user_id
    foreign = uuid4()
    refused = ("err", "topic-refused")
    async with serving(house.app) as address, line(address, agent) as socket:
        for topic in (f"agent:{agent.user_id}", "cases"):
            assert await answer(socket, topic) == ("subbed", None)
        assert await answer(socket, "letters:13812346021") == refused
        assert await denied(house, auditor) == []

        for topic in (f"agent:{colleague}", "floor", f"conversation:{foreign}", "conversation:13812346021"):
            assert await answer(socket, topic) == refused
        entries = await denied(house, auditor)
    who = f"user:{agent.user_id}"
    assert {entry["subject"]: (entry["actor"], entry["params"]) for entry in entries} == {
        "SUBSCRIBE agent": (who, {"reason": "topic-refused", "id": colleague, "times": 1}),
        "SUBSCRIBE floor": (who, {"reason": "topic-refused", "times": 1}),
        "SUBSCRIBE conversation": (who, {"reason": "topic-refused", "times": 2}),
    }
    assert {(entry["action"], entry["outcome"]) for entry in entries} == {("access.denied", "denied")}
    assert "13812346021" not in str(entries)


async def test_a_client_that_floods_with_what_it_may_not_follow_makes_one_entry(house: House) -> None:
    agent, auditor = await house.sign_in("8021"), await house.sign_in("auditor")
    asked = 0
    async with serving(house.app) as address:
        for _ in range(3):  # comes back as often as it is cut off
            async with line(address, agent) as socket:
                asked += await flood(socket)
                assert socket.close_code == CloseCode.FLOODING
            [entry] = await denied(house, auditor)
    assert (entry["subject"], entry["params"]["reason"]) == ("SUBSCRIBE conversation", "topic-refused")
    assert 1 <= entry["params"]["times"] < asked


async def test_customers_are_left_out_and_so_is_who_loses_what_they_followed(house: House) -> None:
    boss, auditor = await house.sign_in("8001"), await house.sign_in("auditor")
    allowed = True

    async def decide(*_: object) -> bool:
        return allowed

    house.careline.hub.authorise("test", decide)
    async with house.nobody() as guest:
        entered = await guest.post("/api/v1/visitor", json={"tenant": "demo", "locale": "zh-CN", "name": "客人"})
        token = entered.json()["token"]
    async with (
        serving(house.app) as address,
        line(address, None, visitor=token) as visitor,
        line(address, boss) as socket,
    ):
        assert await answer(visitor, "floor") == ("err", "topic-refused")
        assert await answer(socket, "test") == ("subbed", None)
        allowed = False
        await house.careline.hub.recheck(house.tenant.id, "test")
        assert (await received(socket))["code"] == "topic-refused"
        assert await answer(socket, "test") == ("err", "topic-refused")  # as the desk does, in case it was for a moment
        assert await denied(house, auditor) == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_every_topic_has_words_for_the_auditor(house: House, language: str) -> None:
    topics = {f"topic.{prefix}" for prefix in house.careline.hub._permissions}
    assert {word for word in words(language) if word.startswith("topic.")} == topics
