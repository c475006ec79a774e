"""The ARI link: one WebSocket to Asterisk that carries its events to us and our requests to it.

It is kept up for as long as ``run`` runs: lost, it is made again with growing pauses; a node that leaves two beats
unanswered is hung up on and reported. Requests that are under way when the link goes fail with ``TransientFailure``.
"""

import asyncio
import logging
import random
import secrets
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

import msgspec

from careline.adapters.asterisk.messages import AriEvent, RESTRequest, RESTResponse, decode
from careline.adapters.asterisk.websocket import AriSocket, connect
from careline.kernel.errors import PermanentFailure, TransientFailure
from careline.modules.contact.telephony.ports import LegGone

log = logging.getLogger(__name__)

BEAT_SECONDS = 2.0
REQUEST_SECONDS = 5.0
MISSED_BEATS = 2
_STEADY_SECONDS = 10.0
_PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Answer(msgspec.Struct, frozen=True):
    """What Asterisk answered; ``body`` is JSON as text, empty when there is none."""

    status: int
    body: str

    @property
    def good(self) -> bool:
        """Whether it did what we asked."""
        return 200 <= self.status < 300

    def reason(self) -> str:
        """Asterisk's own words for a refusal."""
        try:
            return str(msgspec.json.decode(self.body, type=dict[str, Any]).get("message", self.body))
        except msgspec.DecodeError:
            return self.body[:200]


def expect(answer: Answer, what: str) -> None:
    """Raise what an answer means. A channel that is not found, or is not in our application any more, is gone; ARI says
    so with different statuses for different requests."""
    if answer.good:
        return
    reason = answer.reason()
    words = reason.lower()
    if answer.status in (404, 409, 412) or "not found" in words or "not in stasis" in words:
        raise LegGone(f"{what} is gone: {reason}")
    if answer.status >= 500:
        raise TransientFailure(f"Asterisk failed: {reason}")
    raise PermanentFailure(f"Asterisk refused: {reason}")


class LinkListener(Protocol):
    """Who is told of the link."""

    async def link_up(self) -> None:
        """The link is there. Events come to ``on_event`` already; requests may be made."""
        ...

    async def link_down(self, reason: str) -> None:
        """The link that was there is lost."""
        ...

    def on_event(self, event: AriEvent) -> None:
        """Asterisk tells something. Returns at once."""
        ...


class AriLink:
    """A link to one node under one application's name."""

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        *,
        application: str,
        listener: LinkListener,
        beat_variable: str,
        beat_seconds: float = BEAT_SECONDS,
        request_seconds: float = REQUEST_SECONDS,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise PermanentFailure(f"ARI address must be http://host:port, got {parts.scheme}://{parts.hostname}")
        scheme = "wss" if parts.scheme == "https" else "ws"
        query = urlencode({"app": application, "subscribeAll": "false"})
        path = parts.path.rstrip("/")
        self._url = f"{scheme}://{parts.hostname}:{parts.port or 8088}{path}/ari/events?{query}"
        self._headers = {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}
        self._listener = listener
        self._beat_variable = beat_variable
        self._beat_seconds = beat_seconds
        self._request_seconds = request_seconds
        self._socket: AriSocket | None = None
        self._waiting: dict[str, asyncio.Future[RESTResponse]] = {}
        self._asked = 0
        self._mark = secrets.token_hex(4)

    @property
    def is_up(self) -> bool:
        """Whether requests can be made now."""
        return self._socket is not None

    async def run(self) -> None:
        """Keep the link until cancelled."""
        failures, loop = 0, asyncio.get_running_loop()
        while True:
            started = loop.time()
            try:
                reason = await self._once()
            except OSError as failure:  # TimeoutError is one
                reason = str(failure) or type(failure).__name__
            held = loop.time() - started > _STEADY_SECONDS
            failures = 0 if held else failures + 1
            pause = _PAUSES[min(failures, len(_PAUSES) - 1)]
            log.info("no ARI link: %s; again in %.1f s", reason, pause)
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - spreads reconnects, no secret

    async def request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
        *,
        within: float | None = None,
    ) -> Answer:
        """Send a request and wait for its answer. Requests leave in the order in which they were made."""
        socket = self._socket
        if socket is None:
            raise TransientFailure("no link to Asterisk", retry_after=1.0)
        self._asked += 1
        request_id = str(self._asked)
        uri = path + ("?" + urlencode(query) if query else "")
        message = RESTRequest(request_id=request_id, method=method, uri=uri)
        if body is not None:
            text = msgspec.json.encode(body).decode()
            message = msgspec.structs.replace(message, content_type="application/json", message_body=text)
        future: asyncio.Future[RESTResponse] = asyncio.get_running_loop().create_future()
        self._waiting[request_id] = future
        try:
            async with asyncio.timeout(within or self._request_seconds):
                socket.send(msgspec.json.encode(message))
                response = await future
        except TimeoutError:
            raise TransientFailure(f"Asterisk did not answer {method} {path} in time") from None
        except ConnectionError as failure:
            raise TransientFailure(f"link to Asterisk lost: {failure}", retry_after=1.0) from None
        finally:
            self._waiting.pop(request_id, None)
        return Answer(response.status_code, response.message_body)

    async def _once(self) -> str:
        """Make the link and hold it; returns why it ended."""
        # No pings: the beat does this, and finds a node whose WebSocket lives while ARI hangs.
        socket = await connect(self._url, self._headers, self._take, within=self._request_seconds)
        self._socket = socket
        tasks = [
            asyncio.create_task(_end_of(socket), name="ari ends"),
            asyncio.create_task(self._beat(), name="ari beat"),
            asyncio.create_task(self._announce(), name="ari up"),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._socket = None
            socket.close()
            reason = await self._take_down(tasks)
        return reason

    async def _take_down(self, tasks: list[asyncio.Task[str]]) -> str:
        reason = "stopped"
        for task in tasks:
            if task.done() and not task.cancelled():
                failure = task.exception()
                reason = f"{type(failure).__name__}: {failure}" if failure else task.result()
                if failure is not None and not isinstance(failure, TransientFailure):
                    log.error("the ARI link is given up", exc_info=failure)
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(TransientFailure(f"link to Asterisk lost: {reason}", retry_after=1.0))
        await self._listener.link_down(reason)
        return reason

    def _take(self, text: bytes) -> None:
        message = decode(text)
        if isinstance(message, RESTResponse):
            future = self._waiting.get(message.request_id)
            if future is not None and not future.done():
                future.set_result(message)
        elif message is not None:
            try:
                self._listener.on_event(message)
            except Exception:
                log.exception("an event of Asterisk could not be taken in")

    async def _announce(self) -> str:
        """Say that the link is up; ends only by failing, so that it does not end the link when it is done."""
        await self._listener.link_up()
        await asyncio.get_running_loop().create_future()
        return ""

    async def _beat(self) -> str:
        """Show that we are there; returns when the node left too many beats unanswered."""
        missed, beat = 0, 0
        while missed < MISSED_BEATS:
            beat += 1
            try:
                await self.request(
                    "POST",
                    "asterisk/variable",
                    {"variable": self._beat_variable, "value": f"{self._mark}-{beat}"},
                    within=self._beat_seconds * 1.5,
                )
            except TransientFailure:
                missed += 1
                continue
            missed = 0
            await asyncio.sleep(self._beat_seconds)
        return f"the node does not answer: {missed} beats missed"


async def _end_of(socket: AriSocket) -> str:
    return await socket.ended
