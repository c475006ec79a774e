"""Browser phones through the relay: who gets in, who is rung, and who may not pass for a trunk."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from careline.adapters.asterisk.sip_relay import MAX_MESSAGE, MAX_MESSAGES, Phone, Scope, SipRelay
from careline.infra.realtime.connection import Principal
from careline.kernel.clock import SystemClock
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, ActorKind, TenantId
from careline.modules.contact.telephony.ports import LegRole
from tests.support.heard import HeardLines
from tests.support.voice_world import dial
from tests.support.waiting import PATIENCE_S
from tests.voice.support.ports import free_port
from tests.voice.support.web_phone import WebPhone
from tests.voice.support.world import RealWorld

pytestmark = pytest.mark.voice

AGENT = Actor(tenant_id=TenantId(new_id()), kind=ActorKind.USER, id=new_id())


class Door:
    """The relay behind a server; whoever brings ``?as=name`` is that endpoint."""

    def __init__(self, upstream: str | None) -> None:
        self.upstream = upstream
        self.relay = SipRelay(lambda: self.upstream, self._authorise, SystemClock(), HeardLines())
        self.port = free_port()

    async def _authorise(self, scope: Scope) -> Phone | None:
        endpoint = HTTPConnection(scope).query_params.get("as")
        return None if endpoint is None else Phone(endpoint=endpoint, principal=Principal(actor=AGENT))

    async def open(self, endpoint: str | None, *, protocol: str = "sip") -> ClientConnection:
        query = f"?as={endpoint}" if endpoint else ""
        return await connect(
            f"ws://127.0.0.1:{self.port}/sip{query}", subprotocols=[Subprotocol(protocol)], proxy=None, compression=None
        )

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator["Door"]:
        app = Starlette(routes=[WebSocketRoute("/sip", self.relay)])
        config = uvicorn.Config(
            app, host="127.0.0.1", port=self.port, ws="websockets-sansio", log_level="error", lifespan="off"
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield self
        finally:
            server.should_exit = True
            await serving


@pytest.fixture
async def door(real_world: RealWorld) -> AsyncIterator[Door]:
    async with Door(real_world.node.ready.keys.ari_url).serving() as door:
        yield door


async def closing(socket: ClientConnection) -> int | None:
    async with asyncio.timeout(PATIENCE_S):
        with contextlib.suppress(ConnectionClosed):
            while True:
                await socket.recv()
    return socket.close_code


async def test_an_agents_phone_registers_and_is_rung_with_the_reference(real_world: RealWorld, door: Door) -> None:
    await real_world.engine.put_endpoint("agent-8021", "a good secret", role=LegRole.AGENT)
    phone = WebPhone(await door.open("agent-8021"), "agent-8021", "a good secret")
    assert await phone.register() == 200
    await real_world.caller()
    leg = real_world.heard.calls[0].leg
    await real_world.engine.answer(leg)
    ask = dial(leg, "agent-8021", call_ref="ref-17")

    await real_world.engine.dial_agent(ask)

    invite = await asyncio.wait_for(phone.asked.get(), PATIENCE_S)
    assert (invite.method, invite.get("X-Call-Ref")) == ("INVITE", "ref-17")
    assert "张先生" in invite.get("From")
    assert "UDP/TLS/RTP/SAVPF" in invite.body
    await phone.respond(invite, "180 Ringing")
    await real_world.heard.wait("leg_ringing", ask.leg)
    await phone.respond(invite, "603 Decline")
    await real_world.heard.wait("leg_ended", ask.leg)
    await phone.close()


async def test_a_new_secret_replaces_the_old_one(real_world: RealWorld, door: Door) -> None:
    await real_world.engine.put_endpoint("agent-8022", "the first secret", role=LegRole.AGENT)
    await real_world.engine.put_endpoint("agent-8022", "the second secret", role=LegRole.AGENT)

    old = WebPhone(await door.open("agent-8022"), "agent-8022", "the first secret")
    new = WebPhone(await door.open("agent-8022"), "agent-8022", "the second secret")

    assert await old.register() == 401
    assert await new.register() == 200
    await old.close()
    await new.close()


async def test_a_forgotten_phone_is_unknown(real_world: RealWorld, door: Door) -> None:
    await real_world.engine.put_endpoint("agent-8023", "a good secret", role=LegRole.AGENT)
    await real_world.engine.remove_endpoint("agent-8023")

    phone = WebPhone(await door.open("agent-8023"), "agent-8023", "a good secret")

    assert await phone.register() == 401
    await phone.close()


async def test_a_callers_phone_calls_with_the_number_that_we_gave_it(real_world: RealWorld, door: Door) -> None:
    await real_world.engine.put_endpoint("visitor-1", "a good secret", role=LegRole.CALLER, number="13900139000")
    phone = WebPhone(await door.open("visitor-1"), "visitor-1", "a good secret")

    calling = asyncio.create_task(phone.invite("10086"))

    await real_world.heard.wait("call_arrived")
    call = real_world.heard.calls[0]
    assert (call.trunk, call.called_number, call.caller_number) == ("phone", "10086", "13900139000")
    calling.cancel()
    await asyncio.gather(calling, return_exceptions=True)
    await phone.close()


async def test_an_agents_phone_cannot_call_out(real_world: RealWorld, door: Door) -> None:
    await real_world.engine.put_endpoint("agent-8024", "a good secret", role=LegRole.AGENT)
    phone = WebPhone(await door.open("agent-8024"), "agent-8024", "a good secret")

    assert await phone.invite("10086") >= 400
    assert real_world.heard.calls == []
    await phone.close()


async def test_a_browser_does_not_pass_for_the_demo_trunk(real_world: RealWorld, door: Door) -> None:
    phone = WebPhone(await door.open("agent-8025"), "agent-8025", "whatever it is", shown="13800138000")

    assert await phone.invite("10086") == 401
    assert real_world.heard.calls == []
    await phone.close()


async def test_who_is_not_signed_in_is_cut_off(door: Door) -> None:
    assert await closing(await door.open(None)) == 4401


async def test_another_subprotocol_is_refused(door: Door) -> None:
    assert await closing(await door.open("agent-1", protocol="chat")) == 4400


async def test_too_long_a_message_is_refused(door: Door) -> None:
    socket = await door.open("agent-1")
    await socket.send("x" * (MAX_MESSAGE + 1))
    assert await closing(socket) == 4413


async def test_binary_frames_are_refused(door: Door) -> None:
    socket = await door.open("agent-1")
    await socket.send(b"\x00\x01")
    assert await closing(socket) == 4400


async def test_a_flood_is_refused(door: Door) -> None:
    socket = await door.open("agent-1")
    with contextlib.suppress(ConnectionClosed):
        for _ in range(MAX_MESSAGES + 1):
            await socket.send("\r\n\r\n")
    assert await closing(socket) == 4429


async def test_a_session_that_ends_takes_its_phone_along(real_world: RealWorld, door: Door) -> None:
    await real_world.engine.put_endpoint("agent-8026", "a good secret", role=LegRole.AGENT)
    socket = await door.open("agent-8026")
    phone = WebPhone(socket, "agent-8026", "a good secret")
    assert await phone.register() == 200

    door.relay.disconnect(AGENT.tenant_id, actor_id=AGENT.id)

    async with asyncio.timeout(PATIENCE_S):
        await socket.wait_closed()
    assert socket.close_code == 4401
    await phone.close()


async def test_without_a_voice_engine_the_phone_is_told_to_try_later(door: Door) -> None:
    door.upstream = None
    assert await closing(await door.open("agent-1")) == 1013
    door.upstream = f"http://127.0.0.1:{free_port()}"
    assert await closing(await door.open("agent-1")) == 1013
