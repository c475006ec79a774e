"""A client of the chat protocol (docs/guides/chat-protocol.md, version 1), to be read as a template for others.

It needs an HTTP and a WebSocket library and nothing of Careline. What it promises its user: a message is stored once
and shown in its place, whatever the network does; nothing that was said is missed. The five rules of the guide, "A
client that loses nothing", are named where they are kept.

>>> async with ChatClient("http://127.0.0.1:8080", tenant="demo", name="李辉") as chat:
...     await chat.say("宽带断了")
...     await chat.send_file("路由器.png", picture)
...     async with chat.listening():
...         await chat.until(lambda: chat.state == "chatting")
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Self
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

VERSION = 1
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 5.0
FINAL = frozenset({4400, 4401, 4403, 4413, 4429})
"""Close codes after which coming back changes nothing."""


class Refused(Exception):
    """The server will not do it, however often it is asked; ``code`` says why."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


class ChatClient:
    """A customer's side of one chat."""

    def __init__(
        self,
        server: str,
        *,
        tenant: str,
        name: str | None = None,
        token: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._server = server
        self._who = {"tenant": tenant, "name": name, "msisdn": None, "locale": "zh-CN"}
        self._http = httpx.AsyncClient(base_url=f"{server}/api/v1", timeout=20, transport=transport)
        self.token = token
        self.messages: dict[int, dict[str, Any]] = {}
        self.state = "none"
        self.agent_read = 0
        self.agent_typed = 0
        self.position: str | None = None
        self.close_code: int | None = None
        self.line: ClientConnection | None = None
        self._changed = asyncio.Condition()
        self._pause = FIRST_PAUSE_S

    async def __aenter__(self) -> Self:
        if self.token is None:
            entered = await self._ask("POST", "/visitor", json=self._who)
            self.token = entered["token"]
        self._http.headers["Authorization"] = f"Bearer {self.token}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    # Saying

    async def say(self, text: str, client_id: str | None = None) -> dict[str, Any]:
        """Say something; returns when it is durable. Rule 4: one name for it, however often it has to be sent."""
        body = {"client_id": client_id or str(uuid4()), "text": text}
        return await self._until_stored(lambda: self._ask("POST", "/visitor/messages", json=body))

    async def send_file(
        self, name: str, content: bytes, *, duration_ms: int | None = None, client_id: str | None = None
    ) -> dict[str, Any]:
        """Send a picture, a file or, with its length, a voice message; returns when it is durable."""
        params: dict[str, Any] = {"client_id": client_id or str(uuid4()), "name": name}
        if duration_ms is not None:
            params["duration_ms"] = duration_ms
        headers = {"Content-Type": "application/octet-stream"}
        return await self._until_stored(
            lambda: self._ask("POST", "/visitor/files", params=params, content=content, headers=headers)
        )

    async def leave_message(self, asked: dict[str, Any], text: str, reach: str) -> dict[str, Any]:
        """Answer the notice ``message-asked-for``; whoever calls this has shown its words of consent."""
        body = {"interaction_id": asked["interaction_id"], "text": text, "reach": reach, "consent": True}
        body["client_id"] = str(uuid4())
        while True:
            with suppress(httpx.TransportError):
                receipt: dict[str, Any] = await self._ask("POST", "/visitor/left-messages", json=body)
                return receipt

    async def read(self, seq: int) -> None:
        """I have seen everything up to this number. A mark that is lost is not worth a second try."""
        with suppress(httpx.TransportError):
            await self._ask("POST", "/visitor/read", json={"seq": seq})

    async def typing(self) -> None:
        """I am writing."""
        with suppress(httpx.TransportError):
            await self._ask("POST", "/visitor/typing")

    async def end(self) -> None:
        """End the chat."""
        await self._ask("POST", "/visitor/end")

    async def _until_stored(self, send: Callable[[], Any]) -> dict[str, Any]:
        pause = FIRST_PAUSE_S
        while True:
            try:
                message: dict[str, Any] = await send()
            except httpx.TransportError:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)
            else:
                await self._put(message)
                return message

    # Reading

    async def file(self, message: dict[str, Any]) -> bytes:
        """The content of a file: its link is asked for, and good for some minutes."""
        link = await self._ask("GET", f"/visitor/files/{message['attachment']['id']}/link")
        async with httpx.AsyncClient(base_url=self._server) as anybody:
            return (await anybody.get(link["path"])).raise_for_status().content

    async def catch_up(self) -> None:
        """Rule 1, second half: everything after the last number up to which nothing is missing."""
        now = await self._ask("GET", "/visitor/conversation")
        self.state = now["state"]
        after: int | str | None = self.complete_to
        while after is not None and now["conversation_id"] is not None:
            page = await self._ask("GET", "/visitor/messages", params={"after": after})
            for message in page["items"]:
                await self._put(message)
            after = page["next"]
        async with self._changed:
            self._changed.notify_all()

    @property
    def complete_to(self) -> int:
        """The number up to which nothing is missing. Rule 2: a number beyond the next one shows that something is."""
        last = 0
        while last + 1 in self.messages:
            last += 1
        return last

    @property
    def texts(self) -> list[str]:
        """What was said, in order."""
        return [message["text"] for _, message in sorted(self.messages.items()) if message["kind"] != "notice"]

    async def _put(self, message: dict[str, Any]) -> None:
        async with self._changed:
            self.messages[message["seq"]] = message
            self._changed.notify_all()

    # Hearing

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Hear what happens for as long as this lasts, over as many connections as it takes."""
        task = asyncio.create_task(self._listen())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def until(self, is_so: Callable[[], bool], *, seconds: float = 30) -> None:
        """Wait for something to become true of what is known here."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(is_so)

    async def _listen(self) -> None:
        while True:
            try:
                async with connect(f"{self._server.replace('http', 'ws', 1)}/rt/v1") as line:
                    self.line = line
                    await self._converse(line)
            except ConnectionClosed as closed:
                self.close_code = None if closed.rcvd is None else closed.rcvd.code
                if self.close_code in FINAL:
                    return
            # The second is cut off or refused before it began; the third: what was missed could not be read just now.
            except (OSError, InvalidHandshake, httpx.TransportError):
                self.close_code = None
            # Rule 3: come back with growing pauses.
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE_S)

    async def _converse(self, line: ClientConnection) -> None:
        await line.send(json.dumps({"t": "hello", "v": VERSION, "visitor": self.token}))
        async for text in line:
            frame = json.loads(text)
            if frame["t"] == "welcome":
                await self._follow(line)
            elif frame["t"] in ("subbed", "reset"):
                # Rule 1: subscribe first, then read. On ``reset`` what was missed is not kept: it is read, too.
                self.position = frame["position"]
                self._pause = FIRST_PAUSE_S  # it was let in: the next cut is another one
                await self.catch_up()
            elif frame["t"] == "ev":
                self.position = frame["position"]
                await self._hear(frame["name"], frame["data"])

    async def _follow(self, line: ClientConnection) -> None:
        now = await self._ask("GET", "/visitor/conversation")
        if now["conversation_id"] is None:
            raise Refused(404, "nothing was said yet")
        topic = f"conversation:{now['conversation_id']}"
        await line.send(json.dumps({"t": "sub", "topic": topic, "from": self.position}))

    async def _hear(self, name: str, data: dict[str, Any]) -> None:
        if name == "message.stored":
            await self._put(data)
            if data["seq"] > self.complete_to:
                await self.catch_up()
            return
        if name == "conversation.state":
            self.state = data["state"]
        elif name == "read" and data["author"] == "agent":
            self.agent_read = max(self.agent_read, data["seq"])
        elif name == "typing" and data["author"] == "agent":
            self.agent_typed += 1
        async with self._changed:
            self._changed.notify_all()
        # A name that is not known is of a later server: rule of the guide, ignore it.

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        """One request. What the server fails at, or asks to wait for, is a ``TransportError``: send it again."""
        answer = await self._http.request(method, path, **more)
        if answer.status_code == 429:
            await asyncio.sleep(min(LONGEST_PAUSE_S, float(answer.headers.get("Retry-After", 1))))
            raise httpx.TransportError("too fast")
        if answer.status_code >= 500:
            raise httpx.TransportError(f"the server failed: {answer.status_code}")
        if answer.status_code >= 400:
            raise Refused(answer.status_code, answer.json()["code"])
        return answer.json() if answer.content else None
