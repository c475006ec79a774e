"""The protocol over a real WebSocket: hello, the ends of a connection, and clients that misbehave."""

import asyncio
import gc
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from websockets.asyncio.client import ClientConnection, connect
from websockets.frames import Frame

from careline.infra.realtime.connection import Connection, Limits, Principal
from careline.infra.realtime.endpoint import realtime_endpoint
from careline.infra.realtime.hub import Hub
from careline.infra.web.lines import BoundedWebSocket
from careline.kernel.clock import SystemClock
from careline.kernel.errors import NotSignedIn
from careline.kernel.tenancy import Actor, ActorKind, TenantId
from tests.support.serving import serving
from tests.support.waiting import PATIENCE_S, until

pytestmark = pytest.mark.slow

TENANT = TenantId(uuid4())
SHOP = "https://shop.example"
"""A site that has the widget."""
COOKIE = {"Cookie": "careline_session=good"}


class World:
    """A served hub, and the two ways to be known to it."""

    def __init__(self, limits: Limits) -> None:
        self.clock = SystemClock()
        self.hub = Hub(self.clock, limits)
        self.address = ""
        self.user = uuid4()
        self.visitor = uuid4()
        self.valid = True
        self.lifetime: timedelta | None = None
        self.hub.authorise("cases", self._anybody)

    async def authenticate(self, websocket: HTTPConnection, visitor: str | None) -> Principal:
        if visitor == "good" and self.valid:
            return self._known(ActorKind.CUSTOMER, self.visitor)
        if visitor is None and websocket.cookies.get("careline_session") == "good" and self.valid:
            return self._known(ActorKind.USER, self.user)
        raise NotSignedIn("not-signed-in")

    def _known(self, kind: ActorKind, who: UUID) -> Principal:
        until = None if self.lifetime is None else self.clock.now() + self.lifetime
        return Principal(actor=Actor(tenant_id=TENANT, kind=kind, id=who), expires_at=until)

    async def _anybody(self, _principal: Principal, _topic: str) -> bool:
        return True

    def publish(self, data: object) -> None:
        self.hub.publish(TENANT, "cases", "case.changed", data, self.clock.now())

    async def followers(self, count: int) -> None:
        """Wait until so many connections are there."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.hub._connections) != count:
                await asyncio.sleep(0.005)

    def open(self, headers: dict[str, str] | None = None) -> connect:
        return connect(f"ws://{self.address}/rt/v1", additional_headers=headers or {}, compression=None, proxy=None)

    @asynccontextmanager
    async def joined(self) -> AsyncIterator[ClientConnection]:
        async with self.open(COOKIE) as client:
            await send(client, t="hello", v=1)
            assert (await received(client))["t"] == "welcome"
            yield client


@asynccontextmanager
async def world(*, ping_s: float = 20, answer_s: float = 20, **limits: Any) -> AsyncIterator[World]:
    here = World(Limits(**limits))
    app = Starlette(routes=[realtime_endpoint(here.hub, here.authenticate, here.clock, [SHOP])])
    async with serving(app, ping_s=ping_s, answer_s=answer_s) as here.address:
        yield here


async def send(client: ClientConnection, **frame: Any) -> None:
    await client.send(json.dumps(frame))


async def received(client: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        frame: dict[str, Any] = json.loads(await client.recv())
    return frame


async def close_code(client: ClientConnection) -> int | None:
    async with asyncio.timeout(PATIENCE_S):
        await client.wait_closed()
    return client.close_code


async def test_from_hello_to_live_events_and_back_after_a_cut() -> None:
    async with world() as here:
        async with here.joined() as client:
            await send(client, t="sub", topic="cases", **{"from": None})
            assert (await received(client))["t"] == "subbed"
            here.publish({"id": 1})
            event = await received(client)
            assert (event["name"], event["data"]) == ("case.changed", {"id": 1})
            await send(client, t="ping")
            assert await received(client) == {"t": "pong"}
        here.publish({"id": 2})
        async with here.joined() as client:
            await send(client, t="sub", topic="cases", **{"from": event["position"]})
            assert (await received(client))["t"] == "subbed"
            assert (await received(client))["data"] == {"id": 2}


@pytest.mark.parametrize("headers", [{}, {"Origin": SHOP}, COOKIE | {"Origin": SHOP}])
async def test_a_visitor_is_known_by_the_token(headers: dict[str, str]) -> None:
    async with world() as here, here.open(headers) as client:
        await send(client, t="hello", v=1, visitor="good")
        assert await received(client) == {"t": "welcome", "epoch": here.hub.epoch, "heartbeat_s": 20.0}


@pytest.mark.parametrize(
    ("headers", "hello", "code"),
    [
        ({}, '{"t":"hello","v":1}', 4401),
        ({"Cookie": "careline_session=bad"}, '{"t":"hello","v":1}', 4401),
        (COOKIE, '{"t":"hello","v":1,"visitor":"bad"}', 4401),
        (COOKIE | {"Origin": "https://evil.example"}, '{"t":"hello","v":1}', 4403),
        (COOKIE | {"Origin": "null"}, '{"t":"hello","v":1}', 4403),
        (COOKIE | {"Origin": SHOP}, '{"t":"hello","v":1}', 4403),
        ({"Origin": "https://evil.example"}, '{"t":"hello","v":1,"visitor":"good"}', 4403),
        ({"Origin": SHOP + ".evil.example"}, '{"t":"hello","v":1,"visitor":"good"}', 4403),
        ({"Origin": "null"}, '{"t":"hello","v":1,"visitor":"good"}', 4403),
        (COOKIE, '{"t":"hello","v":2}', 4400),
        (COOKIE, '{"t":"sub","topic":"cases"}', 4400),
        (COOKIE, "x", 4400),
        (COOKIE, b"\x00\x01", 4400),
        (COOKIE, "x" * 20_000, 4413),
    ],
)
async def test_who_is_not_let_in_hears_why(headers: dict[str, str], hello: str | bytes, code: int) -> None:
    async with world() as here, here.open(headers) as client:
        await client.send(hello)
        assert await close_code(client) == code
        assert not here.hub._connections


async def test_a_client_that_says_nothing_is_sent_away() -> None:
    async with world(hello_s=0.05) as here, here.open(COOKIE) as client:
        assert await close_code(client) == 1001


async def test_a_page_that_sleeps_stays_while_its_browser_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client says nothing of its own: only its library answers the pings, as a browser does for a frozen page."""
    answered = 0
    hear = BoundedWebSocket.handle_pong

    def noted(self: BoundedWebSocket, event: Frame) -> None:
        nonlocal answered
        answered += 1
        hear(self, event)

    monkeypatch.setattr(BoundedWebSocket, "handle_pong", noted)
    async with world(ping_s=0.05, answer_s=PATIENCE_S) as here, here.joined() as client:
        await send(client, t="sub", topic="cases", **{"from": None})
        assert (await received(client))["t"] == "subbed"
        await until(lambda: answered > 4, "answers to pings, each sent after the one before was answered")
        here.publish({"id": 1})
        assert (await received(client))["data"] == {"id": 1}


