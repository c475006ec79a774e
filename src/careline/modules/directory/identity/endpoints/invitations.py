"""Choosing a password by a link. The token comes in the body: addresses end in logs."""

from fastapi import APIRouter, Request

from careline.infra.http import public
from careline.modules.directory.identity.endpoints.session import address_of
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.schemas.invitations import FirstPasswordWanted, InvitationWanted, InvitedShown


def build_invitation_router(identity: Identity) -> APIRouter:
    """For who has a link and no password."""
    router = APIRouter(tags=["identity"])

    @router.post("/invitation/look", dependencies=[public()])
    async def look_at_invitation(wanted: InvitationWanted, request: Request) -> InvitedShown:
        """Whom a link is for."""
        return InvitedShown.model_validate(await identity.invitations.look(wanted.token, address=address_of(request)))

    @router.post("/invitation", status_code=204, dependencies=[public()])
    async def accept_invitation(wanted: FirstPasswordWanted, request: Request) -> None:
        """Choose the password. The link is good for nothing afterwards; sign in with the password."""
        await identity.invitations.accept(wanted.token, wanted.password, address=address_of(request))

    return router
