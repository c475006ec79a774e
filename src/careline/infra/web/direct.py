"""A shorter way to what is busiest: a documented route's usual requests, and lines that stay open.

FastAPI's way to a route, and its reading, checking and writing of a body, cost more than storing a chat message
does. A route of the busiest kind may name a ``direct`` answer: it gets the request first and answers it or, for
anything unusual, returns None, and the request goes the usual way, so that refusals, marks and documentation are those
of every other route. A WebSocket is handed over at once: whatever stands around it stays as long as it does.

>>> @router.post("/visitor/messages")
... @answered_directly(fast)  # async def fast(request: Request) -> Response | None: …
... async def send(…) -> Message: …
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from careline.infra.web.problems import on_domain_error, on_http_exception
from careline.kernel.errors import DomainError

F = TypeVar("F", bound=Callable[..., Any])

Answer = Callable[[Request], Awaitable[Response | None]]

_MARK = "careline_direct"


def answered_directly(answer: Answer) -> Callable[[F], F]:
    """Try ``answer`` first. It has to ask who calls by itself, with the route's own mark (``.dependency``)."""

    def mark(endpoint: F) -> F:
        setattr(endpoint, _MARK, answer)
        return endpoint

    return mark


class Direct:
    """Stands right before the router of ``of``; which paths it knows is read at the first request.

    Only paths without parameters are known.
    """

    def __init__(self, app: ASGIApp, *, of: FastAPI) -> None:
        self._app = app
        self._of = of
        self._known: tuple[dict[tuple[str, str], Answer], dict[str, ASGIApp]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._known is None:
            self._known = _answers(self._of), _lines(self._of)
        answers, lines = self._known
        if scope["type"] == "websocket":
            await lines.get(scope["path"], self._app)(scope, receive, send)
            return
        answer = answers.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if answer is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await answer(request)
        except DomainError as error:
            response = await on_domain_error(request, error)
        except HTTPException as error:
            response = await on_http_exception(request, error)
        if response is None:
            await self._app(scope, _again(request, receive), send)
        else:
            await response(scope, receive, send)


def _answers(app: FastAPI) -> dict[tuple[str, str], Answer]:
    known: dict[tuple[str, str], Answer] = {}
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        answer: Answer | None = getattr(route.endpoint, _MARK, None) if isinstance(route, APIRoute) else None
        if answer is not None and context.path is not None:
            known |= {(method, context.path): answer for method in context.methods or ()}
    return known


def _lines(app: FastAPI) -> dict[str, ASGIApp]:
    return {route.path: route.app for route in app.routes if isinstance(route, WebSocketRoute)}


def _again(request: Request, receive: Receive) -> Receive:
    """What was received, once more: the body can be read only once from the server."""
    body: bytes | None = getattr(request, "_body", None)

    async def received() -> Message:
        nonlocal body
        if body is None:
            return await receive()
        message: Message = {"type": "http.request", "body": body, "more_body": False}
        body = None
        return message

    return received
