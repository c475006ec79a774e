"""The public interface over HTTP, with the standard library alone: JSON in, JSON out, one who knocks."""

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

TIMEOUT_S = 30
LATER_S = 10.0
"""Who is told to come again within that time does so."""

Answered = tuple[Any, Any]
"""What an answer says, and its headers."""


class Refused(Exception):
    """The centre answered, and did not do it. ``code`` is that of its problem; ``retry_after`` is in seconds."""

    def __init__(self, status: int, code: str, *, retry_after: float | None = None) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.retry_after = retry_after


class Unreachable(Exception):
    """Nobody answers there."""


class Door:
    """One who knocks; ``headers`` say who it is from the moment that the centre has told."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        self._opener = build_opener(ProxyHandler({}))
        self.headers: dict[str, str] = {}

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        """What stands there, or what became of it. Raises ``Refused`` and ``Unreachable``."""
        return (await _when_there_is_time(lambda: self._ask(method, path, body)))[0]

    async def give(self, path: str, content: bytes) -> Any:
        """Send a file as it is. Raises ``Refused`` and ``Unreachable``."""
        return (await _when_there_is_time(lambda: self._send("POST", path, content, "application/octet-stream")))[0]

    async def sign_in(self, tenant: str, login: str, password: str) -> None:
        """As a user's page does it."""
        wanted = {"tenant": tenant, "login": login, "password": password}
        session, headers = await _when_there_is_time(lambda: self._ask("POST", "/session", wanted))
        cookies = [line.partition(";")[0] for line in headers.get_all("Set-Cookie", [])]
        self.headers = {"Cookie": "; ".join(cookies), "X-CSRF-Token": session["csrf_token"]}

    def _ask(self, method: str, path: str, body: object) -> Answered:
        data = None if body is None else json.dumps(body).encode()
        return self._send(method, path, data, "application/json")

    def _send(self, method: str, path: str, data: bytes | None, kind: str) -> Answered:
        headers = {**self.headers, "Content-Type": kind}
        request = Request(f"{self._address}/api/v1{path}", data=data, headers=headers, method=method)  # noqa: S310 - the caller's own address
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                text = answer.read()
                return (json.loads(text) if text else None), answer.headers
        except HTTPError as refused:
            raise Refused(refused.code, _code(refused), retry_after=_retry_after(refused)) from None
        except (URLError, OSError) as error:
            raise Unreachable(str(error)) from None


async def _when_there_is_time(knock: Callable[[], Answered]) -> Answered:
    """Ask, and once more whenever a centre that has too much to do says when to come again."""
    while True:
        try:
            return await asyncio.to_thread(knock)
        except Refused as refused:
            if refused.status != HTTPStatus.SERVICE_UNAVAILABLE or not 0 < (refused.retry_after or 0) <= LATER_S:
                raise
            await asyncio.sleep(refused.retry_after or 0)


def _retry_after(refused: HTTPError) -> float | None:
    told = refused.headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() else None


def _code(refused: HTTPError) -> str:
    try:
        return str(json.loads(refused.read())["code"])
    except (ValueError, KeyError, TypeError):
        return HTTPStatus(refused.code).phrase
