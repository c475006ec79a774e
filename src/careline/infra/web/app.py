"""The floor under the HTTP application."""

from collections.abc import Container, Sequence

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from careline.infra.http import Authenticator, Denied
from careline.infra.web import problems
from careline.infra.web.direct import Direct
from careline.infra.web.guard import BODY_LIMIT, Guard
from careline.infra.web.origins import OtherSites
from careline.kernel.errors import DomainError


def prepare(
    app: FastAPI,
    authenticator: Authenticator,
    *,
    denied: Denied | None = None,
    body_limit: int = BODY_LIMIT,
    frameable: Sequence[str] = (),
    secure: bool = False,
    shared: str | None = None,
    origins: Container[object] = (),
    file_paths: str | None = None,
) -> None:
    """Give an application who-is-who, problems for refusals, direct ways and the guard; called once, by bootstrap.

    ``denied`` hears who was refused what they may not do. What lies below the path ``shared`` may be used from pages of
    ``origins``, and of no other site. ``file_paths`` is an expression for the paths on which files are taken.

    Make the application with ``docs_url=None, redoc_url=None``: their pages load scripts from elsewhere.
    """
    app.state.authenticator = authenticator
    app.state.denied = denied
    app.add_exception_handler(DomainError, problems.on_domain_error)
    app.add_exception_handler(RequestValidationError, problems.on_invalid_request)
    app.add_exception_handler(HTTPException, problems.on_http_exception)
    app.add_middleware(Direct, of=app)
    if shared is not None:
        app.add_middleware(OtherSites, prefix=shared, origins=origins)
    app.add_middleware(Guard, body_limit=body_limit, frameable=frameable, secure=secure, file_paths=file_paths)
