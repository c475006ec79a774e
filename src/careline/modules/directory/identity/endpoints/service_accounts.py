"""Service accounts, for who may make them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from careline.infra.http import requires
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity.endpoints.session import who_of
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.permissions import NEVER_BY_TOKEN
from careline.modules.directory.identity.schemas.service_accounts import (
    ServiceAccountList,
    ServiceAccountShown,
    ServiceAccountWanted,
    ServiceTokenShown,
)
from careline.modules.directory.identity.views import NewServiceAccount

Manager = Annotated[Actor, requires("service-account:manage")]


def build_service_account_router(identity: Identity) -> APIRouter:
    """Making, listing and revoking."""
    router = APIRouter(tags=["identity"])
    accounts = identity.service_accounts

    @router.get("/service-accounts")
    async def service_accounts(
        request: Request,
        actor: Manager,
        q: Annotated[str, Query(max_length=60)] = "",
        after: Annotated[str, Query(max_length=60)] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> ServiceAccountList:
        """Service accounts by name, and what I may give to a new one."""
        page = await accounts.page(actor, part=q, after=after, limit=limit)
        held = who_of(request, actor).scopes
        return ServiceAccountList(
            items=[ServiceAccountShown.of(view, maker) for view, maker in page.items],
            next=page.next,
            grantable={code: scope for code, scope in held.items() if code not in NEVER_BY_TOKEN},
        )

    @router.post("/service-accounts", status_code=201)
    async def create_service_account(
        wanted: ServiceAccountWanted, request: Request, actor: Manager
    ) -> ServiceTokenShown:
        """Make a service account. Its token is in this answer and nowhere else."""
        made = await accounts.create(actor, NewServiceAccount(**wanted.model_dump()))
        maker = who_of(request, actor).user.display_name
        return ServiceTokenShown(token=made.token, account=ServiceAccountShown.of(made.account, maker))

    @router.delete("/service-accounts/{account_id}", status_code=204)
    async def revoke_service_account(account_id: UUID, actor: Manager) -> None:
        """Revoke a service account: its token is refused from this moment on."""
        await accounts.revoke(actor, account_id)

    return router
