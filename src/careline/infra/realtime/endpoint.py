"""The WebSocket ``/rt/v1``: carries frames between a client and the hub, and nothing else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Container

from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from starlette.types import Message, Receive, Scope, Send

from careline.infra.realtime import frames
from careline.infra.realtime.connection import Connection, Principal
from careline.infra.realtime.frames import BadFrame, CloseCode, Hello
from careline.infra.realtime.hub import Hub
from careline.infra.web.origins import is_own_page
from careline.kernel.clock import Clock
from careline.kernel.errors import NotSignedIn

logger = logging.getLogger(__name__)

Authenticate = Callable[[HTTPConnection, str | None], Awaitable[Principal]]
"""``await authenticate(websocket, visitor_token)``: by the token when there is one, else by the session cookie.

Raises ``NotSignedIn``.
"""


def realtime_endpoint(
    hub: Hub, authenticate: Authenticate, clock: Clock, origins: Container[object] = (), *, path: str = "/rt/v1"
) -> WebSocketRoute:
    """The route to mount. A cookie counts only when the page came from this same host (no cross-site sockets).

    A visitor token counts from pages of ``origins`` too, and from no other site.
    """
    return WebSocketRoute(path, _Endpoint(hub, authenticate, clock, origins), name="realtime")


class _Endpoint:
    """An ASGI application for WebSockets."""

    def __init__(self, hub: Hub, authenticate: Authenticate, clock: Clock, origins: Container[object]) -> None:
        self.hub = hub
        self.authenticate = authenticate
        self.clock = clock
        self.origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        line = _Line(self, scope, receive, send)
        code: CloseCode | None = CloseCode.GOING_AWAY
        try:
            await line.accept()
            code = await line.run()
        except _Left:
            code = None
        finally:
            if code is not None:
                await line.say_goodbye(code)


class _Refused(Exception):
    def __init__(self, code: CloseCode) -> None:
        super().__init__(code.name)
        self.code = code


class _Left(Exception):
    """The client is gone; there is nobody to say anything to."""


class _Line:
    """One connection from hello to goodbye.

    Thousands do nothing most of the time, so what a line has while it does nothing is one task that waits for the
    client. Writing is a task as long as there is something to write; a timer asks again who it is.
    """

    __slots__ = (
        "_connection",
        "_endpoint",
        "_expiry",
        "_reading",
        "_receive",
        "_scope",
        "_send",
        "_visitor",
        "_writing",
    )

    def __init__(self, endpoint: _Endpoint, scope: Scope, receive: Receive, send: Send) -> None:
        self._endpoint = endpoint
        self._scope = scope
        self._receive = receive
        self._send = send
        self._visitor: str | None = None
        self._connection: Connection | None = None
        self._reading: asyncio.Task[object] | None = None
        self._writing: asyncio.Task[None] | None = None
        self._expiry: asyncio.TimerHandle | asyncio.Task[None] | None = None

    async def accept(self) -> None:
        """Open the socket. Raises ``_Left`` when the client did not wait for that."""
        await self._received()
        await self._said({"type": "websocket.accept"})

    async def run(self) -> CloseCode:
        """Serve until one side ends it; the code to close with. Raises ``_Left`` when the client left."""
        hub = self._endpoint.hub
        try:
            async with asyncio.timeout(hub.limits.hello_s):
                self._visitor = self._who_says(await self._text())
            connection = hub.connect(await self._who())
        except TimeoutError:
            return CloseCode.GOING_AWAY
        except _Refused as refused:
            return refused.code
        if connection is None:
            return CloseCode.FLOODING
        self._connection, self._reading = connection, asyncio.current_task()
        connection.closed.add_done_callback(self._stop_reading)
        connection.listen(self._begin_to_write)
        self._watch(connection)
        try:
            return await self._read(connection)
        except _Refused as refused:
            return refused.code
        except asyncio.CancelledError:
            if not connection.closed.done() or self._reading is None or self._reading.uncancel():
                raise  # somebody else ends this task
            return connection.closed.result()
        finally:
            self._reading = None
            hub.gone(connection)
            connection.close(CloseCode.GOING_AWAY)
            await self._end()

    async def say_goodbye(self, code: CloseCode) -> None:
        """Close the socket; a client that does not read is not waited for."""
        try:
            async with asyncio.timeout(self._endpoint.hub.limits.closing_s):
                await self._said({"type": "websocket.close", "code": int(code), "reason": ""})
        except (TimeoutError, _Left):
            pass

    async def _end(self) -> None:
        """Leave nothing behind that refers to the line: it would wait for the garbage collector."""
        writing, expiry = self._writing, self._expiry
        self._connection = self._writing = self._expiry = None
        if expiry is not None:
            expiry.cancel()
        if writing is not None:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    def _stop_reading(self, _closed: object) -> None:
        if self._reading is not None:
            self._reading.cancel()

    def _who_says(self, text: str) -> str | None:
        """The visitor token of a hello, if it has one. Raises ``_Refused``."""
        try:
            frame = frames.decode(text)
        except BadFrame:
            raise _Refused(CloseCode.BAD_FRAME) from None
        if not isinstance(frame, Hello) or frame.v != frames.PROTOCOL:
            raise _Refused(CloseCode.BAD_FRAME)
        if not (self._from_carrying_site(frame) or is_own_page(self._scope)):
            raise _Refused(CloseCode.REFUSED)
        return frame.visitor

    def _from_carrying_site(self, hello: Hello) -> bool:
        return hello.visitor is not None and HTTPConnection(self._scope).headers.get("origin") in self._endpoint.origins

    async def _who(self) -> Principal:
        try:
            return await self._endpoint.authenticate(HTTPConnection(self._scope), self._visitor)
        except NotSignedIn:
            raise _Refused(CloseCode.NOT_SIGNED_IN) from None

    async def _received(self) -> Message:
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            raise _Left
        return message

    async def _said(self, message: Message) -> None:
        try:
            await self._send(message)
        except (OSError, RuntimeError):  # RuntimeError: the server has closed it meanwhile
            raise _Left from None

    async def _text(self) -> str:
        text = (await self._received()).get("text")
        if not isinstance(text, str):
            raise _Refused(CloseCode.BAD_FRAME)
        if len(text) > self._endpoint.hub.limits.frame_size:
            raise _Refused(CloseCode.TOO_LARGE)
        return text

    async def _read(self, connection: Connection) -> CloseCode:
        while True:
            # A page that says nothing may be asleep, its timers with it. Whether its browser is still there is asked by
            # the server's pings (RFC 6455, section 5.5.2), which the browser answers without the page.
            text = await self._text()
            if not connection.may_send():
                return CloseCode.FLOODING
            try:
                await self._endpoint.hub.handle(connection, text)
            except BadFrame:
                return CloseCode.BAD_FRAME

    def _begin_to_write(self) -> None:
        if self._writing is None and self._connection is not None:
            self._writing = asyncio.get_running_loop().create_task(self._write(self._connection))

    async def _write(self, connection: Connection) -> None:
        try:
            while (text := connection.take()) is not None:
                await self._said({"type": "websocket.send", "text": text})
        except _Left:
            connection.close(CloseCode.GOING_AWAY)
        except Exception:
            logger.exception("a frame could not be sent")
            connection.close(CloseCode.GOING_AWAY)
        finally:
            self._writing = None

    def _watch(self, connection: Connection) -> None:
        """Ask again who it is when the answer expires: a session may have been prolonged meanwhile."""
        until = connection.principal.expires_at
        if until is not None:
            left_s = max(1.0, (until - self._endpoint.clock.now()).total_seconds())
            self._expiry = asyncio.get_running_loop().call_later(left_s, self._ask_again, connection)

    def _ask_again(self, connection: Connection) -> None:
        self._expiry = asyncio.get_running_loop().create_task(self._renew(connection))

    async def _renew(self, connection: Connection) -> None:
        try:
            again = await self._who()
        except _Refused as refused:
            connection.close(refused.code)
        except Exception:
            logger.exception("who is connected could not be asked again; they are to come back")
            connection.close(CloseCode.GOING_AWAY)
        else:
            if again.actor != connection.principal.actor:
                connection.close(CloseCode.GOING_AWAY)  # another one, or other permissions: begin anew
                return
            connection.principal = again
            self._watch(connection)
