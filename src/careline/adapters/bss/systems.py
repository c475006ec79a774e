"""``BusinessSystems`` over HTTP."""

import json
from typing import Any
from urllib.parse import urlsplit

from careline.infra.egress.client import AnswerUnreadable, Egress, Host, Resolve, TimedOut, resolve
from careline.modules.contact.flows.ports import AnswerUnusable, Question, Reply, TookTooLong

_JSON = "application/json"


class HttpBusinessSystems:
    """Asks hosts of the list."""

    def __init__(self, hosts: tuple[Host, ...], *, resolver: Resolve = resolve) -> None:
        self._hosts = hosts
        self._resolver = resolver

    def may_be_asked(self, url: str) -> bool:
        """Whether the host of an address is on the list."""
        try:
            parts = urlsplit(url)
            port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
        except ValueError:
            return False
        asked = (parts.scheme, (parts.hostname or "").lower(), port)
        plain = parts.username is None and parts.password is None
        return plain and any(asked == (host.scheme, host.name, host.port) for host in self._hosts)

    async def ask(self, question: Question) -> Reply:
        """Ask once."""
        egress = Egress(self._hosts, resolver=self._resolver, timeout_s=question.timeout_s)
        body = b"" if question.body is None else json.dumps(question.body, ensure_ascii=False).encode()
        headers = dict(question.headers)
        if question.body is not None:
            headers["Content-Type"] = _JSON
        try:
            answer = await egress.request(question.method, question.url, body, headers=headers)
        except TimedOut as late:
            raise TookTooLong(late.reason) from None
        except AnswerUnreadable as failure:
            if not _agrees(failure.status):
                return Reply(status=failure.status, content=None)
            raise AnswerUnusable(failure.reason) from None
        if not _agrees(answer.status):
            return Reply(status=answer.status, content=_refusal(answer.body))
        return Reply(status=answer.status, content=_content(answer.body) if answer.body else None)


def _agrees(status: int) -> bool:
    return 200 <= status < 300


def _refusal(body: bytes) -> Any:
    """A refusal is an answer, whatever it is written in: who was refused is not let through as if the system failed."""
    try:
        return _content(body)
    except AnswerUnusable:
        return None


def _content(body: bytes) -> Any:
    """The JSON of an answer. Raises ``AnswerUnusable`` for another thing, which is not shown."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise AnswerUnusable("the answer is no JSON") from None
