"""HTTP of users: made and changed by who keeps the users, granted roles by who says who may do what."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from careline.infra.http import requires
from careline.kernel.errors import Invalid
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.schemas.users import (
    GrantsWanted,
    PasswordMade,
    UserChangeWanted,
    UserDetail,
    UserList,
    UserMade,
    UserShown,
    UserWanted,
)
from careline.modules.directory.identity.views import UserFilter

Limit = Annotated[int, Query(ge=1, le=200)]
Reader = Annotated[Actor, requires("org:read")]
Keeper = Annotated[Actor, requires("user:manage")]
Granter = Annotated[Actor, requires("role:grant")]


def build_users_router(identity: Identity) -> APIRouter:
    """Users within the reach of who asks."""
    router = APIRouter(tags=["identity"])

    @router.get("/users")
    async def users(
        actor: Reader,
        q: Annotated[str, Query(max_length=200, description="Stands in login or name")] = "",
        unit: Annotated[UUID | None, Query(description="This department and all below")] = None,
        role: Annotated[str | None, Query(max_length=64)] = None,
        active: bool | None = None,
        after: Annotated[str, Query(max_length=64)] = "",
        limit: Limit = 50,
    ) -> UserList:
        """Users within my reach, by login."""
        wanted = UserFilter(words=q, org_unit_id=unit, role=role, active=active)
        page = await identity.user_page(actor, wanted, after=_login_cursor(after), limit=limit)
        return UserList(items=[UserShown.of(user, grants) for user, grants in page.items], next=page.next)

    @router.get("/users/{user_id}")
    async def user(user_id: UUID, actor: Reader) -> UserDetail:
        """One user within my reach."""
        return await _detail(identity, actor, user_id)

    @router.post("/users", status_code=201)
    async def create_user(wanted: UserWanted, actor: Keeper) -> UserMade:
        """Make a user, who may do nothing until roles are granted, with a password for the first sign-in only."""
        password = rules.one_time_password()
        made = await identity.create_user(actor, wanted.new(password))
        return UserMade(user=UserShown.of(made, []), password=password)

    @router.patch("/users/{user_id}")
    async def change_user(user_id: UUID, wanted: UserChangeWanted, actor: Keeper) -> UserDetail:
        """Change a user. Being made inactive ends all sessions of the user."""
        await identity.change_user(actor, user_id, wanted.change(), version=wanted.version)
        return await _detail(identity, actor, user_id)

    @router.put("/users/{user_id}/roles")
    async def set_roles(user_id: UUID, wanted: GrantsWanted, actor: Granter) -> UserDetail:
        """Let a user hold exactly these roles. No one person holds two administrator roles."""
        grants = {grant.role: grant.scope for grant in wanted.grants}
        await identity.set_roles(actor, user_id, grants, version=wanted.version)
        return await _detail(identity, actor, user_id)

    _add_sign_in(router, identity)
    return router


def _add_sign_in(router: APIRouter, identity: Identity) -> None:
    @router.post("/users/{user_id}/password")
    async def reset_password(user_id: UUID, actor: Keeper) -> PasswordMade:
        """A new password for the next sign-in only. All sessions of the user end."""
        return PasswordMade(password=await identity.reset_password(actor, user_id))

    @router.post("/users/{user_id}/sign-out", status_code=204)
    async def sign_out_everywhere(user_id: UUID, actor: Keeper) -> None:
        """Sign a user out everywhere."""
        await identity.sign_out_everywhere(actor, user_id)


async def _detail(identity: Identity, actor: Actor, user_id: UUID) -> UserDetail:
    user, grants, sessions = await identity.user_detail(actor, user_id)
    return UserDetail(**UserShown.of(user, grants).model_dump(), sessions=sessions)


def _login_cursor(after: str) -> str:
    if not after.isascii() or not after.isprintable():
        raise Invalid("cursor-not-usable", field="after")
    return after
