"""The WebSocket ``/rt/v1``: carries frames between a client and the hub, and nothing else."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Container

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from careline.infra.realtime import frames
from careline.infra.realtime.connection import Connection, Principal
from careline.infra.realtime.frames import BadFrame, CloseCode, Hello
from careline.infra.realtime.hub import Hub
from careline.infra.web.origins import is_own_page
from careline.kernel.clock import Clock
from careline.kernel.errors import NotSignedIn

logger = logging.getLogger(__name__)

Authenticate = Callable[[WebSocket, str | None], Awaitable[Principal]]
"""``await authenticate(websocket, visitor_token)``: by the token when there is one, else by the session cookie.

Raises ``NotSignedIn``.
"""


def realtime_endpoint(
    hub: Hub, authenticate: Authenticate, clock: Clock, origins: Container[object] = (), *, path: str = "/rt/v1"
) -> WebSocketRoute:
    """The route to mount. A cookie counts only when the page came from this same host (no cross-site sockets).

    A visitor token counts from pages of ``origins`` too, and from no other site.
    """

    async def serve(websocket: WebSocket) -> None:
        await websocket.accept()
        code: CloseCode | None = CloseCode.GOING_AWAY
        try:
            code = await _Line(hub, authenticate, clock, origins, websocket).run()
        except WebSocketDisconnect:
            code = None
        finally:
            if code is not None:
                await _close(websocket, code, hub.limits.closing_s)

    return WebSocketRoute(path, serve)


async def _close(websocket: WebSocket, code: CloseCode, patience_s: float) -> None:
    """Say goodbye; a client that does not read is not waited for."""
    if websocket.application_state is not WebSocketState.CONNECTED:
        return
    with contextlib.suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
        async with asyncio.timeout(patience_s):
            await websocket.close(code)


class _Refused(Exception):
    def __init__(self, code: CloseCode) -> None:
        super().__init__(code.name)
        self.code = code


class _Line:
    """One connection from hello to goodbye."""

    def __init__(
        self, hub: Hub, authenticate: Authenticate, clock: Clock, origins: Container[object], websocket: WebSocket
    ) -> None:
        self._hub = hub
        self._origins = origins
        self._authenticate = authenticate
        self._clock = clock
        self._websocket = websocket

    async def run(self) -> CloseCode:
        """Serve until one side ends it; the code to close with. Raises ``WebSocketDisconnect`` when the client left."""
        try:
            visitor = await self._hello()
            principal = await self._who(visitor)
        except _Refused as refused:
            return refused.code
        connection = self._hub.connect(principal)
        if connection is None:
            return CloseCode.FLOODING
        tasks = [
            asyncio.ensure_future(work)
            for work in (self._read(connection), self._write(connection), self._stay_known(connection, visitor))
        ]
        try:
            done, _ = await asyncio.wait([*tasks, connection.closed], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                return task.result()
            return CloseCode.GOING_AWAY
        except _Refused as refused:
            return refused.code
        finally:
            self._hub.gone(connection)
            connection.close(CloseCode.GOING_AWAY)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _hello(self) -> str | None:
        try:
            frame = frames.decode(await self._receive(self._hub.limits.hello_s))
        except BadFrame:
            raise _Refused(CloseCode.BAD_FRAME) from None
        if not isinstance(frame, Hello) or frame.v != frames.PROTOCOL:
            raise _Refused(CloseCode.BAD_FRAME)
        named = frame.visitor is not None and self._websocket.headers.get("origin") in self._origins
        if not (named or is_own_page(self._websocket.scope)):
            raise _Refused(CloseCode.REFUSED)
        return frame.visitor

    async def _who(self, visitor: str | None) -> Principal:
        try:
            return await self._authenticate(self._websocket, visitor)
        except NotSignedIn:
            raise _Refused(CloseCode.NOT_SIGNED_IN) from None

    async def _receive(self, patience_s: float | None) -> str:
        try:
            async with asyncio.timeout(patience_s):
                message = await self._websocket.receive()
        except TimeoutError:
            raise _Refused(CloseCode.GOING_AWAY) from None
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1006))
        text = message.get("text")
        if not isinstance(text, str):
            raise _Refused(CloseCode.BAD_FRAME)
        if len(text) > self._hub.limits.frame_size:
            raise _Refused(CloseCode.TOO_LARGE)
        return text

    async def _read(self, connection: Connection) -> CloseCode:
        while True:
            # A page that says nothing may be asleep, its timers with it. Whether its browser is still there is asked by
            # the server's pings (RFC 6455, section 5.5.2), which the browser answers without the page.
            text = await self._receive(None)
            if not connection.may_send():
                return CloseCode.FLOODING
            try:
                await self._hub.handle(connection, text)
            except BadFrame:
                return CloseCode.BAD_FRAME

    async def _write(self, connection: Connection) -> CloseCode:
        async for text in connection.outgoing():
            await self._websocket.send_text(text)
        return await asyncio.shield(connection.closed)

    async def _stay_known(self, connection: Connection, visitor: str | None) -> CloseCode:
        """Ask again who it is whenever the answer expires: a session may have been prolonged meanwhile."""
        while True:
            until = connection.principal.expires_at
            if until is None:
                return await asyncio.shield(connection.closed)
            await asyncio.sleep(max(1.0, (until - self._clock.now()).total_seconds()))
            again = await self._who(visitor)
            if again.actor != connection.principal.actor:
                return CloseCode.GOING_AWAY  # another one, or other permissions: begin anew
            connection.principal = again
