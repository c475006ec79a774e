"""The WebSocket to Asterisk: texts whole and in order, and a peer that does not keep to the rules is left."""

import asyncio
import base64
import contextlib
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import uvloop
from websockets.asyncio.server import ServerConnection, serve

from careline.adapters.asterisk import websocket
from careline.adapters.asterisk.websocket import AriSocket, connect
from tests.support.waiting import PATIENCE_S, until

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
SIZES = (0, 1, 2, 125, 126, 127, 65535, 65536, 300_000)


@contextlib.asynccontextmanager
async def raw_server(speak: Callable[..., Awaitable[None]]) -> AsyncIterator[str]:
    """A server that says what it likes; ``speak(reader, writer, accept)`` after the request has come."""

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way.append(asyncio.current_task())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        key = next(line.partition(": ")[2] for line in head.split("\r\n") if line.startswith("Sec-WebSocket-Key"))
        accept = base64.b64encode(hashlib.sha1((key + GUID).encode(), usedforsecurity=False).digest()).decode()
        with contextlib.suppress(ConnectionError):
            await speak(reader, writer, accept)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    under_way: list[asyncio.Task[None] | None] = []
    server = await asyncio.start_server(serve_one, "127.0.0.1", 0)
    try:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/ari/events?app=careline"
    finally:
        server.close()
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*(task for task in under_way if task is not None))


async def granted(writer: asyncio.StreamWriter, accept: str) -> None:
    lines = ("101 Switching Protocols", "Upgrade: websocket", "CONNECTION: upgrade", f"sec-websocket-ACCEPT: {accept}")
    writer.write(("HTTP/1.1 " + "\r\n".join(lines) + "\r\n\r\n").encode())
    await writer.drain()


async def opened(url: str, taken: list[bytes]) -> AriSocket:
    return await connect(url, {"Authorization": "Basic eDp5"}, taken.append, within=PATIENCE_S)


def frame(code: int, payload: bytes, *, final: bool = True) -> bytes:
    assert len(payload) < 126
    return bytes((code | (0x80 if final else 0), len(payload))) + payload


async def test_texts_of_every_size_go_both_ways() -> None:
    await texts_go_both_ways()


def test_they_do_on_the_event_loop_of_the_server_too() -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(texts_go_both_ways())


async def texts_go_both_ways() -> None:
    heard: list[bytes] = []

    async def echo(connection: ServerConnection) -> None:
        assert connection.request is not None
        assert connection.request.headers["Authorization"] == "Basic eDp5"
        async for text in connection:
            await connection.send(text)

    async with serve(echo, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        socket = await opened(f"ws://127.0.0.1:{port}/", heard)
        sent = [("名" * size)[:size].encode()[:size].decode(errors="ignore").encode() for size in SIZES]
        for text in sent:
            socket.send(text)
        await until(lambda: len(heard) == len(sent))
        assert heard == sent
        socket.close()
        assert await socket.ended == "closed by us"
        with pytest.raises(ConnectionError):
            socket.send(b"too late")


async def test_an_end_by_the_other_side_is_told() -> None:
    async def leave(connection: ServerConnection) -> None:
        await connection.send("last")

    heard: list[bytes] = []
    async with serve(leave, "127.0.0.1", 0) as server:
        socket = await opened(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/", heard)
        async with asyncio.timeout(PATIENCE_S):
            assert await socket.ended == "closed by Asterisk"
    assert heard == [b"last"]


async def test_parts_are_put_together_and_control_frames_may_come_between() -> None:
    answered: list[bytes] = []

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, accept: str) -> None:
        await granted(writer, accept)
        said = frame(1, b"one ", final=False) + frame(9, b"there?") + frame(0, b"two ", final=False)
        said += frame(0, b"three") + frame(10, b"") + frame(1, b"four")
        for byte in said:
            writer.write(bytes([byte]))
            await writer.drain()
        pong = await reader.readexactly(2 + 4 + 6)
        answered.append(bytes(byte ^ pong[2 + place % 4] for place, byte in enumerate(pong[6:])))
        assert pong[:2] == bytes((0x8A, 0x80 | 6))
        await reader.read()

    heard: list[bytes] = []
    async with raw_server(speak) as url:
        socket = await opened(url, heard)
        await until(lambda: len(heard) == 2 and len(answered) == 1)
        socket.close()
    assert heard == [b"one two three", b"four"]
    assert answered == [b"there?"]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(bytes((0x81, 0x80, 0, 0, 0, 0)), id="masked"),
        pytest.param(bytes((0xC1, 0)), id="extended"),
        pytest.param(frame(0, b"x"), id="part without beginning"),
        pytest.param(frame(1, b"x", final=False) + frame(1, b"y"), id="beginning without end"),
        pytest.param(frame(9, b"x", final=False), id="control in parts"),
        pytest.param(bytes((0x89, 126, 0, 200)) + b"x" * 200, id="control too long"),
        pytest.param(frame(3, b""), id="unknown kind"),
        pytest.param(bytes((0x81, 127)) + (1 << 40).to_bytes(8), id="too long"),
    ],
)
async def test_who_breaks_the_rules_is_left(said: bytes) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, accept: str) -> None:
        await granted(writer, accept)
        writer.write(said + frame(1, b"after"))
        await reader.read()

    heard: list[bytes] = []
    async with raw_server(speak) as url:
        socket = await opened(url, heard)
        async with asyncio.timeout(PATIENCE_S):
            assert (await socket.ended).startswith("broken: ")
    assert heard == []


GRANT = "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", id="refused"),
        pytest.param(
            GRANT + "Sec-WebSocket-Accept: bm8=\r\n\r\n",
            id="another key",
        ),
        pytest.param(GRANT + "\r\n", id="no key"),
        pytest.param("\r\n\r\n", id="nothing"),
        pytest.param("x" * 20_000, id="no end"),
    ],
)
async def test_what_is_no_grant_is_a_failure(answer: str) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _accept: str) -> None:
        writer.write(answer.encode())
        await reader.read()

    async with raw_server(speak) as url:
        with pytest.raises(ConnectionError):
            await opened(url, [])


async def test_silence_is_a_failure_in_time() -> None:
    async def speak(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter, _accept: str) -> None:
        await reader.read()

    async with raw_server(speak) as url:
        with pytest.raises(TimeoutError):
            await connect(url, {}, lambda _: None, within=0.1)


async def test_a_peer_that_stops_reading_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "_PATIENCE_S", 0.05)
    over = asyncio.Event()

    async def speak(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, accept: str) -> None:
        await granted(writer, accept)
        await over.wait()

    async with raw_server(speak) as url:
        socket = await opened(url, [])
        socket.send(b"x" * 50_000_000)
        socket.close()
        transport = socket._transport
        assert transport is not None
        await until(lambda: transport.get_write_buffer_size() == 0)
        over.set()
