"""Which pages of other sites may use the customer's part of the HTTP interface: those with our chat widget.

None may unless it is named, and none may use the staff's part, named or not. No answer ever allows credentials: a page
of another site reaches us with a visitor token or not at all, never with somebody's cookie. (Fetch standard, CORS
protocol; RFC 6454.)
"""

from collections.abc import Collection, Container, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from careline.infra.web.problems import problem
from careline.kernel.tenancy import TenantId

METHODS = "GET, POST"
REQUEST_HEADERS = "Authorization, Content-Type"
ANSWER_HEADERS = "Date, Retry-After, X-Request-Id"
"""What a page may read of an answer besides its body; the widget tells the time by our clock."""

REMEMBERED_S = 600
"""How long a browser need not ask again whether it may ask."""


def is_own_page(scope: Scope) -> bool:
    """Whether a request came from a page of the host it is for, or from no page at all. Only browsers send ``Origin``.

    A proxy in front of us may have changed ``Host``; what browsers say in ``Sec-Fetch-Site``, no page can forge.
    """
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is None or headers.get("sec-fetch-site") == "same-origin":
        return True
    scheme, _, host = origin.partition("://")
    return scheme in ("http", "https") and host == headers.get("host")


class CarryingSites(Container[object]):
    """The sites that may carry somebody's widget: those of the settings everybody's, those of a tenant its own."""

    def __init__(self, everybodys: Collection[str]) -> None:
        self._everybodys = frozenset(everybodys)
        self._of_tenant: Mapping[TenantId, frozenset[str]] = {}
        self._any = self._everybodys

    def __contains__(self, origin: object) -> bool:
        return origin in self._any

    def replace(self, of_tenant: Mapping[TenantId, frozenset[str]]) -> None:
        """These are the tenants' own from now on."""
        self._of_tenant = of_tenant
        self._any = self._everybodys.union(*of_tenant.values())

    def may_carry(self, scope: Scope, tenant_id: TenantId) -> bool:
        """Whether a request may come from where it comes for a visitor of this tenant."""
        origin = Headers(scope=scope).get("origin")
        named = origin in self._everybodys or origin in self._of_tenant.get(tenant_id, frozenset())
        return named or is_own_page(scope)


class OtherSites:
    """Lets pages of ``origins`` ask for what lies below ``prefix``, and refuses it to pages of all others."""

    def __init__(self, app: ASGIApp, *, prefix: str, origins: Container[object]) -> None:
        self._app = app
        self._prefix = prefix
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._is_ours(scope["path"]):
            await self._app(scope, receive, send)
            return

        async def varied(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).add_vary_header("Origin")
            await send(message)

        origin = Headers(scope=scope).get("origin")
        if origin is not None and origin in self._origins:
            await self._serve(origin, scope, receive, varied)
        elif is_own_page(scope):
            await self._app(scope, receive, varied)
        else:
            await problem(403, "origin-not-allowed")(scope, receive, varied)

    def _is_ours(self, path: str) -> bool:
        return path == self._prefix or path.startswith(self._prefix + "/")

    async def _serve(self, origin: str, scope: Scope, receive: Receive, send: Send) -> None:
        async def allowed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Access-Control-Allow-Origin"] = origin
                headers["Access-Control-Expose-Headers"] = ANSWER_HEADERS
            await send(message)

        if scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope):
            may = {
                "Access-Control-Allow-Methods": METHODS,
                "Access-Control-Allow-Headers": REQUEST_HEADERS,
                "Access-Control-Max-Age": str(REMEMBERED_S),
            }
            await Response(status_code=204, headers=may)(scope, receive, allowed)
        else:
            await self._app(scope, receive, allowed)
