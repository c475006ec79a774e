"""Who may call a route. Every route carries exactly one of ``requires``, ``signed_in``, ``visitor`` and ``public``.

>>> @router.get("/cases/{case_id}")
... async def case(case_id: UUID, actor: Annotated[Actor, requires("case:read")]) -> Case: ...
>>> @router.post("/visitor", dependencies=[public()])
... async def enter(wanted: VisitorWanted) -> Entered: ...

Who somebody is, the ``Authenticator`` knows, which bootstrap puts into ``app.state.authenticator``
(``careline.infra.web.app.prepare``).
"""

import enum
import hmac
import re
from collections.abc import Iterator
from typing import Any, Protocol, cast
from uuid import UUID

import msgspec
from fastapi import Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.requests import HTTPConnection, Request

from careline.kernel.errors import Forbidden, NotSignedIn
from careline.kernel.tenancy import Actor, ActorKind, TenantId

CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PERMISSION = re.compile(r"[a-z][a-z0-9_-]*:[a-z][a-z0-9_-]*")


class UserSession(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in user, or a service account with its token.

    ``csrf_token`` must come back in a header with everything that changes something; None for who came with a token
    in a header, which no browser sends by itself. ``pending`` is what a user has to do before anything is permitted,
    as the code of the refusal.
    """

    id: UUID
    actor: Actor
    csrf_token: str | None
    pending: str | None = None


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """A customer at the portal or the widget, known by a visitor token; ``id`` is the visitor's."""

    tenant_id: TenantId
    id: UUID

    @property
    def actor(self) -> Actor:
        """The same one as an actor, for events and audit."""
        return Actor(tenant_id=self.tenant_id, kind=ActorKind.CUSTOMER, id=self.id)


class Authenticator(Protocol):
    """Says who sent a request. Both raise ``NotSignedIn`` when they cannot."""

    async def user(self, request: HTTPConnection) -> UserSession:
        """The user whose session cookie came along, or the service account whose token did."""
        ...

    async def visitor(self, request: HTTPConnection) -> Visitor:
        """The customer whose token stands in ``Authorization: Bearer …``."""
        ...


class Denied(Protocol):
    """Hears of every refusal of somebody who is known. Must not wait for anything."""

    def __call__(self, actor: Actor, operation: str, refusal: Forbidden, target: UUID | None = None) -> None:
        """``operation`` is ``PATCH /users/{user_id}``; ``target`` the last id that stood in its path."""
        ...


class AccessKind(enum.StrEnum):
    """What a route asks of its caller."""

    PERMISSION = "permission"
    SIGNED_IN = "signed-in"
    VISITOR = "visitor"
    PUBLIC = "public"


class Access:
    """The mark on a route; FastAPI calls it before the route is run."""

    def __init__(self, kind: AccessKind, permission: str | None = None) -> None:
        self.kind = kind
        self.permission = permission

    def __repr__(self) -> str:
        return f"<{self.permission or self.kind.value}>"


class _User(Access):
    async def __call__(self, request: Request) -> Actor:
        session = await _authenticator(request).user(request)
        if session.pending is None:
            request.state.caller = session.actor
        _check_csrf(request, session)
        if self.permission is None and session.actor.kind is ActorKind.SERVICE:
            raise Forbidden("service-account-not-here")
        if self.permission is not None and session.pending is not None:
            raise Forbidden(session.pending, permission=self.permission)
        if self.permission is not None and self.permission not in session.actor.permissions:
            raise Forbidden("permission-missing", permission=self.permission)
        return session.actor


class _Visitor(Access):
    async def __call__(self, request: Request) -> Visitor:
        return await _authenticator(request).visitor(request)


class _Public(Access):
    async def __call__(self) -> None:
        return None


async def user_if_any(request: Request) -> Actor | None:
    """Who is signed in where a request comes from; None for nobody. For reading what a link opens, nothing else."""
    try:
        return (await _authenticator(request).user(request)).actor
    except NotSignedIn:
        return None


def tell_denied(request: Request, refusal: Forbidden) -> None:
    """Let the refusal of somebody who is known be heard of, if anybody hears."""
    caller: Actor | None = getattr(request.state, "caller", None)
    denied: Denied | None = getattr(request.app.state, "denied", None)
    if caller is None or denied is None:
        return
    # Never the path that was asked for: what people put there is anything.
    path = getattr(request.scope.get("route"), "path", "")
    ids = [UUID(value) for value in map(str, request.path_params.values()) if _ID.fullmatch(value)]
    denied(caller, f"{request.method} {path}", refusal, ids[-1] if ids else None)


def requires(permission: str) -> Any:
    """A signed-in user, or a service account, with a permission (``resource:action``); gives the ``Actor``."""
    if not _PERMISSION.fullmatch(permission):
        raise ValueError(f"a permission is resource:action, got {permission!r}")
    return Depends(_User(AccessKind.PERMISSION, permission))


def signed_in() -> Any:
    """Any signed-in user, for what is the user's own, also before what is pending is done; gives the ``Actor``."""
    return Depends(_User(AccessKind.SIGNED_IN))


def visitor() -> Any:
    """A customer with a visitor token; gives the ``Visitor``."""
    return Depends(_Visitor(AccessKind.VISITOR))


def public() -> Any:
    """Everybody, also somebody unknown; gives nothing."""
    return Depends(_Public(AccessKind.PUBLIC))


class MarkedRoute(msgspec.Struct, frozen=True):
    """One way into the application, with its marks; there should be exactly one."""

    path: str
    methods: frozenset[str]
    access: list[Access]


def marked_routes(app: FastAPI) -> list[MarkedRoute]:
    """Every HTTP route of our own, included routers and all; pages of the framework have no marks and are left out."""
    return [
        MarkedRoute(route.path or "", frozenset(route.methods or ()), list(_marks(route.dependant)))
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute)
    ]


def _marks(dependant: Dependant) -> Iterator[Access]:
    called: object = dependant.call
    if isinstance(called, Access):
        yield called
    for below in dependant.dependencies:
        yield from _marks(below)


def _authenticator(request: Request) -> Authenticator:
    return cast(Authenticator, request.app.state.authenticator)


def _check_csrf(request: Request, session: UserSession) -> None:
    """A cookie comes along from any page; a header with a secret only from ours."""
    if request.method in SAFE_METHODS or session.csrf_token is None:
        return
    sent = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(sent.encode(), session.csrf_token.encode()):
        raise Forbidden("csrf-token-wrong", header=CSRF_HEADER)
