"""SIP over WebSocket (RFC 7118) from browser phones to Asterisk, through Careline's own port.

So Asterisk's HTTP server stays on loopback and unseen, and whoever is not signed in does not even reach it. The relay
does not read SIP: who a phone is, Asterisk asks by digest. It speaks to Asterisk from an address of loopback of its
own, because the demo's trunk is everybody at 127.0.0.1 and a browser must not pass for a trunk.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from careline.infra.realtime.connection import Principal
from careline.infra.web.origins import is_own_page
from careline.kernel.clock import Clock
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony.ports import PhoneLines

log = logging.getLogger(__name__)

SUBPROTOCOL = Subprotocol("sip")
MAX_MESSAGE = 64 * 1024
MAX_MESSAGES = 300
MAX_PAGE = 64
WINDOW_SECONDS = 10.0
_OWN_ADDRESS = "127.0.0.2"
_CONNECT_SECONDS = 5.0

BAD_FRAME = 4400
NOT_SIGNED_IN = 4401
REFUSED = 4403
TOO_LARGE = 4413
FLOODING = 4429
GOING_AWAY = 1001
"""What a browser closes with whose page goes, were it by a crash (RFC 6455 §7.4.1)."""
RESTARTING = 1012
TRY_LATER = 1013

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_OVER = NOT_SIGNED_IN, "the session ended"


class Phone(msgspec.Struct, frozen=True, kw_only=True):
    """The endpoint that a client may be, and who is at it; a demo phone is anybody's, and nobody is signed in there.

    At the principal's ``expires_at`` it is asked again who that is.
    """

    endpoint: str
    principal: Principal | None = None


Authorise = Callable[[Scope], Awaitable[Phone | None]]
"""Says from the ASGI scope (its cookies, its query) which phone the client may be; None refuses it."""


class _Line:
    """One client from its admission to its end."""

    def __init__(self, scope: Scope, phone: Phone) -> None:
        self.scope = scope
        self.phone = phone
        self.page = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("page", [""])[0][:MAX_PAGE]
        self.cut = asyncio.Event()  # it may not stay
        self.page_went = False


class SipRelay:
    """An ASGI application for the WebSocket route ``/sip``. ``upstream`` says where Asterisk's HTTP server is
    (``http://host:port``) at the moment, None when there is no voice engine. ``heard`` is told of the lines of those
    who are signed in; a page that connects again says so by the same ``?page=``."""

    def __init__(
        self, upstream: Callable[[], str | None], authorise: Authorise, clock: Clock, heard: PhoneLines
    ) -> None:
        self._upstream = upstream
        self._authorise = authorise
        self._clock = clock
        self._heard = heard
        self._lines: set[_Line] = set()
        self._cuts = 0

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

    def disconnect(self, tenant_id: TenantId, *, actor_id: UUID | None = None, session_id: UUID | None = None) -> None:
        """Cut the phones of a user, or of one session, that may not stay (signed out, blocked): Asterisk then forgets
        where they were registered."""
        self._cuts += 1
        for line in self._lines:
            who = line.phone.principal
            if who is not None and who.is_of(tenant_id, actor_id=actor_id, session_id=session_id):
                line.cut.set()

    async def _admitted(self, scope: Scope, receive: Receive, send: Send) -> tuple[int, str]:
        if not is_own_page(scope):
            return REFUSED, "no phones on other sites' pages"
        phone = await self._who(scope)
        if phone is None:
            return NOT_SIGNED_IN, "sign in first"
        url = self._upstream()
        if url is None:
            return TRY_LATER, "no voice engine"
        line = _Line(scope, phone)
        self._lines.add(line)
        try:
            return await self._carry(receive, send, url, line)
        finally:
            self._lines.discard(line)

    async def _who(self, scope: Scope) -> Phone | None:
        """Which phone it may be. When somebody was cut meanwhile, that may be the one just found: ask again."""
        while True:
            cuts = self._cuts
            phone = await self._authorise(scope)
            if cuts == self._cuts:
                return phone

    async def _carry(self, receive: Receive, send: Send, url: str, line: _Line) -> tuple[int, str]:
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
                with self._told_of(line):
                    return await self._both_ways(receive, send, asterisk, line)
        except (OSError, WebSocketException, TimeoutError) as failure:
            log.warning("no SIP WebSocket to the voice node: %s", failure)
            return TRY_LATER, "the voice engine does not answer"

    @contextlib.contextmanager
    def _told_of(self, line: _Line) -> Iterator[None]:
        """Tell when it opens and, before Asterisk is said goodbye, that it closed: the next one may open at once."""
        endpoint, page = line.phone.endpoint, line.page
        if line.phone.principal is None:
            yield
            return
        self._heard.line_opened(endpoint, page)
        try:
            yield
        finally:
            self._heard.line_closed(endpoint, page, gone=line.page_went or line.cut.is_set())

    async def _both_ways(
        self, receive: Receive, send: Send, asterisk: ClientConnection, line: _Line
    ) -> tuple[int, str]:
        endpoint = line.phone.endpoint
        tasks = [
            asyncio.create_task(_to_asterisk(receive, asterisk, line), name=f"sip from {endpoint}"),
            asyncio.create_task(_to_client(asterisk, send), name=f"sip to {endpoint}"),
            asyncio.create_task(self._stay_known(line), name=f"sip of {endpoint}"),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, tuple):
                return result
        return RESTARTING, "the voice engine closed"

    async def _stay_known(self, line: _Line) -> tuple[int, str]:
        """Until the one at the phone may not be there any more."""
        while not line.cut.is_set():
            who = line.phone.principal
            until = None if who is None else who.expires_at
            patience_s = None if until is None else max(1.0, (until - self._clock.now()).total_seconds())
            try:
                async with asyncio.timeout(patience_s):
                    await line.cut.wait()
            except TimeoutError:
                again = await self._who(line.scope)
                if again is None or again.endpoint != line.phone.endpoint:
                    line.cut.set()
                    break
                line.phone = again
        return _OVER


async def _to_asterisk(receive: Receive, asterisk: ClientConnection, line: _Line) -> tuple[int, str]:
    """Until the client leaves or sends what it may not; returns the code to close with."""
    loop = asyncio.get_running_loop()
    window, sent = loop.time(), 0
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            line.page_went = message.get("code") == GOING_AWAY
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
