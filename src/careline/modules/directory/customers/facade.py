"""The door of customers."""

from collections.abc import Collection
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading
from careline.kernel.errors import NotFound
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.customers.rules import normal_number
from careline.modules.directory.customers.service import CustomerService
from careline.modules.directory.customers.views import CustomerView, LineView, NewCustomer, mask_name, mask_number
from careline.modules.directory.identity.facade import Identity


class Customers:
    """Who the operator's customers are; everything it hands out is masked, but for ``reveal``."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._service = CustomerService(database, identity)

    async def by_msisdn(self, tenant_id: TenantId, msisdn: str) -> CustomerView | None:
        """The customer whose line this number is now, however it was written; None when it is nobody's."""
        line = await self._service.line(tenant_id, msisdn)
        return None if line is None else await self.customer(tenant_id, line.customer_id)

    async def line(self, tenant_id: TenantId, msisdn: str) -> LineView | None:
        """The line that this number is now, for who needs no more than ids, brand and status."""
        return await self._service.line(tenant_id, msisdn)

    async def line_within(self, reading: Reading, msisdn: str) -> LineView | None:
        """As ``line``, within the caller's transaction, which nothing else may be awaited in."""
        return await self._service.line_within(reading, msisdn)

    async def customer(self, tenant_id: TenantId, customer_id: UUID) -> CustomerView:
        """One customer. Raises ``NotFound`` ("customer-not-found")."""
        found = (await self._service.views(tenant_id, [customer_id])).get(customer_id)
        if found is None:
            raise NotFound("customer-not-found")
        return found

    async def views(self, tenant_id: TenantId, ids: Collection[UUID]) -> dict[UUID, CustomerView]:
        """Those of the customers that the tenant has, by id."""
        return await self._service.views(tenant_id, ids)

    async def register(self, actor: Actor, new: NewCustomer) -> CustomerView:
        """Store a customer with accounts and lines."""
        return await self._service.register(actor, new)

    async def reveal(self, actor: Actor, customer_id: UUID, what: str, subscription_id: UUID | None = None) -> str:
        """The full value of a masked field, to who may see it; audited."""
        return await self._service.reveal(actor, customer_id, what, subscription_id)

    @staticmethod
    def normal_number(text: str) -> str | None:
        """A number in the one form it is stored in; None when the text is no number."""
        return normal_number(text)

    @staticmethod
    def mask_number(text: str) -> str:
        """``138****6021``."""
        return mask_number(text)

    @staticmethod
    def mask_name(name: str) -> str:
        """``王*敏``."""
        return mask_name(name)