async def test_a_client_whose_machine_is_gone_is_let_go() -> None:
    async with world(ping_s=0.05, answer_s=0.05) as here, here.joined() as client:
        client.transport.pause_reading()  # nobody is there who would answer
        await here.followers(0)
        client.transport.resume_reading()
        assert await close_code(client) == 1011


@pytest.mark.parametrize(
    ("frame", "code"), [("nonsense", 4400), (b"\xff", 4400), ('{"t":"ping"' + " " * 20_000 + "}", 4413)]
)
async def test_a_bad_frame_ends_the_connection(frame: str | bytes, code: int) -> None:
    async with world() as here, here.joined() as client:
        await client.send(frame)
        assert await close_code(client) == code


async def test_flooding_ends_the_connection() -> None:
    async with world(frames_burst=10, frames_per_second=1) as here, here.joined() as client:
        for _ in range(11):
            await send(client, t="ping")
        assert await close_code(client) == 4429


async def test_too_many_connections_of_one_user_are_refused() -> None:
    async with world(connections_per_actor=1) as here, here.joined(), here.open(COOKIE) as second:
        await send(second, t="hello", v=1)
        assert await close_code(second) == 4429


async def test_a_client_that_does_not_read_is_let_go_and_others_do_not_notice() -> None:
    async with world(queued_frames=50, closing_s=0.1) as here, here.joined() as quick, here.joined() as slow:
        for client in (quick, slow):
            await send(client, t="sub", topic="cases")
            assert (await received(client))["t"] == "subbed"
        slow.transport.pause_reading()
        text = "x" * 100_000
        for number in range(300):
            here.publish({"n": number, "text": text})
            assert (await received(quick))["data"]["n"] == number
        await here.followers(1)
        here.publish({"n": "after"})
        assert (await received(quick))["data"] == {"n": "after"}
        slow.transport.abort()


async def test_signing_out_ends_the_connection() -> None:
    async with world() as here, here.joined() as client:
        here.hub.disconnect(TENANT, actor_id=here.user)
        assert await close_code(client) == 4401


async def test_an_expired_session_ends_the_connection() -> None:
    async with world() as here:
        here.lifetime = timedelta(milliseconds=1)
        async with here.joined() as client:
            here.valid = False
            assert await close_code(client) == 4401


async def test_an_orderly_end_sends_everybody_away_to_come_back() -> None:
    async with world() as here, here.joined() as client:
        await here.hub.close()
        assert await close_code(client) == 1012


async def test_a_line_that_is_cut_leaves_nothing_to_the_garbage_collector() -> None:
    """It is asked for seldom, and a storm of thousands would fill the memory until then."""

    def lines() -> int:
        return sum(isinstance(known, Connection) for known in gc.get_objects())

    here = World(Limits())
    said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    heard: asyncio.Queue[Any] = asyncio.Queue()
    route = realtime_endpoint(here.hub, here.authenticate, here.clock)
    gc.collect()
    before = lines()
    here.lifetime = timedelta(hours=1)

    async def serve() -> None:
        await route.app({"type": "websocket", "headers": []}, said.get, heard.put)

    serving_it = asyncio.create_task(serve())
    said.put_nowait({"type": "websocket.connect"})
    said.put_nowait({"type": "websocket.receive", "text": '{"t":"hello","v":1,"visitor":"good"}'})
    said.put_nowait({"type": "websocket.receive", "text": '{"t":"sub","topic":"cases"}'})
    for _ in range(3):
        await heard.get()
    gc.disable()
    try:
        assert lines() == before + 1
        said.put_nowait({"type": "websocket.disconnect", "code": 1006})
        await serving_it
        del serving_it
        await asyncio.sleep(0)
        assert lines() == before
    finally:
        gc.enable()


async def test_a_client_that_vanishes_is_forgotten() -> None:
    async with world() as here:
        async with here.joined() as client:
            await send(client, t="sub", topic="cases")
            await received(client)
            client.transport.abort()
        await here.followers(0)
        assert not here.hub.followed(TENANT, "cases")
