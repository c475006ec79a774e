"""Who may keep a browser phone: the relay between a served client and a WebSocket server in Asterisk's place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Origin

from careline.adapters.asterisk.sip_relay import SUBPROTOCOL, Phone, Scope, SipRelay
from careline.infra.realtime.connection import Principal
from careline.kernel.clock import SystemClock
from careline.kernel.tenancy import Actor, ActorKind, TenantId
from tests.support.heard import HeardLines
from tests.support.serving import serving
from tests.support.waiting import PATIENCE_S, until

TENANT = TenantId(uuid4())
USER = uuid4()


class Desk:
    """The served relay. Whoever brings ``?session=<id>`` of an open session is the agent; ``?phone`` is anybody."""

    def __init__(self, upstream: str) -> None:
        self.clock = SystemClock()
        self.heard = HeardLines()
        self.relay = SipRelay(lambda: upstream, self._authorise, self.clock, self.heard)
        self.open_sessions: set[UUID] = set()
        self.lifetime: timedelta | None = None
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.address = ""

    async def _authorise(self, scope: Scope) -> Phone | None:
        query = HTTPConnection(scope).query_params
        if "phone" in query:
            return Phone(endpoint="demo-phone-1")
        session_id = UUID(query["session"])
        found = session_id in self.open_sessions
        self.asked.set()
        await self.may_answer.wait()
        if not found:
            return None
        until = None if self.lifetime is None else self.clock.now() + self.lifetime
        actor = Actor(tenant_id=TENANT, kind=ActorKind.USER, id=USER)
        return Phone(endpoint="agent-8021", principal=Principal(actor=actor, session_id=session_id, expires_at=until))

    def session(self) -> UUID:
        session_id = uuid4()
        self.open_sessions.add(session_id)
        return session_id

    def open(self, query: str, origin: str | None = None) -> connect:
        return connect(
            f"ws://{self.address}/sip?{query}",
            subprotocols=[SUBPROTOCOL],
            origin=None if origin is None else Origin(origin),
            proxy=None,
        )

    @asynccontextmanager
    async def registered(self, query: str) -> AsyncIterator[ClientConnection]:
        """A client whose messages reach the other side and come back."""
        async with self.open(query) as client:
            await works(client)
            yield client


async def works(client: ClientConnection) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await client.send("REGISTER")
        assert await client.recv() == "REGISTER"


async def close_code(client: ClientConnection) -> int | None:
    async with asyncio.timeout(PATIENCE_S):
        await client.wait_closed()
    return client.close_code


async def echo(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.send(message)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with serve(echo, "127.0.0.1", 0, subprotocols=[SUBPROTOCOL]) as asterisk:
        port = next(iter(asterisk.sockets)).getsockname()[1]
        here = Desk(f"http://127.0.0.1:{port}")
        async with serving(Starlette(routes=[WebSocketRoute("/sip", here.relay)])) as here.address:
            yield here


async def test_the_phone_of_a_session_ends_with_it_and_no_other_does(desk: Desk) -> None:
    ending, staying = desk.session(), desk.session()
    async with (
        desk.registered(f"session={ending}") as gone,
        desk.registered(f"session={staying}") as other,
        desk.registered("phone") as demo,
    ):
        desk.relay.disconnect(TENANT, session_id=ending)

        assert await close_code(gone) == 4401
        desk.relay.disconnect(TenantId(uuid4()), actor_id=USER)
        await works(other)
        desk.relay.disconnect(TENANT, actor_id=USER)
        assert await close_code(other) == 4401
        await works(demo)


async def test_a_session_that_ends_while_it_is_being_looked_up_gets_no_phone(desk: Desk) -> None:
    session_id = desk.session()
    desk.may_answer.clear()
    async with desk.open(f"session={session_id}") as client:
        await desk.asked.wait()
        desk.open_sessions.clear()
        desk.relay.disconnect(TENANT, session_id=session_id)
        desk.may_answer.set()

        assert await close_code(client) == 4401


async def test_it_is_asked_again_who_is_at_the_phone(desk: Desk) -> None:
    desk.lifetime = timedelta(milliseconds=1)
    session_id = desk.session()
    async with desk.registered(f"session={session_id}") as client:
        desk.asked.clear()
        async with asyncio.timeout(PATIENCE_S):
            await desk.asked.wait()
        await works(client)
        desk.open_sessions.clear()

        assert await close_code(client) == 4401


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_no_page_of_another_site_has_a_phone(desk: Desk, origin: str) -> None:
    for query in (f"session={desk.session()}", "phone"):
        async with desk.open(query, origin) as client:
            assert await close_code(client) == 4403
    async with desk.open("phone", f"http://{desk.address}") as own:
        await works(own)


async def test_of_a_line_it_is_told_whose_it_is_and_whether_its_page_went(desk: Desk) -> None:
    session_id = desk.session()
    for code, how in ((1001, "gone"), (1000, "closed"), (4000, "closed")):
        desk.heard.told.clear()
        async with desk.registered(f"session={session_id}&page=p-{code}") as client:
            assert desk.heard.told == [("agent-8021", f"p-{code}", "opened")]
            await client.close(code)
        await until(lambda: len(desk.heard.told) == 2, "the end of the line")
        assert desk.heard.told[1] == ("agent-8021", f"p-{code}", how)


async def test_a_line_that_breaks_off_may_come_back_and_one_that_is_cut_may_not(desk: Desk) -> None:
    session_id = desk.session()
    async with desk.registered(f"session={session_id}&page=p-1") as client:
        client.transport.abort()
        await until(lambda: len(desk.heard.told) == 2, "the end of the line")
    assert desk.heard.told[1][2] == "closed"
    async with desk.registered(f"session={session_id}&page=p-1") as client:
        desk.relay.disconnect(TENANT, session_id=session_id)
        await close_code(client)
    await until(lambda: len(desk.heard.told) == 4, "the end of the line")
    assert desk.heard.told[3][2] == "gone"


async def test_of_the_demos_callers_no_line_is_told(desk: Desk) -> None:
    async with desk.registered("phone"):
        pass
    assert desk.heard.told == []
