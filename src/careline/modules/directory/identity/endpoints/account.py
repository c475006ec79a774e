"""One's own account: sessions, password, language."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request

from careline.infra.http import signed_in
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity.endpoints.session import address_of, who_of
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.schemas.session import LocaleWanted, PasswordWanted, SessionList, SessionShown


def build_account_router(identity: Identity) -> APIRouter:
    """What everybody who is signed in may see and change of themselves."""
    router = APIRouter(tags=["identity"])

    @router.put("/session/password", status_code=204)
    async def change_password(wanted: PasswordWanted, request: Request, actor: Annotated[Actor, signed_in()]) -> None:
        """Change my password; I stay signed in here and nowhere else."""
        who = who_of(request, actor)
        await identity.change_own_password(who, wanted.current, wanted.password, address=address_of(request))

    @router.put("/session/locale", status_code=204)
    async def change_locale(wanted: LocaleWanted, request: Request, actor: Annotated[Actor, signed_in()]) -> None:
        """Change the language that is kept for me."""
        await identity.change_own_locale(who_of(request, actor), wanted.locale)

    @router.get("/sessions")
    async def sessions(request: Request, actor: Annotated[Actor, signed_in()]) -> SessionList:
        """Where I am signed in."""
        here = who_of(request, actor).session_id
        found = await identity.sessions(actor)
        return SessionList(items=[SessionShown.of(one, current=one.id == here) for one in found])

    @router.delete("/sessions", status_code=204)
    async def revoke_other_sessions(request: Request, actor: Annotated[Actor, signed_in()]) -> None:
        """Sign out everywhere else."""
        await identity.revoke_other_sessions(who_of(request, actor))

    @router.delete("/sessions/{session_id}", status_code=204)
    async def revoke_session(session_id: UUID, actor: Annotated[Actor, signed_in()]) -> None:
        """Sign out somewhere else."""
        await identity.revoke_session(actor, session_id)

    return router
