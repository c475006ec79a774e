"""Signing in through another provider: away, and back."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from careline.infra.http import public
from careline.kernel.errors import DomainError, TooMany
from careline.modules.directory.identity.endpoints.session import COOKIE, address_of, hand_out
from careline.modules.directory.identity.engine.handshake import GOOD_FOR, START, own_path
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.schemas.external import ProviderShown
from careline.modules.directory.identity.views import ExternalBeginning

HANDSHAKE = "careline_handshake"
PLACE = "/api/v1/session/external"
"""The cookie of a handshake goes nowhere else."""


def build_external_router(identity: Identity, *, secure: bool) -> APIRouter:
    """For who is not signed in yet. Refusals lead back to the sign-in page, which says them."""
    router = APIRouter(tags=["identity"])
    external = identity.external

    @router.get("/session/external", dependencies=[public()])
    async def external_provider() -> ProviderShown:
        """Whether one may sign in through another provider, and what it is called."""
        return ProviderShown(name=None if external is None else external.settings.name)

    @router.get("/session/external/begin", dependencies=[public()], status_code=303, response_class=Response)
    async def begin_external(wanted: Annotated[str | None, Query(alias="next", max_length=1000)] = None) -> Response:
        """Away to the provider."""
        if external is None:
            return _back("external-sign-in-off", own_path(wanted))
        try:
            beginning = await external.begin(wanted)
        except DomainError as refusal:
            return _back(refusal.code, own_path(wanted))
        return _away(beginning, secure=secure)

    @router.get("/session/external/back", dependencies=[public()], status_code=303, response_class=Response)
    async def finish_external(
        request: Request,
        state: Annotated[str, Query(max_length=500)] = "",
        code: Annotated[str, Query(max_length=4000)] = "",
    ) -> Response:
        """Back from the provider, signed in or not."""
        if external is None:
            return _back("external-sign-in-off")
        kept = request.cookies.get(HANDSHAKE, "")
        try:
            opened, path = await external.finish(
                kept=kept,
                state=state,
                code=code,
                address=address_of(request),
                user_agent=request.headers.get("user-agent", ""),
                replaces=request.cookies.get(COOKIE),
            )
        except TooMany:
            return _back("external-sign-in-slowed", external.wanted(kept))
        except DomainError as refusal:
            return _back(refusal.code, external.wanted(kept))
        response = RedirectResponse(path, 303)
        hand_out(response, opened, secure=secure)
        response.delete_cookie(HANDSHAKE, path=PLACE, httponly=True, samesite="lax", secure=secure)
        return response

    return router


def _away(beginning: ExternalBeginning, *, secure: bool) -> Response:
    response = RedirectResponse(beginning.address, 303)
    response.set_cookie(
        HANDSHAKE,
        beginning.kept,
        max_age=int(GOOD_FOR.total_seconds()),
        path=PLACE,
        httponly=True,
        samesite="lax",
        secure=secure,
    )
    return response


def _back(code: str, wanted: str = START) -> Response:
    """To the sign-in page, which leads to where they wanted to go however they sign in then."""
    told = {"refused": code} if wanted == START else {"refused": code, "next": wanted}
    response = RedirectResponse(f"/sign-in?{urlencode(told)}", 303)
    response.delete_cookie(HANDSHAKE, path=PLACE, httponly=True, samesite="lax")
    return response
