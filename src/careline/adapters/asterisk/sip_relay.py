"""SIP over WebSocket (RFC 7118) from browser phones to Asterisk, through Careline's own port.

So Asterisk's HTTP server stays on loopback and unseen, and whoever is not signed in does not even reach it. The relay
does not read SIP: who a phone is, Asterisk asks by digest. It speaks to Asterisk from an address of loopback of its
own, because the demo's trunk is everybody at 127.0.0.1 and a browser must not pass for a trunk.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

log = logging.getLogger(__name__)

SUBPROTOCOL = Subprotocol("sip")
MAX_MESSAGE = 64 * 1024
MAX_MESSAGES = 300
WINDOW_SECONDS = 10.0
_OWN_ADDRESS = "127.0.0.2"
_CONNECT_SECONDS = 5.0

BAD_FRAME = 4400
NOT_SIGNED_IN = 4401
TOO_LARGE = 4413
FLOODING = 4429
RESTARTING = 1012
TRY_LATER = 1013

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

Authorise = Callable[[Scope], Awaitable[str | None]]
"""Says from the ASGI scope (its cookies, its query) which endpoint the client may be; None refuses it."""


class SipRelay:
    """An ASGI application for the WebSocket route ``/sip``. ``upstream`` says where Asterisk's HTTP server is
    (``http://host:port``) at the moment, None when there is no voice engine."""

    def __init__(self, upstream: Callable[[], str | None], authorise: Authorise) -> None:
        self._upstream = upstream
        self._authorise = authorise
        self._open: dict[str, set[asyncio.Task[tuple[int, str]]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry one client's messages until either side closes."""
        await receive()  # websocket.connect
        known = SUBPROTOCOL in scope.get("subprotocols", [])
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL if known else None})
        if not known:
            code, reason = BAD_FRAME, "subprotocol sip is needed"
        else:
            code, reason = await self._admitted(scope, receive, send)
        with contextlib.suppress(RuntimeError, OSError):  # the client closed first
            await send({"type": "websocket.close", "code": code, "reason": reason})

    async def _admitted(self, scope: Scope, receive: Receive, send: Send) -> tuple[int, str]:
        endpoint = await self._authorise(scope)
        if endpoint is None:
            return NOT_SIGNED_IN, "sign in first"
        url = self._upstream()
        if url is None:
            return TRY_LATER, "no voice engine"
        return await self._carry(receive, send, url, endpoint)

    def disconnect(self, endpoint: str) -> None:
        """Cut off every client of an endpoint, for example because its session ended."""
        for task in self._open.get(endpoint, set()):
            task.cancel()

    async def _carry(self, receive: Receive, send: Send, url: str, endpoint: str) -> tuple[int, str]:
        try:
            async with connect(
                _websocket_url(url),
                subprotocols=[SUBPROTOCOL],
                compression=None,
                max_size=MAX_MESSAGE,
                open_timeout=_CONNECT_SECONDS,
                close_timeout=1,
                ping_interval=30,
                proxy=None,
                local_addr=(_OWN_ADDRESS, 0),
            ) as asterisk:
                return await self._both_ways(receive, send, asterisk, endpoint)
        except (OSError, WebSocketException, TimeoutError) as failure:
            log.warning("no SIP WebSocket to the voice node: %s", failure)
            return TRY_LATER, "the voice engine does not answer"

    async def _both_ways(
        self, receive: Receive, send: Send, asterisk: ClientConnection, endpoint: str
    ) -> tuple[int, str]:
        tasks = [
            asyncio.create_task(_to_asterisk(receive, asterisk), name=f"sip from {endpoint}"),
            asyncio.create_task(_to_client(asterisk, send), name=f"sip to {endpoint}"),
        ]
        mine = self._open.setdefault(endpoint, set())
        mine.update(tasks)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            mine.difference_update(tasks)
            if not mine and self._open.get(endpoint) is mine:
                del self._open[endpoint]
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, tuple):
                return result
        if all(isinstance(result, asyncio.CancelledError) for result in results):
            return NOT_SIGNED_IN, "the session ended"
        return RESTARTING, "the voice engine closed"


async def _to_asterisk(receive: Receive, asterisk: ClientConnection) -> tuple[int, str]:
    """Until the client leaves or sends what it may not; returns the code to close with."""
    loop = asyncio.get_running_loop()
    window, sent = loop.time(), 0
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return 1000, ""
        text = message.get("text")
        if text is None:
            return BAD_FRAME, "SIP comes in text frames"
        if len(text) > MAX_MESSAGE or len(text.encode()) > MAX_MESSAGE:
            return TOO_LARGE, f"a message has at most {MAX_MESSAGE} bytes"
        if loop.time() - window > WINDOW_SECONDS:
            window, sent = loop.time(), 0
        sent += 1
        if sent > MAX_MESSAGES:
            return FLOODING, "too many messages"
        try:
            await asterisk.send(text)
        except WebSocketException:
            return RESTARTING, "the voice engine closed"


async def _to_client(asterisk: ClientConnection, send: Send) -> tuple[int, str]:
    try:
        async for message in asterisk:
            text = message if isinstance(message, str) else message.decode("utf-8", "replace")
            await send({"type": "websocket.send", "text": text})
    except WebSocketException:
        return RESTARTING, "the voice engine closed"
    except (RuntimeError, OSError):  # the client closed while we sent
        return 1000, ""
    return RESTARTING, "the voice engine closed"


def _websocket_url(url: str) -> str:
    parts = urlsplit(url)
    scheme = "wss" if parts.scheme == "https" else "ws"
    return f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}/ws"
