"""HTTP of roles: what they permit."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from careline.infra.http import requires
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.permissions import ADMINISTRATIVE, PERMISSIONS, scopes_of
from careline.modules.directory.identity.schemas.roles import (
    PermissionList,
    PermissionShown,
    RoleChangeWanted,
    RoleList,
    RoleShown,
    RoleWanted,
)
from careline.modules.directory.identity.views import NewRole

Reader = Annotated[Actor, requires("org:read")]
Granter = Annotated[Actor, requires("role:grant")]
SeenVersion = Annotated[int, Query(ge=1, le=2**31 - 1)]


def build_roles_router(identity: Identity) -> APIRouter:
    """Roles of the tenant, built-in ones and its own."""
    router = APIRouter(tags=["identity"])

    @router.get("/permissions")
    async def permissions(actor: Reader) -> PermissionList:
        """What a role can permit, and how narrow."""
        shown = [
            PermissionShown(code=code, scopes=list(scopes_of(code)), administrator=ADMINISTRATIVE.get(code))
            for code in PERMISSIONS
        ]
        return PermissionList(items=shown)

    @router.get("/roles")
    async def roles(actor: Reader) -> RoleList:
        """All roles, by code."""
        found = await identity.roles_with_holders(actor)
        return RoleList(items=[RoleShown.of(role, people) for role, people in found])

    @router.post("/roles", status_code=201)
    async def create_role(wanted: RoleWanted, actor: Granter) -> RoleShown:
        """Make a role of the tenant's own."""
        new = NewRole(code=wanted.code, name=wanted.name, permissions=dict(wanted.permissions))
        return RoleShown.of(await identity.create_role(actor, new), 0)

    @router.put("/roles/{role_id}")
    async def change_role(role_id: UUID, wanted: RoleChangeWanted, actor: Granter) -> RoleShown:
        """Change a role of the tenant's own, for all who hold it; who holds it may not."""
        changed = await identity.change_role(actor, role_id, wanted.name, wanted.permissions, version=wanted.version)
        held = {role.id: people for role, people in await identity.roles_with_holders(actor)}
        return RoleShown.of(changed, held.get(role_id, 0))

    @router.delete("/roles/{role_id}", status_code=204)
    async def remove_role(role_id: UUID, version: SeenVersion, actor: Granter) -> None:
        """Forget a role of the tenant's own that nobody holds."""
        await identity.remove_role(actor, role_id, version=version)

    return router
