"""The WebSocket to Asterisk: whole texts, both ways, handed on within the read that brought them.

The protocol (RFC 6455) is the library's, without its client: every call is some thirty texts, and a queue, a task and a
future for each of them cost a sixth of a call's processor time here.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from typing import cast

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidURI, WebSocketException
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.uri import parse_uri

_TEXT_LIMIT = 64 * 1024 * 1024
"""Longest text that is taken in; the list of all channels of a full node is some megabytes."""

_PATIENCE_S = 1.0

Take = Callable[[bytes], None]
"""Is called with each text; must not fail, and returns at once."""


class AriSocket(asyncio.Protocol):
    """One connection. ``ended`` is done, with the reason, once it is over."""

    def __init__(self, protocol: ClientProtocol, headers: Mapping[str, str], take: Take) -> None:
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[str] = loop.create_future()
        self.opened: asyncio.Future[None] = loop.create_future()
        self._protocol = protocol
        self._headers = headers
        self._take = take
        self._parts: list[bytes] = []
        self._to_flush = False
        self._transport: asyncio.WriteTransport | None = None

    def send(self, text: bytes) -> None:
        """Send a text. Raises ``ConnectionError`` when the connection is over."""
        if self.ended.done() or self._protocol.state is not State.OPEN:
            raise ConnectionError("the connection is over")
        self._protocol.send_text(text)
        if not self._to_flush:
            # What is sent in one turn of the loop goes out together: each writing wakes Asterisk.
            self._to_flush = True
            asyncio.get_running_loop().call_soon(self._flush)

    def close(self) -> None:
        """Say good-bye and leave."""
        self._leave("closed by us")

    # -- asyncio.Protocol ----------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not asked with isinstance: those of uvloop say that they are none.
        self._transport = cast(asyncio.WriteTransport, transport)
        request = self._protocol.connect()
        for name, value in self._headers.items():
            request.headers[name] = value
        self._protocol.send_request(request)
        self._flush()

    def data_received(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._deal_with(event)
            elif isinstance(event, Response) and self._protocol.handshake_exc is None:
                self.opened.set_result(None)
        self._flush()
        if self._protocol.handshake_exc is not None:
            self._leave(f"broken: {self._protocol.handshake_exc}")
        elif self._protocol.parser_exc is not None:
            self._leave(f"broken: {self._protocol.parser_exc}")

    def connection_lost(self, exc: Exception | None) -> None:
        self._over("closed by Asterisk" if exc is None else f"broken: {exc}")

    # -- inside --------------------------------------------------------------------------------------------

    def _deal_with(self, frame: Frame) -> None:
        if self.ended.done():
            return
        if frame.opcode is Opcode.CLOSE:
            self._leave("closed by Asterisk")
        elif frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            # The library sees to it that parts follow each other rightly, and bounds the whole text.
            if frame.fin and not self._parts:
                self._take(bytes(frame.data))
                return
            self._parts.append(bytes(frame.data))
            if frame.fin:
                text, self._parts = b"".join(self._parts), []
                self._take(text)

    def _leave(self, reason: str) -> None:
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(CloseCode.NORMAL_CLOSURE)
            self._flush()
        self._over(reason)
        if self._transport is not None and not self._transport.is_closing():
            self._transport.close()
            # What is left to be written waits for a peer that reads; this one may have stopped.
            asyncio.get_running_loop().call_later(_PATIENCE_S, self._transport.abort)

    def _over(self, reason: str) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(reason))
        if not self.ended.done():
            self.ended.set_result(reason)

    def _flush(self) -> None:
        self._to_flush = False
        outgoing = b"".join(self._protocol.data_to_send())
        if outgoing and self._transport is not None and not self._transport.is_closing():
            self._transport.write(outgoing)


async def connect(url: str, headers: Mapping[str, str], take: Take, *, within: float) -> AriSocket:
    """Open a connection to ``ws://`` or ``wss://``. Raises ``OSError`` or ``TimeoutError``."""
    try:
        where = parse_uri(url)
    except (InvalidURI, WebSocketException) as error:
        raise OSError(str(error)) from error
    secure = ssl.create_default_context() if where.secure else None
    protocol = ClientProtocol(where, max_size=_TEXT_LIMIT)
    async with asyncio.timeout(within):
        loop = asyncio.get_running_loop()
        _, socket = await loop.create_connection(
            lambda: AriSocket(protocol, headers, take), where.host, where.port, ssl=secure
        )
        try:
            await socket.opened
        except BaseException:
            socket.close()
            raise
    return socket
