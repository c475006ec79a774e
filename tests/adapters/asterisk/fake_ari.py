"""An ARI server for tests: answers requests as it is told, sends events, falls silent, hangs up."""

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve

Rule = Callable[["Asked"], tuple[int, Any] | None]


class Asked:
    """A request that came."""

    def __init__(self, message: dict[str, Any]) -> None:
        parts = urlsplit(message["uri"])
        self.id: str = message["request_id"]
        self.method: str = message["method"]
        self.path: str = parts.path
        self.query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.body: Any = json.loads(message["message_body"]) if message.get("message_body") else None

    def __repr__(self) -> str:
        return f"{self.method} {self.path}"


class FakeAri:
    """One node. ``rules`` are asked in order for an answer; without one it is 204, or an empty list or object."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.rules: list[Rule] = []
        self.held: list[str] = []
        self.silent = False
        self.headers: list[str | None] = []
        self._waiting: list[tuple[ServerConnection, Asked]] = []
        self._connections: set[ServerConnection] = set()
        self._server: Server | None = None

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator["FakeAri"]:
        """Be there."""
        async with serve(self._serve, "127.0.0.1", 0, compression=None) as server:
            self._server = server
            yield self
            await self.drop()

    @property
    def url(self) -> str:
        """Where it is."""
        assert self._server is not None
        return f"http://127.0.0.1:{next(iter(self._server.sockets)).getsockname()[1]}"

    def answer(self, method: str, path: str, status: int, body: Any = None) -> None:
        """Answer requests whose path begins so."""
        self.rules.insert(
            0, lambda asked: (status, body) if asked.method == method and asked.path.startswith(path) else None
        )

    def of(self, part: str) -> list[Asked]:
        """The requests with something in their path, in order."""
        return [one for one in self.asked if part in one.path]

    async def tell(self, kind: str, **fields: Any) -> None:
        """Send an event to everybody."""
        await self.send(json.dumps({"type": kind, "application": "careline", **fields}))

    async def send(self, frame: str) -> None:
        """Send a frame as it is."""
        for connection in self._connections:
            await connection.send(frame)

    async def drop(self) -> None:
        """Hang up on everybody."""
        for connection in list(self._connections):
            await connection.close()

    async def release(self, part: str) -> None:
        """Answer what was held back by ``held``."""
        self.held.remove(part)
        waiting, self._waiting = self._waiting, []
        for connection, asked in waiting:
            await self._respond(connection, asked)

    async def _serve(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        self.headers.append(connection.request.headers.get("Authorization"))
        self._connections.add(connection)
        try:
            async for frame in connection:
                asked = Asked(json.loads(frame))
                self.asked.append(asked)
                await self._respond(connection, asked)
        finally:
            self._connections.discard(connection)

    async def _respond(self, connection: ServerConnection, asked: Asked) -> None:
        if self.silent:
            return
        if any(part in asked.path for part in self.held):
            self._waiting.append((connection, asked))
            return
        status, body = next((found for rule in self.rules if (found := rule(asked))), self._usual(asked))
        text = "" if body is None else json.dumps(body)
        message = {"type": "RESTResponse", "request_id": asked.id, "status_code": status, "message_body": text}
        await connection.send(json.dumps(message))

    def _usual(self, asked: Asked) -> tuple[int, Any]:
        if asked.method != "GET":
            return 204, None
        if asked.path in ("channels", "bridges"):
            return 200, []
        return 200, {"name": "careline"}


def channel(name: str, state: str = "Ring", number: str = "13800138000", **variables: str) -> dict[str, Any]:
    """A channel as ARI says it."""
    return {
        "id": name,
        "name": f"PJSIP/{name}",
        "state": state,
        "caller": {"number": number, "name": ""},
        "dialplan": {"app_name": "Stasis"},
        "channelvars": variables,
    }
