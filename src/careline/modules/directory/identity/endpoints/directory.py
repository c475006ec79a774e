"""Users and roles, departments, the audit."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from careline.infra.http import requires
from careline.kernel.errors import Invalid
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.schemas.directory import (
    AuditEntryShown,
    AuditList,
    OrgUnitList,
    OrgUnitShown,
    RoleList,
    RoleShown,
    RolesWanted,
    UserChangeWanted,
    UserList,
    UserShown,
    UserWanted,
)
from careline.modules.directory.identity.views import NewUser, UserChange, UserView

Limit = Annotated[int, Query(ge=1, le=200)]


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
        return _user(await identity.create_user(actor, NewUser(**wanted.model_dump(), password_issued=True)), [])

    @router.patch("/users/{user_id}")
    async def change(
        user_id: UUID, wanted: UserChangeWanted, actor: Annotated[Actor, requires("user:manage")]
    ) -> UserShown:
        """Change a user. A new password or being made inactive ends all sessions of the user."""
        user = await identity.change_user(actor, user_id, UserChange(**wanted.model_dump(), password_issued=True))
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
