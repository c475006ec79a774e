"""Second factors: one's own, a lost one of somebody else's, and whom the centre asks for one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request

from careline.infra.http import requires, signed_in
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity.endpoints.session import address_of, who_of
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.schemas.factors import (
    CodeWanted,
    EnrolmentShown,
    EnrolmentWanted,
    FactorOffWanted,
    FactorShown,
    RecoveryCodes,
    SignInPolicy,
)


def build_factor_router(identity: Identity) -> APIRouter:
    """One's own second factor."""
    router = APIRouter(tags=["identity"])
    factors = identity.factors

    @router.get("/session/second-factor")
    async def second_factor(request: Request, actor: Annotated[Actor, signed_in()]) -> FactorShown:
        """Whether I have a second factor, and how many recovery codes are left."""
        return FactorShown.model_validate(await factors.state(who_of(request, actor)))

    @router.post("/session/second-factor", status_code=201)
    async def enrol_second_factor(
        wanted: EnrolmentWanted, request: Request, actor: Annotated[Actor, signed_in()]
    ) -> EnrolmentShown:
        """A secret for my authenticator app, shown this once; in use when a code of it was given."""
        who = who_of(request, actor)
        made = await identity.begin_second_factor(who, wanted.password, address=address_of(request))
        return EnrolmentShown.model_validate(made)

    @router.post("/session/second-factor/confirm")
    async def confirm_second_factor(
        wanted: CodeWanted, request: Request, actor: Annotated[Actor, signed_in()]
    ) -> RecoveryCodes:
        """Take the second factor into use. The recovery codes are shown this once."""
        return RecoveryCodes(codes=await factors.confirm(who_of(request, actor), wanted.code))

    @router.post("/session/second-factor/recovery-codes")
    async def renew_recovery_codes(
        wanted: CodeWanted, request: Request, actor: Annotated[Actor, signed_in()]
    ) -> RecoveryCodes:
        """New recovery codes; the old ones are good for nothing from now on."""
        return RecoveryCodes(codes=await factors.renew_codes(who_of(request, actor), wanted.code))

    @router.post("/session/second-factor/off", status_code=204)
    async def turn_off_second_factor(
        wanted: FactorOffWanted, request: Request, actor: Annotated[Actor, signed_in()]
    ) -> None:
        """Do without a second factor, with password and code."""
        who = who_of(request, actor)
        await identity.turn_off_second_factor(who, wanted.password, wanted.code, address=address_of(request))

    return router


def build_factor_rules_router(identity: Identity) -> APIRouter:
    """Lost factors of others, and whom the centre asks for one."""
    router = APIRouter(tags=["identity"])
    factors = identity.factors

    @router.delete("/users/{user_id}/second-factor", status_code=204)
    async def reset_second_factor(user_id: UUID, actor: Annotated[Actor, requires("user:manage")]) -> None:
        """Forget the lost second factor of a user, who is signed out everywhere."""
        await factors.reset(actor, user_id)

    @router.get("/sign-in-policy")
    async def sign_in_policy(actor: Annotated[Actor, requires("sign-in:manage")]) -> SignInPolicy:
        """Whom the centre asks for a second factor."""
        return SignInPolicy.model_validate(await factors.policy(actor.tenant_id))

    @router.put("/sign-in-policy")
    async def set_sign_in_policy(
        wanted: SignInPolicy, actor: Annotated[Actor, requires("sign-in:manage")]
    ) -> SignInPolicy:
        """Ask for a second factor, or stop asking; ``version`` is the one that was read."""
        changed = await factors.set_policy(actor, wanted.second_factor, version=wanted.version)
        return SignInPolicy.model_validate(changed)

    return router
