"""A documented route with a shorter way for its usual requests.

FastAPI's reading, checking and writing of a body costs more than storing a chat message does. A route of the busiest
kind may name a ``direct`` answer: it gets the request first and answers it or, for anything unusual, returns None, and
the request goes the usual way, so that refusals, marks and documentation are those of every other route.

>>> router = APIRouter(route_class=DirectRoute)
>>> @router.post("/visitor/messages")
... @answered_directly(fast)  # async def fast(request: Request) -> Response | None: …
... async def send(…) -> Message: …
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

F = TypeVar("F", bound=Callable[..., Any])

Answer = Callable[[Request], Awaitable[Response | None]]

_MARK = "careline_direct"


def answered_directly(answer: Answer) -> Callable[[F], F]:
    """Try ``answer`` first. It has to ask who calls by itself, with the route's own mark (``.dependency``)."""

    def mark(endpoint: F) -> F:
        setattr(endpoint, _MARK, answer)
        return endpoint

    return mark


class DirectRoute(APIRoute):
    """The class of routes that knows ``answered_directly``; for other endpoints it is a usual route."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        usual = super().get_route_handler()
        direct: Answer | None = getattr(self.endpoint, _MARK, None)
        if direct is None:
            return usual

        async def handle(request: Request) -> Response:
            # The body is read once: the usual way finds it in the request.
            return await direct(request) or await usual(request)

        return handle
