"""Clients that cost so little that thousands of them fit beside the server that is measured."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self
from uuid import uuid4

Heard = Callable[[dict[str, Any]], None]
_TEXT, _CLOSE, _PING = 0x1, 0x8, 0x9


class Line(asyncio.Protocol):
    """A WebSocket (RFC 6455) that says ``words`` when it is open; ``ready`` is done when all but the first, which
    are subscriptions if there are any, have their answer, or the first has.

    Frames are masked with zeros, which the standard allows a client to choose and which costs nothing.
    """

    def __init__(self, words: list[dict[str, Any]], heard: Heard | None = None) -> None:
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._last = b"{}"
        self._words = words
        self._expected = max(1, len(words) - 1)
        self._heard = heard
        self._buffer = b""
        self._open = False
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def to(cls, port: int, words: list[dict[str, Any]], heard: Heard | None = None) -> Self:
        """Connect; ``ready`` says when it is of use."""
        _, line = await asyncio.get_running_loop().create_connection(lambda: cls(words, heard), "127.0.0.1", port)
        return line

    @property
    def position(self) -> str | None:
        """Where this line is: what came last says it."""
        told = json.loads(self._last)
        return str(told["position"]) if "position" in told else None

    def cut(self) -> None:
        """Be gone without a word, as when the network is."""
        assert self._transport is not None
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(
            b"GET /rt/v1 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._open:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(f"no WebSocket: {head.splitlines()[0]!r}")
            self._open, self._buffer = True, rest
            for word in self._words:
                self._send(_TEXT, json.dumps(word).encode())
        while frame := self._next_frame():
            self._take(*frame)

    def _take(self, kind: int, payload: bytes) -> None:
        if kind == _PING:
            self._send(0xA, payload)
        elif kind == _CLOSE and not self.ready.done():
            self.ready.set_exception(ConnectionError(f"closed with {int.from_bytes(payload[:2])}"))
        elif kind == _TEXT:
            self._last = payload
            if self._heard is None and self.ready.done():
                return
            told = json.loads(payload)
            if told.get("t") in ("subbed", "reset"):
                self._expected -= 1
                if self._expected == 0:
                    self.ready.set_result(None)
            elif self._heard is not None:
                self._heard(told)

    def _next_frame(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        size, at = buffer[1] & 0x7F, 2
        if size >= 126:
            wide = 2 if size == 126 else 8
            size, at = int.from_bytes(buffer[2 : 2 + wide]), 2 + wide
        if len(buffer) < at + size:
            return None
        self._buffer = buffer[at + size :]
        return buffer[0] & 0xF, buffer[at : at + size]

    def _send(self, kind: int, payload: bytes) -> None:
        assert self._transport is not None
        size = len(payload)
        head = bytes([0x80 | kind, 0x80 | size]) if size < 126 else bytes([0x80 | kind, 0xFE]) + size.to_bytes(2)
        self._transport.write(head + b"\0\0\0\0" + payload)


class Knock:
    """Asks over one connection, one thing after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, port: int) -> Self:
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, method: str, path: str, body: dict[str, Any], headers: str) -> None:
        """Ask, and wait for the answer. Raises ``RuntimeError`` when that is a refusal."""
        content = json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: careline\r\nContent-Type: application/json\r\n{headers}"
        self._writer.write(b"%s\r\nContent-Length: %d\r\n\r\n%s" % (head.encode(), len(content), content))
        answer = await self._reader.readuntil(b"\r\n\r\n")
        lengths = [line for line in answer.lower().splitlines() if line.startswith(b"content-length:")]
        said = await self._reader.readexactly(int(lengths[0].split(b":")[1])) if lengths else b""
        if not answer.startswith(b"HTTP/1.1 2"):
            raise RuntimeError(f"{method} {path}: {answer.splitlines()[0]!r} {said[:200]!r}")

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()


class Speaker:
    """A customer who posts messages over one connection, each when the last one was confirmed."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes) -> None:
        self._reader, self._writer, self._head = reader, writer, head

    @classmethod
    async def to(cls, port: int, path: str, token: str) -> Self:
        """Connect. Messages go to ``path``."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: careline\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}"
        )
        return cls(reader, writer, head.encode())

    async def say(self, text: str, client_id: str | None = None) -> None:
        """Post one; returns when it is confirmed. Raises ``RuntimeError`` when it is not."""
        body = json.dumps({"client_id": client_id or str(uuid4()), "text": text}).encode()
        self._writer.write(b"%s\r\nContent-Length: %d\r\n\r\n%s" % (self._head, len(body), body))
        head = await self._reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 201"):
            raise RuntimeError(f"a message was not stored: {head.splitlines()[0]!r}")
        length = next(line for line in head.lower().splitlines() if line.startswith(b"content-length:"))
        await self._reader.readexactly(int(length.split(b":")[1]))

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()


@contextmanager
def served(*module_and_arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A server in a process of its own, and what it said when it was ready; it ends with the block."""
    command = [sys.executable, "-m", *module_and_arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server, json.loads(server.stdout.readline())
