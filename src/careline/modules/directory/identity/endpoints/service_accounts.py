"""Service accounts: made and revoked by who keeps the system, approved by who says who may do what."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from careline.infra.http import requires
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity.endpoints.session import who_of
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.permissions import grantable_to_tokens
from careline.modules.directory.identity.schemas.service_accounts import (
    ServiceAccountList,
    ServiceAccountShown,
    ServiceAccountWanted,
    ServiceTokenShown,
)
from careline.modules.directory.identity.views import NewServiceAccount

Manager = Annotated[Actor, requires("service-account:manage")]
Reader = Annotated[Actor, requires("service-account:read")]


def build_service_account_router(identity: Identity) -> APIRouter:
    """Making, listing, approving and revoking."""
    router = APIRouter(tags=["identity"])
    accounts = identity.service_accounts

    @router.get("/service-accounts")
    async def service_accounts(
        actor: Reader,
        q: Annotated[str, Query(max_length=60)] = "",
        after: Annotated[str, Query(max_length=60)] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> ServiceAccountList:
        """Service accounts by name, and what a new one may be given."""
        page = await accounts.page(actor, part=q, after=after, limit=limit)
        return ServiceAccountList(
            items=[ServiceAccountShown.of(view, maker) for view, maker in page.items],
            next=page.next,
            grantable=grantable_to_tokens(),
        )

    @router.post("/service-accounts", status_code=201)
    async def create_service_account(
        wanted: ServiceAccountWanted, request: Request, actor: Manager
    ) -> ServiceTokenShown:
        """Make a service account. Its token is in this answer and nowhere else, and waits to be approved."""
        made = await accounts.create(actor, NewServiceAccount(**wanted.model_dump()))
        maker = who_of(request, actor).user.display_name
        return ServiceTokenShown(token=made.token, account=ServiceAccountShown.of(made.account, maker))

    @router.put("/service-accounts/{account_id}/approval", status_code=204)
    async def approve_service_account(account_id: UUID, actor: Annotated[Actor, requires("role:grant")]) -> None:
        """Approve what a service account shall be able to do: its token is good for that from now on."""
        await accounts.approve(actor, account_id)

    @router.delete("/service-accounts/{account_id}/approval", status_code=204)
    async def refuse_service_account(account_id: UUID, actor: Annotated[Actor, requires("role:grant")]) -> None:
        """Refuse it, or take it back when it was approved: the account is revoked."""
        await accounts.refuse(actor, account_id)

    @router.delete("/service-accounts/{account_id}", status_code=204)
    async def revoke_service_account(account_id: UUID, actor: Manager) -> None:
        """Revoke a service account: its token is refused from this moment on."""
        await accounts.revoke(actor, account_id)

    return router
