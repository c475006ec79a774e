"""HTTP of the widget: for who sets the look, and for every page that shows it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from careline.infra.http import public, requires
from careline.kernel.tenancy import Actor
from careline.modules.contact.widget.schemas import (
    LookShown,
    LooksShown,
    LookVersionShown,
    LookWanted,
    PictureAdded,
    RevisionWanted,
)
from careline.modules.contact.widget.services.looks import Wardrobe

Manager = Annotated[Actor, requires("widget:manage")]
_BYTES = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
Code = Annotated[str, Query(max_length=40)]


def build_router(wardrobe: Wardrobe) -> APIRouter:
    """Every route of the widget."""
    router = APIRouter(tags=["widget"])
    _add_studio(router, wardrobe)
    _add_pages(router, wardrobe)
    return router


def _add_studio(router: APIRouter, wardrobe: Wardrobe) -> None:
    @router.get("/widget/looks")
    async def looks(actor: Manager) -> LooksShown:
        """The draft, what customers see, and what they saw."""
        return LooksShown.model_validate(await wardrobe.all(actor.tenant_id))

    @router.put("/widget/draft")
    async def save(wanted: LookWanted, actor: Manager) -> LookVersionShown:
        """Store the draft."""
        return LookVersionShown.model_validate(await wardrobe.save(actor, wanted.look(), wanted.revision))

    @router.post("/widget/publish")
    async def publish(wanted: RevisionWanted, actor: Manager) -> LookVersionShown:
        """Let customers see the draft."""
        return LookVersionShown.model_validate(await wardrobe.publish(actor, wanted.revision))

    @router.post("/widget/looks/{number}/publish")
    async def roll_back(number: Annotated[int, Path(ge=1, le=2**31 - 1)], actor: Manager) -> LookVersionShown:
        """Publish an earlier look again."""
        return LookVersionShown.model_validate(await wardrobe.roll_back(actor, number))

    @router.post("/widget/pictures", status_code=201, openapi_extra=_BYTES)
    async def add_picture(request: Request, actor: Manager) -> PictureAdded:
        """Keep a small PNG or JPEG for a look. What it is is found by looking into it, whatever it is called."""
        return PictureAdded(id=await wardrobe.add_picture(actor, await request.body()))


def _add_pages(router: APIRouter, wardrobe: Wardrobe) -> None:
    @router.get("/visitor/look", dependencies=[public()])
    async def look(tenant: Code) -> LookShown:
        """How the tenant's widget and customer page look."""
        return LookShown.model_validate(await wardrobe.seen(tenant))

    @router.get("/visitor/look/pictures/{picture_id}", dependencies=[public()], response_class=Response)
    async def picture(picture_id: UUID, tenant: Code) -> Response:
        """A picture of a look; it never changes."""
        kind, data = await wardrobe.picture(tenant, picture_id)
        headers = {
            "Cache-Control": "public, max-age=604800, immutable",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return Response(data, media_type=kind, headers=headers)
