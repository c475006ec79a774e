"""Says who calls: over HTTP, over realtime, and at a phone of the browser.

It asks several modules, so it stands above them all; bootstrap makes it.
"""

from datetime import timedelta
from typing import Protocol

from starlette.requests import HTTPConnection
from starlette.types import Scope

from careline.adapters.asterisk.sip_relay import Phone
from careline.infra.http import UserSession, Visitor
from careline.infra.realtime.connection import Principal
from careline.infra.web.origins import CarryingSites
from careline.kernel.clock import Clock
from careline.kernel.errors import DomainError, NotFound, NotSignedIn
from careline.kernel.tenancy import Actor, ActorKind
from careline.modules.contact.telephony.facade import Telephony, demo_endpoint
from careline.modules.core.routing.facade import Routing
from careline.modules.directory.identity import wiring as identity
from careline.modules.directory.people.facade import People

KNOWN_FOR = timedelta(minutes=30)
"""After so long a realtime connection is asked again who it is, which also keeps the session of an open desk alive."""


ROUTED = frozenset({"desk:use", "floor:view", "wall:view"})
"""Who holds one of these sees what routing decides."""


class VisitorDirectory(Protocol):
    """Knows customers at the portal and the widget by their token."""

    async def visitor_of(self, token: str) -> Visitor:
        """Raises ``NotSignedIn``."""
        ...


class Callers:
    """Says who calls: users by cookie, service accounts (over HTTP only) by token, customers by visitor token."""

    def __init__(self, users: identity.IdentityModule, clock: Clock, sites: CarryingSites) -> None:
        self._users = users
        self._clock = clock
        self._sites = sites
        self.visitors: VisitorDirectory | None = None
        self.routing: Routing | None = None

    async def user(self, request: HTTPConnection) -> UserSession:
        """The user whose session cookie came along, or the service account whose token did."""
        session = await self._users.user_session(request)
        await self._open_for(session.actor)
        return session

    async def visitor(self, request: HTTPConnection) -> Visitor:
        """The customer whose token stands in ``Authorization: Bearer …``."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise NotSignedIn("not-signed-in")
        return await self._visitor(request, token.strip())

    async def principal(self, websocket: HTTPConnection, visitor_token: str | None) -> Principal:
        """Who opened a line that stays: for realtime, or for a phone."""
        until = self._clock.now() + KNOWN_FOR
        if visitor_token is not None:
            return Principal(actor=(await self._visitor(websocket, visitor_token)).actor, expires_at=until)
        who = await self._users.signed_in(websocket)
        await self._open_for(who.actor)
        return Principal(actor=who.actor, session_id=who.session_id, expires_at=min(until, who.expires_at))

    def know_phones(self, people: People, telephony: Telephony, *, demo: bool) -> None:
        """Where to ask whose a browser phone is."""
        self._people, self._telephony, self._demo = people, telephony, demo

    async def phone(self, scope: Scope) -> Phone | None:
        """Which phone a client of the SIP relay may be: the signed-in agent's, or in the demo a caller's own."""
        websocket = HTTPConnection(scope)
        number = websocket.query_params.get("phone")
        if number is not None:
            endpoint = demo_endpoint(number)
            return Phone(endpoint=endpoint) if self._demo and self._telephony.knows_phone(endpoint) else None
        try:
            who = await self.principal(websocket, None)
        except DomainError:
            return None
        if who.actor.id is None or "desk:use" not in who.actor.permissions:
            return None
        try:
            agent = await self._people.agent(who.actor.tenant_id, who.actor.id)
        except NotFound:
            return None
        return Phone(endpoint=agent.endpoint, principal=who)

    async def _visitor(self, request: HTTPConnection, token: str) -> Visitor:
        if self.visitors is None or not token:
            raise NotSignedIn("not-signed-in")
        visitor = await self.visitors.visitor_of(token)
        if not self._sites.may_carry(request.scope, visitor.tenant_id):
            # The site of another tenant, which may have a token of this one and no more.
            raise NotSignedIn("not-signed-in")
        await self._open_for(visitor.actor)
        return visitor

    async def _open_for(self, actor: Actor) -> None:
        """Routing decides for a tenant from the start of the process, or from the first who needs it."""
        if self.routing is not None and (actor.kind is ActorKind.CUSTOMER or actor.permissions & ROUTED):
            await self.routing.ensure_open(actor.tenant_id)
