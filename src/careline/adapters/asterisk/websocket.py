"""A WebSocket (RFC 6455) to Asterisk, of it only what the ARI link needs: whole texts, both ways, soon.

Every call is some thirty frames, and each is handed on within the read that brought it: no queue, no task, no future in
between. A general client cost a sixth of a call's processor time here.
"""

import asyncio
import base64
import hashlib
import os
import ssl
from collections.abc import Callable, Mapping
from typing import cast
from urllib.parse import urlsplit

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_HEAD_LIMIT = 16 * 1024
_TEXT_LIMIT = 64 * 1024 * 1024
"""Longest text that is taken in; the list of all channels of a full node is some megabytes."""

_PATIENCE_S = 1.0

_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_NORMAL, _PROTOCOL_ERROR, _TOO_BIG = 1000, 1002, 1009

Take = Callable[[bytes], None]
"""Is called with each text; must not fail, and returns at once."""


class Broken(ConnectionError):
    """The other side does not speak WebSocket as it should; what came is not told, it may hold anything."""


class AriSocket(asyncio.Protocol):
    """One connection. ``ended`` is done, with the reason, once it is over."""

    def __init__(self, take: Take) -> None:
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[str] = loop.create_future()
        self._opened: asyncio.Future[None] = loop.create_future()
        self._take = take
        self._key = base64.b64encode(os.urandom(16))
        self._received = bytearray()
        self._parts: list[bytes] = []
        self._length = 0
        self._outgoing: list[bytes] = []
        self._transport: asyncio.WriteTransport | None = None

    async def open(self, request: bytes) -> None:
        """Send the request for an upgrade and wait until it is granted. Raises ``ConnectionError``."""
        assert self._transport is not None
        self._transport.write(request.replace(b"{key}", self._key))
        await self._opened

    def send(self, text: bytes) -> None:
        """Send a text. Raises ``ConnectionError`` when the connection is over."""
        if self.ended.done():
            raise ConnectionError("the connection is over")
        if not self._outgoing:
            # What is sent in one turn of the loop goes out together: each writing wakes Asterisk.
            asyncio.get_running_loop().call_soon(self._flush)
        self._outgoing.append(_frame(_TEXT, text))

    def close(self) -> None:
        """Say good-bye and leave."""
        self._leave(_NORMAL, "closed by us")

    # -- asyncio.Protocol ----------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not asked with isinstance: those of uvloop say that they are none.
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        try:
            if not self._opened.done() and not self._read_head():
                return
            while not self.ended.done() and self._read_frame():
                pass
        except Broken as broken:
            self._leave(_PROTOCOL_ERROR, f"broken: {broken}")

    def connection_lost(self, exc: Exception | None) -> None:
        self._over("closed by Asterisk" if exc is None else f"broken: {exc}")

    # -- inside --------------------------------------------------------------------------------------------

    def _read_head(self) -> bool:
        """Read the answer to our request; whether it is there."""
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            if len(self._received) > _HEAD_LIMIT:
                raise Broken("the answer has no end")
            return False
        status, *lines = bytes(self._received[:end]).split(b"\r\n")
        del self._received[: end + 4]
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        words = status.split(b" ", 2)
        if len(words) < 2 or words[1] != b"101":
            raise Broken(f"answered {b' '.join(words[1:2]).decode('ascii', 'replace') or 'nonsense'}")
        expected = base64.b64encode(hashlib.sha1(self._key + _GUID, usedforsecurity=False).digest())
        if headers.get(b"sec-websocket-accept") != expected:
            raise Broken("did not accept our key")
        self._opened.set_result(None)
        return True

    def _read_frame(self) -> bool:
        """Deal with the first frame if it is there as a whole; whether it was."""
        received = self._received
        if len(received) < 2:
            return False
        first, size, start = received[0], received[1], 2
        if size & 0x80 or first & 0x70:
            raise Broken("a frame is masked or extended")
        if size > 125:
            start = 4 if size == 126 else 10
            if len(received) < start:
                return False
            size = int.from_bytes(received[2:start])
        if size + self._length > _TEXT_LIMIT:
            self._leave(_TOO_BIG, "broken: a text is too long")
            return False
        end = start + size
        if len(received) < end:
            return False
        payload = bytes(memoryview(received)[start:end])
        del received[:end]
        self._deal_with(first & 0x0F, final=bool(first & 0x80), payload=payload)
        return True

    def _deal_with(self, code: int, *, final: bool, payload: bytes) -> None:
        if code in (_TEXT, _BINARY, _CONTINUATION):
            if (code == _CONTINUATION) != bool(self._parts):
                raise Broken("a part has no beginning, or no end")
            if final and not self._parts:
                self._take(payload)
                return
            self._parts.append(payload)
            self._length += len(payload)
            if final:
                text = b"".join(self._parts)
                self._parts, self._length = [], 0
                self._take(text)
        elif not final or len(payload) > 125:
            raise Broken("a control frame is in parts or too long")
        elif code == _PING:
            self._write(_frame(_PONG, payload))
        elif code == _CLOSE:
            self._leave(_NORMAL, "closed by Asterisk")
        elif code != _PONG:
            raise Broken("a frame of an unknown kind")

    def _flush(self) -> None:
        outgoing, self._outgoing = self._outgoing, []
        self._write(b"".join(outgoing))

    def _leave(self, code: int, reason: str) -> None:
        if not self.ended.done() and self._opened.done():
            self._flush()
            self._write(_frame(_CLOSE, code.to_bytes(2)))
        self._over(reason)
        if self._transport is not None and not self._transport.is_closing():
            self._transport.close()
            # What is left to be written waits for a peer that reads; this one may have stopped.
            asyncio.get_running_loop().call_later(_PATIENCE_S, self._transport.abort)

    def _over(self, reason: str) -> None:
        if not self._opened.done():
            self._opened.set_exception(ConnectionError(reason))
        if not self.ended.done():
            self.ended.set_result(reason)

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)


async def connect(url: str, headers: Mapping[str, str], take: Take, *, within: float) -> AriSocket:
    """Open a connection to ``ws://`` or ``wss://``. Raises ``OSError`` or ``TimeoutError``."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    secure = ssl.create_default_context() if parts.scheme == "wss" else None
    port = parts.port or (443 if secure else 80)
    lines = [
        f"GET {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1",
        f"Host: {f'[{parts.hostname}]' if ':' in parts.hostname else parts.hostname}:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: {key}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    async with asyncio.timeout(within):
        loop = asyncio.get_running_loop()
        _, socket = await loop.create_connection(lambda: AriSocket(take), parts.hostname, port, ssl=secure)
        try:
            await socket.open("\r\n".join([*lines, "", ""]).encode("latin-1"))
        except BaseException:
            socket.close()
            raise
    return socket


def _frame(code: int, payload: bytes) -> bytes:
    """One whole frame, masked with a key of its own, as a client's must be (§5.3)."""
    size = len(payload)
    if size <= 125:
        head = bytes((0x80 | code, 0x80 | size))
    elif size <= 0xFFFF:
        head = bytes((0x80 | code, 0x80 | 126)) + size.to_bytes(2)
    else:
        head = bytes((0x80 | code, 0x80 | 127)) + size.to_bytes(8)
    key = os.urandom(4)
    stretched = (key * (size // 4 + 1))[:size]
    masked = (int.from_bytes(payload) ^ int.from_bytes(stretched)).to_bytes(size)
    return head + key + masked
