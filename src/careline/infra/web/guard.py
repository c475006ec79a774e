"""What every request passes before a route and every answer after it."""

import logging
import re
from collections.abc import Sequence
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from careline.infra.database.failures import why_unusable
from careline.infra.telemetry.context import request_id
from careline.infra.web.problems import database_unavailable, internal_error, problem
from careline.kernel.ids import new_id

logger = logging.getLogger(__name__)

BODY_LIMIT = 1_048_576
"""Bytes of a request's body; nothing of ours needs more, but for files."""

FILE_LIMIT = 64 * 1_048_576
"""Bytes of a body where files are taken. Who takes them counts for itself, and has a lower limit."""

_REQUEST_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z.-]+)(:\d{1,5})?")

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
}


class Guard:
    """Gives each request an id, bounds its body, makes a plain 500 or 503 of what nobody caught, sets the headers.

    ``frameable`` are path prefixes that other sites may show in a frame (the customer's widget); no other page may
    be framed. ``secure`` tells browsers to come back over TLS only. ``file_paths`` is where files are taken, as an
    expression for the whole path.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        body_limit: int = BODY_LIMIT,
        frameable: Sequence[str] = (),
        secure: bool = False,
        file_paths: str | None = None,
    ) -> None:
        self._app = app
        self._body_limit = body_limit
        self._file_paths = None if file_paths is None else re.compile(file_paths)
        self._frameable = tuple(frameable)
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        sent_id = headers.get("x-request-id", "")
        own_id = sent_id if _REQUEST_ID.fullmatch(sent_id) else str(new_id())
        token = request_id.set(own_id)
        try:
            if scope["type"] == "websocket":
                await self._app(scope, receive, send)
            else:
                await self._http(scope, receive, send, headers, own_id)
        finally:
            request_id.reset(token)

    async def _http(self, scope: Scope, receive: Receive, send: Send, headers: Headers, own_id: str) -> None:
        started = False

        async def dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._dress(message, scope["path"], headers.get("host", ""), own_id)
            await send(message)

        limit = self._body_limit
        if self._file_paths is not None and self._file_paths.fullmatch(scope["path"]):
            limit = FILE_LIMIT
        if int(_digits(headers.get("content-length"))) > limit:
            await problem(413, "body-too-large", {"max": limit})(scope, receive, dressed)
            return
        try:
            await self._app(scope, _counted(receive, limit), dressed)
        except ClientDisconnect:
            logger.debug("the client went away")
        except Exception as error:
            logger.exception("%s %s failed", scope["method"], scope["path"])
            if started:
                raise  # the answer is cut off, which is all that can be said now
            failed = internal_error(own_id) if why_unusable(error) is None else database_unavailable()
            await failed(scope, receive, dressed)

    def _dress(self, message: Message, path: str, host: str, own_id: str) -> None:
        frameable = path.startswith(self._frameable) if self._frameable else False
        wanted = _wanted(host, frameable=frameable, secure=self._secure, private=path.startswith("/api/"))
        headers = message["headers"]
        set_already = {name for name, _ in headers}
        message["headers"] = [
            *headers,
            *(header for header in wanted if header[0] not in set_already),
            (b"x-request-id", own_id.encode()),
        ]


@lru_cache(maxsize=64)
def _wanted(host: str, *, frameable: bool, secure: bool, private: bool) -> tuple[tuple[bytes, bytes], ...]:
    """What every answer says unless it says so itself; made once for each of the few names that we are called by."""
    headers = _HEADERS | {"Content-Security-Policy": _policy(host, frameable=frameable)}
    if not frameable:
        headers["X-Frame-Options"] = "DENY"
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if private:
        headers["Cache-Control"] = "no-store"
    return tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items())


def _counted(receive: Receive, limit: int) -> Receive:
    """For bodies that do not say their length."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise HTTPException(413)
        return message

    return counted


def _policy(host: str, *, frameable: bool) -> str:
    """Our own scripts only. Styles may be inline, since the component library writes them into the page.

    ``'self'`` does not cover WebSockets in every browser, so they are named.
    """
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' blob: mediastream:",
            "worker-src 'self' blob:",
            f"connect-src 'self'{sockets}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {'*' if frameable else chr(39) + 'none' + chr(39)}",
        )
    )


def _digits(text: str | None) -> str:
    """A length that is none counts as 0 here: the server refuses it, and the body itself is counted anyway."""
    return text if text and text.isascii() and text.isdigit() and len(text) < 20 else "0"
