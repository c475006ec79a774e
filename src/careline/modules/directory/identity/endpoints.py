"""HTTP of identity: signing in, one's own sessions, users and roles, the audit."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from starlette.requests import HTTPConnection

from careline.infra.http import UserSession, public, requires, signed_in
from careline.kernel.errors import Invalid, NotSignedIn
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.ports import AgentDirectory
from careline.modules.directory.identity.schemas import (
    AuditEntryShown,
    AuditList,
    OrgUnitList,
    OrgUnitShown,
    PasswordWanted,
    RoleList,
    RoleShown,
    RolesWanted,
    Session,
    SessionList,
    SessionShown,
    SignInWanted,
    UserChangeWanted,
    UserList,
    UserShown,
    UserWanted,
)
from careline.modules.directory.identity.views import NewUser, SignedIn, UserChange, UserView

COOKIE = "careline_session"

Limit = Annotated[int, Query(ge=1, le=200)]


async def signed_in_of(identity: Identity, request: HTTPConnection) -> SignedIn:
    """Who sent a request, by its session cookie. Raises ``NotSignedIn``."""
    return await identity.authenticate(request.cookies.get(COOKIE, ""))


async def user_session(identity: Identity, request: HTTPConnection) -> UserSession:
    """The same for ``careline.infra.http``; the rest stays with the request for who needs more than the actor."""
    who = await signed_in_of(identity, request)
    request.state.signed_in = who
    return UserSession(id=who.session_id, actor=who.actor, csrf_token=who.csrf_token)


def build_session_router(identity: Identity, agents: AgentDirectory, *, secure: bool) -> APIRouter:
    """Signing in and out. ``secure`` keeps the cookie from being sent without TLS."""
    router = APIRouter(tags=["identity"])

    async def shown(who: SignedIn) -> Session:
        return Session.of(who, await agents.agent_of(who.tenant.id, who.user.id))

    @router.post("/session", dependencies=[public()])
    async def sign_in(wanted: SignInWanted, request: Request, response: Response) -> Session:
        """Sign in. The answer does not say whether tenant, login or password was wrong."""
        opened = await identity.sign_in(
            wanted.tenant,
            wanted.login,
            wanted.password,
            address=_address(request),
            user_agent=request.headers.get("user-agent", ""),
            replaces=request.cookies.get(COOKIE),
        )
        response.set_cookie(
            COOKIE,
            opened.token,
            max_age=int(rules.SESSION_LIFETIME.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=secure,
        )
        return await shown(opened.signed_in)

    @router.get("/session")
    async def session(request: Request, actor: Annotated[Actor, signed_in()]) -> Session:
        """Who I am here and what I may do."""
        return await shown(_who(request, actor))

    @router.delete("/session", status_code=204)
    async def sign_out(request: Request, response: Response, actor: Annotated[Actor, signed_in()]) -> None:
        """Sign out in this browser."""
        await identity.sign_out(request.cookies.get(COOKIE, ""))
        response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=secure)

    return router


def build_sessions_router(identity: Identity) -> APIRouter:
    """One's own sessions and password."""
    router = APIRouter(tags=["identity"])

    @router.put("/session/password", status_code=204)
    async def change_password(wanted: PasswordWanted, request: Request, actor: Annotated[Actor, signed_in()]) -> None:
        """Change my password; I stay signed in here and nowhere else."""
        who = _who(request, actor)
        await identity.change_own_password(who, wanted.current, wanted.password, address=_address(request))

    @router.get("/sessions")
    async def sessions(actor: Annotated[Actor, signed_in()]) -> SessionList:
        """Where I am signed in."""
        return SessionList(items=[SessionShown.model_validate(one) for one in await identity.sessions(actor)])

    @router.delete("/sessions/{session_id}", status_code=204)
    async def revoke(session_id: UUID, actor: Annotated[Actor, signed_in()]) -> None:
        """Sign out somewhere else."""
        await identity.revoke_session(actor, session_id)

    return router


def build_directory_router(identity: Identity) -> APIRouter:
    """Users, roles and departments."""
    router = APIRouter(tags=["identity"])

    @router.get("/users")
    async def users(
        actor: Annotated[Actor, requires("org:read")],
        after: Annotated[str, Query(max_length=64)] = "",
        limit: Limit = 50,
    ) -> UserList:
        """Users within my reach, by login."""
        page = await identity.user_page(actor, after=_login_cursor(after), limit=limit)
        return UserList(items=[_user(user, roles) for user, roles in page.items], next=page.next)

    @router.post("/users", status_code=201)
    async def create(wanted: UserWanted, actor: Annotated[Actor, requires("user:manage")]) -> UserShown:
        """Make a user, who may do nothing until roles are granted."""
        return _user(await identity.create_user(actor, NewUser(**wanted.model_dump())), [])

    @router.patch("/users/{user_id}")
    async def change(
        user_id: UUID, wanted: UserChangeWanted, actor: Annotated[Actor, requires("user:manage")]
    ) -> UserShown:
        """Change a user. A new password or being made inactive ends all sessions of the user."""
        user = await identity.change_user(actor, user_id, UserChange(**wanted.model_dump()))
        return _user(user, await identity.role_codes(actor.tenant_id, user_id))

    @router.put("/users/{user_id}/roles")
    async def set_roles(
        user_id: UUID, wanted: RolesWanted, actor: Annotated[Actor, requires("role:grant")]
    ) -> RoleList:
        """Let a user hold exactly these roles. No one person holds two administrator roles."""
        held = await identity.set_roles(actor, user_id, wanted.roles)
        return RoleList(items=[RoleShown.model_validate(role) for role in held])

    @router.get("/roles")
    async def roles(actor: Annotated[Actor, requires("org:read")]) -> RoleList:
        """All roles, by code."""
        return RoleList(items=[RoleShown.model_validate(role) for role in await identity.roles(actor.tenant_id)])

    @router.get("/org-units")
    async def org_units(actor: Annotated[Actor, requires("org:read")]) -> OrgUnitList:
        """The organisation, parents before what is below them."""
        found = await identity.org_units(actor.tenant_id)
        return OrgUnitList(items=[OrgUnitShown.model_validate(unit) for unit in found])

    return router


def build_audit_router(identity: Identity) -> APIRouter:
    """The audit, for the audit administrator."""
    router = APIRouter(tags=["identity"])

    @router.get("/audit")
    async def audit(
        actor: Annotated[Actor, requires("audit:read")],
        after: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
        limit: Limit = 50,
    ) -> AuditList:
        """Audit entries, the latest first. That I read them is audited too."""
        page = await identity.audit_page(actor, before=after, limit=limit)
        return AuditList(items=[AuditEntryShown.model_validate(entry) for entry in page.items], next=page.next)

    return router


def _who(request: Request, actor: Actor) -> SignedIn:
    who = getattr(request.state, "signed_in", None)
    if not isinstance(who, SignedIn) or who.actor != actor:
        raise NotSignedIn("not-signed-in")
    return who


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _login_cursor(after: str) -> str:
    if not after.isascii() or not after.isprintable():
        raise Invalid("cursor-not-usable", field="after")
    return after


def _user(user: UserView, roles: list[str]) -> UserShown:
    return UserShown(
        id=user.id,
        login=user.login,
        display_name=user.display_name,
        org_unit_id=user.org_unit_id,
        active=user.active,
        locale=user.locale,
        roles=roles,
    )
