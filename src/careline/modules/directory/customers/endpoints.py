"""HTTP of customers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from careline.infra.http import requires
from careline.kernel.tenancy import Actor
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.schemas import CustomerShown, Revealed, RevealWanted


def build_router(customers: Customers) -> APIRouter:
    """For whoever serves customers."""
    router = APIRouter(tags=["customers"])

    @router.get("/customers/{customer_id}")
    async def customer(customer_id: UUID, actor: Annotated[Actor, requires("customer:read")]) -> CustomerShown:
        """A customer with lines and accounts, masked."""
        return CustomerShown.model_validate(await customers.customer(actor.tenant_id, customer_id))

    @router.post("/customers/{customer_id}/reveal")
    async def reveal(
        customer_id: UUID, wanted: RevealWanted, actor: Annotated[Actor, requires("customer:reveal")]
    ) -> Revealed:
        """A masked value in full; who asked for it stands in the audit."""
        return Revealed(value=await customers.reveal(actor, customer_id, wanted.what, wanted.subscription_id))

    return router
