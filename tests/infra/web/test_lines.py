"""Clients that cost more than they may below the application: each is cut off, and the others go on meanwhile."""

import asyncio
import gc
import socket
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

from careline.infra.web import lines
from careline.infra.web.lines import BoundedHttp, BoundedWebSocket
from tests.support.serving import served, serving
from tests.support.waiting import PATIENCE_S, until

pytestmark = pytest.mark.slow

RSV1 = 0x40
"""Says that a frame is compressed (RFC 7692, section 6)."""

HUGE = "x" * 8_000_000
"""More than lies between a server and a client that reads nothing."""


@dataclass
class Place:
    """A server that says back what it hears, and how many lines it has open."""

    address: str
    server: uvicorn.Server

    @property
    def open_lines(self) -> int:
        return len(self.server.server_state.connections)

    @property
    def unread(self) -> int:
        """Bytes that wait to be read by whoever is joined."""
        open_lines = self.server.server_state.connections
        return sum(one.transport.get_write_buffer_size() for one in open_lines if isinstance(one, BoundedWebSocket))

    def joined(self, *, compression: str | None = None) -> connect:
        return connect(f"ws://{self.address}/rt", compression=compression, proxy=None, ping_interval=None)

    @asynccontextmanager
    async def deaf(self) -> AsyncIterator[ClientConnection]:
        """One who reads nothing, and is gone without a word in the end."""
        small = socket.socket()
        small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        small.setblocking(False)
        host, _, port = self.address.partition(":")
        await asyncio.get_running_loop().sock_connect(small, (host, int(port)))
        async with connect(f"ws://{self.address}/rt", sock=small, compression=None, proxy=None) as client:
            client.transport.pause_reading()
            try:
                yield client
            finally:
                client.transport.abort()

    async def raw(self, text: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection over which these bytes were sent."""
        host, _, port = self.address.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(text)
        return reader, writer


@asynccontextmanager
async def place(*, ping_s: float = 20) -> AsyncIterator[Place]:
    async def said(websocket: WebSocket) -> None:
        await websocket.accept()
        async for text in websocket.iter_text():
            await websocket.send_text(HUGE if text == "much" else text)

    async def hello(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    app = Starlette(routes=[WebSocketRoute("/rt", said), Route("/", hello, methods=["GET", "POST"])])
    async with served(app, ping_s=ping_s) as (address, server):
        yield Place(address, server)


async def answers(client: ClientConnection) -> bool:
    await client.send("still there")
    async with asyncio.timeout(PATIENCE_S):
        return await client.recv() == "still there"


async def ended(client: ClientConnection) -> int | None:
    async with asyncio.timeout(PATIENCE_S):
        try:
            while True:
                await client.recv()
        except ConnectionClosed:
            return client.close_code


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: a\r\nX-"], ids=["silent", "drop-by-drop"])
async def test_a_head_that_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, begun: bytes) -> None:
    monkeypatch.setattr(lines, "HEAD_WITHIN_S", 0.1)
    async with place() as here, here.joined() as good:
        reader, writer = await here.raw(begun)
        async with asyncio.timeout(PATIENCE_S):
            assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
        assert await answers(good), "whoever was served in time may stay as long as they like"
        writer.close()


async def test_a_head_that_grows_is_refused() -> None:
    async with place() as here, here.joined() as good:
        reader, writer = await here.raw(b"GET / HTTP/1.1\r\nX-More: " + b"x" * lines.HEAD_LIMIT)
        for _ in range(40):
            writer.write(b"x" * lines.HEAD_LIMIT)
        async with asyncio.timeout(PATIENCE_S):
            assert (await reader.readline()).startswith(b"HTTP/1.1 431 ")
        assert await answers(good)
        writer.transport.abort()


async def test_large_bodies_and_many_requests_on_one_line_are_no_large_heads() -> None:
    async with place() as here, httpx.AsyncClient(base_url=f"http://{here.address}") as http:
        for _ in range(3):
            assert (await http.post("/", content=b"x" * (4 * lines.HEAD_LIMIT))).text == str(4 * lines.HEAD_LIMIT)
        assert here.open_lines == 1
        head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
        body = b"x" * (4 * lines.HEAD_LIMIT)
        reader, writer = await here.raw(2 * (head % len(body) + body))
        for _ in range(2):
            assert b"HTTP/1.1 200 OK" in await reader.readuntil(b"\r\n\r\n")
            assert await reader.readexactly(6) == str(len(body)).encode()
        writer.close()


async def test_nothing_is_unpacked() -> None:
    """Whoever offers to compress is told no, and whoever does it all the same breaks the protocol."""
    bomb = zlib.compressobj(wbits=-15)
    packed = bomb.compress(b"x" * 60_000) + bomb.flush(zlib.Z_SYNC_FLUSH)
    async with place() as here, here.joined() as good:
        async with here.joined(compression="deflate") as bad:
            assert bad.protocol.extensions == []
            assert bad.response is not None
            assert "Sec-WebSocket-Extensions" not in bad.response.headers
            frame = bytearray(Frame(Opcode.TEXT, packed[:-4]).serialize(mask=True))
            frame[0] |= RSV1
            bad.transport.write(bytes(frame))
            assert await ended(bad) == 1002
        assert await answers(good)


async def test_a_message_in_pieces_without_end_is_not_kept() -> None:
    async with place() as here, here.joined() as good, here.joined() as bad:
        nothing = Frame(Opcode.CONT, b"", fin=False).serialize(mask=True)
        bad.transport.write(Frame(Opcode.TEXT, b"", fin=False).serialize(mask=True))
        bad.transport.write(nothing * (lines.PIECES_LIMIT + 1))
        assert await ended(bad) == 1009
        assert await answers(good)


async def test_a_message_in_some_pieces_is_one() -> None:
    async with place() as here, here.joined() as client:
        pieces = [Frame(Opcode.TEXT, b"st", fin=False), *(Frame(Opcode.CONT, b"", fin=False) for _ in range(500))]
        pieces.append(Frame(Opcode.CONT, b"ill", fin=True))
        client.transport.write(b"".join(one.serialize(mask=True) for one in pieces))
        assert await client.recv() == "still"


async def test_who_pings_and_reads_no_answer_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "GONE_WITHIN_S", 0.1)
    monkeypatch.setattr(lines, "UNREAD_LIMIT", 10_000)
    async with place() as here, here.joined() as good, here.deaf() as bad:
        pings = Frame(Opcode.PING, b"x" * 125).serialize(mask=True) * 1_000

        async def cut() -> bool:
            if bad.transport.get_write_buffer_size() < len(pings):
                bad.transport.write(pings)
            return here.open_lines == 1

        await until(cut, "end of the line", every=0.001)
        assert await answers(good)


@pytest.mark.parametrize("how", ["closed", "unheard"])
async def test_a_line_ends_though_nothing_is_read(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Something waits to be read when the client closes, or is no longer heard: that may not hold the line."""
    monkeypatch.setattr(lines, "GONE_WITHIN_S", 0.1)
    async with place(ping_s=0.1 if how == "unheard" else 20) as here, here.deaf() as bad:
        await bad.send("much")
        await until(lambda: here.unread, "unread bytes")
        if how == "closed":
            bad.transport.write(Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True))
        await until(lambda: here.open_lines == 0, "end of the line")


_OF_A_LINE = (BoundedHttp, BoundedWebSocket, ServerProtocol)


async def test_a_line_that_is_cut_leaves_no_circles() -> None:
    """The garbage collector is asked for seldom: what thousands leave who are cut at once would fill the memory."""

    def left() -> list[type]:
        return [type(known) for known in gc.get_objects() if type(known) in _OF_A_LINE]

    async def line(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass

    async with serving(line) as address:
        gc.collect()
        before = left()
        gc.disable()
        try:
            async with connect(f"ws://{address}/", proxy=None) as client:
                assert BoundedWebSocket in left()
                client.transport.abort()
            await until(lambda: left() == before)
        finally:
            gc.enable()
