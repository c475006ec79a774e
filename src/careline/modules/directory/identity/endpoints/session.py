"""Who calls, signing in, and signing out."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from starlette.requests import HTTPConnection

from careline.infra.http import UserSession, public, signed_in
from careline.kernel.errors import NotSignedIn
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.engine.tokens import PREFIX
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.ports import AgentDirectory
from careline.modules.directory.identity.schemas.session import Session, SignInWanted
from careline.modules.directory.identity.views import Opened, SignedIn

COOKIE = "careline_session"


async def signed_in_of(identity: Identity, request: HTTPConnection) -> SignedIn:
    """Who sent a request, by its session cookie. Raises ``NotSignedIn``."""
    return await identity.authenticate(request.cookies.get(COOKIE, ""))


async def user_session(identity: Identity, request: HTTPConnection) -> UserSession:
    """The same for ``careline.infra.http``, or the service account whose token came along, which then alone counts.

    The rest of what is known of a user stays with the request for who needs more than the actor.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip().startswith(PREFIX):
        account = await identity.service_accounts.authenticate(token.strip(), address=address_of(request))
        return UserSession(id=account.id, actor=account.actor, csrf_token=None)
    who = await signed_in_of(identity, request)
    request.state.signed_in = who
    return UserSession(id=who.session_id, actor=who.actor, csrf_token=who.csrf_token, pending=who.standing.pending)


def who_of(request: Request, actor: Actor) -> SignedIn:
    """What is known of the user who sent a request, in a route that asked for one. Raises ``NotSignedIn``."""
    who = getattr(request.state, "signed_in", None)
    if not isinstance(who, SignedIn) or who.actor != actor:
        raise NotSignedIn("not-signed-in")
    return who


def address_of(request: HTTPConnection) -> str:
    """Where a request came from; headers are not believed."""
    return request.client.host if request.client else ""


def hand_out(response: Response, opened: Opened, *, secure: bool) -> None:
    """Give the browser its session. ``secure`` keeps the cookie from being sent without TLS."""
    response.set_cookie(
        COOKIE,
        opened.token,
        max_age=int(rules.SESSION_LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def build_session_router(identity: Identity, agents: AgentDirectory, *, secure: bool) -> APIRouter:
    """Signing in and out. ``secure`` keeps the cookie from being sent without TLS."""
    router = APIRouter(tags=["identity"])

    async def shown(who: SignedIn) -> Session:
        return Session.of(who, await agents.agent_of(who.tenant.id, who.user.id))

    @router.post("/session", dependencies=[public()])
    async def sign_in(wanted: SignInWanted, request: Request, response: Response) -> Session:
        """Sign in. The answer does not say whether tenant, login or password was wrong.

        With ``second-factor-needed`` the password was right: send the same again with a ``code``.
        """
        opened = await identity.sign_in(
            wanted.tenant,
            wanted.login,
            wanted.password,
            address=address_of(request),
            user_agent=request.headers.get("user-agent", ""),
            replaces=request.cookies.get(COOKIE),
            code=wanted.code,
        )
        hand_out(response, opened, secure=secure)
        return await shown(opened.signed_in)

    @router.get("/session")
    async def session(request: Request, actor: Annotated[Actor, signed_in()]) -> Session:
        """Who I am here and what I may do."""
        return await shown(who_of(request, actor))

    @router.delete("/session", status_code=204)
    async def sign_out(request: Request, response: Response, actor: Annotated[Actor, signed_in()]) -> None:
        """Sign out in this browser."""
        await identity.sign_out(request.cookies.get(COOKIE, ""))
        response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=secure)

    return router
