"""Refusals as problem details (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from math import ceil
from typing import Any, cast

import msgspec
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from careline.infra.http import tell_denied
from careline.infra.telemetry.load import Overloaded
from careline.kernel.errors import DomainError, Forbidden, NotSignedIn, Param, TooMany

MEDIA_TYPE = "application/problem+json"

DATABASE_BACK_S = 5
"""After how many seconds it is worth while to ask a database again that could not be used."""

_CODES = {
    400: "request-malformed",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "media-type-unsupported",
}

_PLACES = ("body", "query", "path", "header", "cookie")


def problem(
    status: int,
    code: str,
    params: Mapping[str, Param] | None = None,
    *,
    field: str | None = None,
    errors: Sequence[Mapping[str, object]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer of type ``application/problem+json``; ``code`` is the translation key."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "params": dict(params or {}),
        "field": field,
    }
    if errors:
        body["errors"] = errors
    return Response(msgspec.json.encode(body), status, headers, MEDIA_TYPE)


async def on_domain_error(request: Request, error: Exception) -> Response:
    """A refusal by a module."""
    refusal = cast(DomainError, error)
    if isinstance(refusal, Forbidden):
        tell_denied(request, refusal)
    headers = {}
    if isinstance(refusal, TooMany | Overloaded):
        headers["Retry-After"] = str(max(1, ceil(refusal.retry_after)))
    if isinstance(refusal, NotSignedIn):
        headers["WWW-Authenticate"] = 'Bearer realm="careline"'  # RFC 9110 §15.5.2 wants one; browsers stay quiet
    return problem(refusal.status, refusal.code, refusal.params, field=refusal.field, headers=headers)


async def on_invalid_request(_request: Request, error: Exception) -> Response:
    """A request whose shape is wrong: the first fault as ``field``, all of them in ``errors``; never what was sent."""
    faults = cast(RequestValidationError, error).errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return problem(400, "body-not-json")
    errors = [{"field": _pointer(fault["loc"]), "params": _reason(fault)} for fault in faults]
    first = errors[0] if errors else {"field": None, "params": {}}
    return problem(
        422,
        "field-invalid",
        cast(dict[str, Param], first["params"]),
        field=cast(str | None, first["field"]),
        errors=errors,
    )


async def on_http_exception(_request: Request, error: Exception) -> Response:
    """What the framework itself refuses: no such route, method or media type."""
    refusal = cast(HTTPException, error)
    code = _CODES.get(refusal.status_code, f"http-{refusal.status_code}")
    return problem(refusal.status_code, code, headers=refusal.headers)


def internal_error(request_id: str) -> Response:
    """We failed; the id is the one under which it was logged."""
    return problem(500, "internal-error", {"request_id": request_id})


def database_unavailable() -> Response:
    """The database could not be used; what was asked may be asked again. Why, is in the log."""
    return problem(503, "database-unavailable", headers={"Retry-After": str(DATABASE_BACK_S)})


def _pointer(place: Sequence[object]) -> str | None:
    """The place of a fault as a JSON pointer without its leading slash (RFC 6901 §3)."""
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in place]
    if steps and steps[0] in _PLACES:
        steps = steps[1:]
    return "/".join(steps) or None


def _reason(fault: Mapping[str, Any]) -> dict[str, Param]:
    """The kind of fault and the limit that was broken."""
    limits = {
        name: value for name, value in (fault.get("ctx") or {}).items() if isinstance(value, str | int | float | bool)
    }
    return {**limits, "reason": str(fault["type"]).replace("_", "-")}
