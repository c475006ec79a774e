"""HTTP of the organisation: departments and posts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from careline.infra.http import requires
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.schemas.organisation import (
    ClosingWanted,
    OrgUnitChangeWanted,
    OrgUnitList,
    OrgUnitShown,
    OrgUnitWanted,
    PostChangeWanted,
    PostList,
    PostShown,
    PostWanted,
)
from careline.modules.directory.identity.views import OrgUnitChange

Reader = Annotated[Actor, requires("org:read")]
Organiser = Annotated[Actor, requires("org:manage")]
SeenVersion = Annotated[int, Query(ge=1, le=2**31 - 1)]


def build_organisation_router(identity: Identity) -> APIRouter:
    """The tree of departments, and the posts."""
    router = APIRouter(tags=["identity"])

    @router.get("/org-units")
    async def org_units(actor: Reader) -> OrgUnitList:
        """The organisation, parents before what is below them."""
        people = await identity.people_by_unit(actor.tenant_id)
        found = await identity.org_units(actor.tenant_id)
        return OrgUnitList(items=[OrgUnitShown.of(unit, people.get(unit.id, 0)) for unit in found])

    @router.post("/org-units", status_code=201)
    async def add_org_unit(wanted: OrgUnitWanted, actor: Organiser) -> OrgUnitShown:
        """Make a department below another."""
        return OrgUnitShown.of(await identity.add_org_unit(actor, wanted.parent_id, wanted.name), 0)

    @router.patch("/org-units/{unit_id}")
    async def change_org_unit(unit_id: UUID, wanted: OrgUnitChangeWanted, actor: Organiser) -> OrgUnitShown:
        """Rename a department, or move it with all that is below it."""
        change = OrgUnitChange(name=wanted.name, parent_id=wanted.parent_id)
        changed = await identity.change_org_unit(actor, unit_id, change, version=wanted.version)
        people = await identity.people_by_unit(actor.tenant_id)
        return OrgUnitShown.of(changed, people.get(unit_id, 0))

    @router.post("/org-units/{unit_id}/close", status_code=204)
    async def close_org_unit(unit_id: UUID, wanted: ClosingWanted, actor: Organiser) -> None:
        """Close a department that has none below it; its people go to another one."""
        await identity.close_org_unit(actor, unit_id, wanted.people_to, version=wanted.version)

    _add_posts(router, identity)
    return router


def _add_posts(router: APIRouter, identity: Identity) -> None:
    @router.get("/posts")
    async def posts(actor: Reader) -> PostList:
        """What people are there for."""
        found = await identity.posts(actor.tenant_id)
        return PostList(items=[PostShown.of(post, people) for post, people in found])

    @router.post("/posts", status_code=201)
    async def add_post(wanted: PostWanted, actor: Organiser) -> PostShown:
        """Make a post."""
        return PostShown.of(await identity.add_post(actor, wanted.name, wanted.duties), 0)

    @router.put("/posts/{post_id}")
    async def change_post(post_id: UUID, wanted: PostChangeWanted, actor: Organiser) -> PostShown:
        """Call a post otherwise or give it other duties."""
        post = await identity.change_post(actor, post_id, wanted.name, wanted.duties, version=wanted.version)
        held = {one.id: people for one, people in await identity.posts(actor.tenant_id)}
        return PostShown.of(post, held.get(post_id, 0))

    @router.delete("/posts/{post_id}", status_code=204)
    async def remove_post(post_id: UUID, version: SeenVersion, actor: Organiser) -> None:
        """Forget a post that nobody holds."""
        await identity.remove_post(actor, post_id, version=version)
