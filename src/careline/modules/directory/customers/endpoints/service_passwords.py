"""HTTP of service passwords: which lines have one, and taking one away. Nobody of ours sees or sets one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from careline.infra.http import requires
from careline.kernel.tenancy import Actor
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.schemas.service_passwords import ServicePasswordList, ServicePasswordShown

Reader = Annotated[Actor, requires("customer:read")]
Trusted = Annotated[Actor, requires("customer:password")]


def add_service_passwords(router: APIRouter, customers: Customers) -> None:
    """Routes below one customer."""

    @router.get("/customers/{customer_id}/service-passwords")
    async def service_passwords(customer_id: UUID, actor: Reader) -> ServicePasswordList:
        """Which lines have a service password, and since when."""
        found = await customers.service_passwords.kept(actor.tenant_id, customer_id)
        return ServicePasswordList(items=[ServicePasswordShown.model_validate(one) for one in found])

    @router.delete("/customers/{customer_id}/lines/{subscription_id}/service-password", status_code=204)
    async def remove_service_password(customer_id: UUID, subscription_id: UUID, actor: Trusted) -> None:
        """Take a line's password away, when somebody else may know it; the customer chooses another in a contact."""
        await customers.service_passwords.remove(actor, customer_id, subscription_id)
