"""A supervisor whispers over the real wire, and the customer's wire stays as silent as if nobody were there."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.e2e.desk import leave
from tests.e2e.running import Guest, RunningCentre, Staff
from tests.support.pictures import png
from tests.support.waiting import PATIENCE_S

pytestmark = pytest.mark.voice

AGENT, SUPERVISOR = "8025", "8001"
WHISPER, NAME = "先道歉，再查上个月的账单", "周文静"
TRACES = (WHISPER, NAME, "whisper", "supervisor", "note", "participant")
"""Words of which none may stand in anything that a customer is sent."""


async def test_nothing_of_a_whisper_reaches_the_customer(centre: RunningCentre) -> None:
    async with (
        Staff(centre, AGENT) as agent,
        Staff(centre, SUPERVISOR) as supervisor,
        Guest(centre, "王芳") as guest,
        line(centre, cookies=agent.http.cookies) as desk,
        line(centre, token=guest.token) as phone,
    ):
        try:
            chat = await a_chat(agent, desk, guest)
            place, presence = (
                f"/conversations/{chat['conversation_id']}",
                f"/floor/chats/{chat['interaction_id']}/presence",
            )
            await follow(desk, f"colleagues:{chat['conversation_id']}")
            position = await follow(phone, f"conversation:{chat['conversation_id']}")
            assert await refused(phone, f"colleagues:{chat['conversation_id']}")
            before = await everything(guest)
            assert (await supervisor.http.get(f"{place}/messages")).status_code == 403, "nobody reads without coming"

            came = await supervisor.http.put(presence, json={"presence": "whispering"})
            assert came.status_code == 200, came.text
            await whispers(supervisor, place)
            assert (await heard(desk, "note.stored"))["data"]["author_name"] == NAME
            assert await everything(guest) == before, "not a number is another one"

            sentinel = await said(agent, place, "我查一下")
            assert sentinel["seq"] == before["last_seq"] + 1, "a whisper takes no place among the messages"
            assert [frame["name"] for frame in await until(phone, sentinel["seq"])] == ["message.stored"]
            async with line(centre, token=guest.token) as again:
                await follow(again, f"conversation:{chat['conversation_id']}", position)
                caught_up = await until(again, sentinel["seq"])
            assert [frame["data"]["seq"] for frame in caught_up] == [sentinel["seq"]]
            shown = json.dumps([await everything(guest), caught_up], ensure_ascii=False)
            assert [trace for trace in TRACES if trace in shown] == []

            assert (await supervisor.http.delete(presence)).status_code == 204
            assert (await supervisor.http.get(f"{place}/messages")).status_code == 200, (
                "what was read may be read again"
            )
            assert (await said(agent, place, "查到了"))["seq"] == sentinel["seq"] + 1, "nor does going"
        finally:
            await guest.http.post("/visitor/end")
            await leave(centre, AGENT)


async def whispers(supervisor: Staff, place: str) -> None:
    """In every way in which something could be said; only the note is taken."""
    note = {"client_id": str(uuid4()), "text": WHISPER, "mentions": []}
    assert (await supervisor.http.post(f"{place}/notes", json=note)).status_code == 201
    loud = {"client_id": str(uuid4()), "text": WHISPER}
    assert (await supervisor.http.post(f"{place}/messages", json=loud)).status_code == 403
    named = {"client_id": str(uuid4()), "name": f"{WHISPER}.png"}
    sent = await supervisor.http.post(f"{place}/files", params=named, content=png(8, 8))
    assert sent.status_code == 403, sent.text
    for path, body in (("typing", None), ("read", {"seq": 1})):
        assert (await supervisor.http.post(f"{place}/{path}", json=body)).status_code == 409


async def a_chat(agent: Staff, desk: ClientConnection, guest: Guest) -> dict[str, Any]:
    """One that this agent has taken; it is in front of them alone."""
    await follow(desk, f"agent:{agent.id}")
    assert (await agent.http.put("/agent-state", json={"chosen": "ready"})).status_code == 200
    await guest.say("上个月的账单好像多了")
    offer = (await heard(desk, "offer.made"))["data"]
    taken = await agent.http.post(f"/offers/{offer['id']}/accept", json={"token": offer["token"]})
    assert taken.status_code == 200, taken.text
    await agent.in_hand("chatting")
    found: dict[str, Any] = taken.json()
    return found


async def said(agent: Staff, place: str, text: str) -> dict[str, Any]:
    """A message of the agent's."""
    answer = await agent.http.post(f"{place}/messages", json={"client_id": str(uuid4()), "text": text})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def everything(guest: Guest) -> dict[str, Any]:
    """All that a customer can ask for. What they keep of a chat is made of the messages."""
    return {**await guest.now(), "messages": (await guest.http.get("/visitor/messages")).json()}


@asynccontextmanager
async def line(
    centre: RunningCentre, *, cookies: httpx.Cookies | None = None, token: str | None = None
) -> AsyncIterator[ClientConnection]:
    """A realtime connection that was let in."""
    kept = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
    headers = {"Cookie": kept, "Origin": centre.address} if kept else {}
    async with connect(f"{centre.address.replace('http', 'ws', 1)}/rt/v1", additional_headers=headers) as client:
        await client.send(json.dumps({"t": "hello", "v": 1} | ({} if token is None else {"visitor": token})))
        assert (await next_frame(client))["t"] == "welcome"
        yield client


async def next_frame(client: ClientConnection) -> dict[str, Any]:
    """The next thing that is told; it comes soon."""
    async with asyncio.timeout(PATIENCE_S):
        frame: dict[str, Any] = json.loads(await client.recv())
    return frame


async def follow(client: ClientConnection, topic: str, position: str | None = None) -> str:
    """From now, or from a position, on; the position is returned."""
    await client.send(json.dumps({"t": "sub", "topic": topic, "from": position}))
    while (frame := await next_frame(client)).get("topic") != topic or frame["t"] == "ev":
        pass
    assert frame["t"] == "subbed", frame
    return str(frame["position"])


async def refused(client: ClientConnection, topic: str) -> bool:
    """Whether this client may not follow a topic."""
    await client.send(json.dumps({"t": "sub", "topic": topic, "from": None}))
    return bool((await next_frame(client))["t"] == "err")


async def heard(client: ClientConnection, name: str) -> dict[str, Any]:
    """The next event of this name."""
    while (frame := await next_frame(client)).get("name") != name:
        pass
    return frame


async def until(client: ClientConnection, seq: int) -> list[dict[str, Any]]:
    """Everything that is told up to a message."""
    frames: list[dict[str, Any]] = []
    while not frames or frames[-1]["data"].get("seq") != seq:
        frames.append(await next_frame(client))
    return frames
