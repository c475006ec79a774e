"""The public interface over HTTP, with the standard library alone: JSON in, JSON out, one who knocks."""

import asyncio
import json
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

TIMEOUT_S = 10


class Refused(Exception):
    """The centre answered, and did not do it. ``code`` is that of its problem."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


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
        return (await asyncio.to_thread(self._ask, method, path, body))[0]

    async def give(self, path: str, content: bytes) -> Any:
        """Send a file as it is. Raises ``Refused`` and ``Unreachable``."""
        return (await asyncio.to_thread(self._send, "POST", path, content, "application/octet-stream"))[0]

    async def sign_in(self, tenant: str, login: str, password: str) -> None:
        """As a user's page does it."""
        wanted = {"tenant": tenant, "login": login, "password": password}
        session, headers = await asyncio.to_thread(self._ask, "POST", "/session", wanted)
        cookies = [line.partition(";")[0] for line in headers.get_all("Set-Cookie", [])]
        self.headers = {"Cookie": "; ".join(cookies), "X-CSRF-Token": session["csrf_token"]}

    def _ask(self, method: str, path: str, body: object) -> tuple[Any, Any]:
        data = None if body is None else json.dumps(body).encode()
        return self._send(method, path, data, "application/json")

    def _send(self, method: str, path: str, data: bytes | None, kind: str) -> tuple[Any, Any]:
        headers = {**self.headers, "Content-Type": kind}
        request = Request(f"{self._address}/api/v1{path}", data=data, headers=headers, method=method)  # noqa: S310 - the caller's own address
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                text = answer.read()
                return (json.loads(text) if text else None), answer.headers
        except HTTPError as refused:
            raise Refused(refused.code, _code(refused)) from None
        except (URLError, OSError) as error:
            raise Unreachable(str(error)) from None


def _code(refused: HTTPError) -> str:
    try:
        return str(json.loads(refused.read())["code"])
    except (ValueError, KeyError, TypeError):
        return HTTPStatus(refused.code).phrase
