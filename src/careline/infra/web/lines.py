"""What one connection may cost before the application has seen anything of it, and after it has said goodbye.

The server below us waits for the head of a request for as long as it takes and however large it gets, unpacks whatever
was packed, answers every ping of a client that reads none of the answers, keeps a message in as many pieces as it
comes in, and waits without end for a client to read the rest. Here each of these has its bound. Close codes are those
of RFC 6455, section 7.4.1: whoever reaches a bound speaks no protocol of ours.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

HEAD_WITHIN_S = 20.0
"""How long a client may take for the head of a request, from its connection or the request's first byte on."""

HEAD_LIMIT = 65_536
"""Bytes of a head that is not complete yet; one read more may be taken in."""

MESSAGE_LIMIT = 65_536
"""Bytes of one WebSocket message, before anybody looks at it; neither realtime nor SIP needs more."""

PIECES_LIMIT = 1_000
"""Frames that one message may come in: an empty one costs memory too, and none of its bytes count."""

UNREAD_LIMIT = 1_048_576
"""Bytes that may wait to be read by a client that asks for more by pings."""

GONE_WITHIN_S = 15.0
"""How long a client may take to read what was sent before the end; then its line is cut."""


class BoundedHttp(HttpToolsProtocol):
    """HTTP, with bounds for the time and the size of a request's head."""

    _head_size: int | None = None
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        self.parser = None  # type: ignore[assignment]  # a circle, which would wait for the garbage collector

    def data_received(self, data: bytes) -> None:
        if self._head_size is not None:
            self._head_size += len(data)
        super().data_received(data)
        if self._head_size is not None and self._head_size > HEAD_LIMIT:
            self._refuse(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._begin()

    def on_headers_complete(self) -> None:
        self._end()
        super().on_headers_complete()

    def _begin(self) -> None:
        self._head_size = 0
        if self._late is None:
            self._late = self.loop.call_later(HEAD_WITHIN_S, self._refuse, b"408 Request Timeout")

    def _end(self) -> None:
        self._head_size = None
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, status: bytes) -> None:
        self._end()
        if not self.transport.is_closing():
            self.transport.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            self.transport.close()


class BoundedWebSocket(WebSocketsSansIOProtocol):
    """WebSocket, with bounds for what is below the messages and for what comes after the end."""

    _cut: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._cut is not None:
            self._cut.cancel()
        super().connection_lost(exc)
        self.conn.parser.close()  # it is suspended within the connection that it belongs to: a circle

    def handle_cont(self, event: Frame) -> None:
        super().handle_cont(event)
        if len(self.frames) > PIECES_LIMIT:
            self._fail(CloseCode.MESSAGE_TOO_BIG)

    def handle_ping(self) -> None:
        super().handle_ping()
        if self.transport.get_write_buffer_size() > UNREAD_LIMIT:
            self._fail(CloseCode.POLICY_VIOLATION)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._let_go()

    async def run_asgi(self) -> None:
        await super().run_asgi()
        self._let_go()

    def _fail(self, code: CloseCode) -> None:
        if not self.close_sent:
            self.frames = []
            self.conn.fail(code)
            self.handle_parser_exception()

    def _let_go(self) -> None:
        """A close waits until all is read; who reads nothing would keep it waiting for ever."""
        if self._cut is None and not self.disconnected:
            self._cut = self.loop.call_later(GONE_WITHIN_S, self.transport.abort)


BOUNDS: dict[str, Any] = {
    "http": BoundedHttp,
    "ws": BoundedWebSocket,
    "ws_max_size": MESSAGE_LIMIT,
    # A few bytes unpack to a thousand times as many, message after message, before the first of them is counted.
    "ws_per_message_deflate": False,
}
"""What a ``uvicorn.Config`` is given by everything that serves others than itself."""
