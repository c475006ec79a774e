"""Decisions on customers: finding one by number, showing one, and giving a full value to who may have it."""

from collections.abc import Collection
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.kernel.text import checked_text
from careline.modules.directory.customers import repository, rules
from careline.modules.directory.customers.repository import Line, Party
from careline.modules.directory.customers.views import (
    BillingAccountView,
    CustomerView,
    LineView,
    NewCustomer,
    NewSubscription,
    PartyKind,
)
from careline.modules.directory.identity.facade import Identity

REVEALABLE = ("msisdn", "name")
NAME_MAX = 100


class CustomerService:
    """Use cases on customers. Each is told the tenant; a customer of another tenant does not exist."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._database = database
        self._identity = identity

    async def line(self, tenant_id: TenantId, number: str) -> LineView | None:
        """The line that a number, however it was written, is now."""
        normal = rules.normal_number(number)
        if normal is None:
            return None
        async with self._database.glance(tenant_id) as reading:
            return await repository.line_by_number(reading, normal)

    async def line_within(self, reading: Reading, number: str) -> LineView | None:
        """As ``line``, within the caller's transaction or reading."""
        normal = rules.normal_number(number)
        return None if normal is None else await repository.line_by_number(reading, normal)

    async def views(self, tenant_id: TenantId, ids: Collection[UUID]) -> dict[UUID, CustomerView]:
        """Those of the customers that the tenant has."""
        if not ids:
            return {}
        async with self._database.glance(tenant_id, keys=len(ids)) as reading:
            return await repository.views(reading, ids)

    async def register(self, actor: Actor, new: NewCustomer) -> CustomerView:
        """Store a customer with accounts and lines. Raises ``Conflict`` when a number is a line already."""
        name = checked_text(new.name, field="name", max_length=NAME_MAX)
        if any(not 0 <= one.account < len(new.accounts) for one in new.subscriptions):
            raise Invalid("account-unknown", field="subscriptions")
        customer_id = new_id()
        accounts = [BillingAccountView(id=new_id(), name=one.name, pay_kind=one.pay_kind) for one in new.accounts]
        lines = [_line(customer_id, one, accounts) for one in new.subscriptions]
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            party = Party(id=new_id(), kind=new.kind, name=name)
            await repository.add_party(tx, party)
            await repository.add_customer(tx, customer_id, party.id, new)
            for account in accounts:
                await repository.add_account(tx, customer_id, account)
            for line, wanted in zip(lines, new.subscriptions, strict=True):
                await self._add_line(tx, line, wanted.used_by)
            await self._identity.audit(tx, actor, "customer.registered", customer_id, {"lines": len(lines)})
            return (await repository.views(tx, [customer_id]))[customer_id]

    async def reveal(self, actor: Actor, customer_id: UUID, what: str, subscription_id: UUID | None) -> str:
        """The full value of a masked field. It is handed out only when the audit entry stands.

        ``what`` is "msisdn", with the line's id, or "name".
        """
        if "customer:reveal" not in actor.permissions:
            raise Forbidden("permission-missing", permission="customer:reveal")
        if what not in REVEALABLE:
            raise Invalid("field-not-revealable", field="what", allowed=", ".join(REVEALABLE))
        if what == "msisdn" and subscription_id is None:
            raise Invalid("subscription-needed", field="subscription_id")
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if what == "name" or subscription_id is None:
                value = await repository.full_name(tx, customer_id)
            else:
                value = await repository.full_number(tx, customer_id, subscription_id)
            if value is None:
                raise NotFound("customer-not-found")
            told = {"what": what, "subscription": None if subscription_id is None else str(subscription_id)}
            await self._identity.audit(tx, actor, "customer.revealed", customer_id, told)
        return value

    async def _add_line(self, tx: Transaction, line: Line, used_by: str | None) -> None:
        if await repository.line_by_number(tx, line.msisdn) is not None:
            raise Conflict("msisdn-taken", field="subscriptions")
        await repository.add_line(tx, line)
        if used_by is not None:
            name = checked_text(used_by, field="used_by", max_length=NAME_MAX)
            user = Party(id=new_id(), kind=PartyKind.PERSON, name=name)
            await repository.add_party(tx, user)
            await repository.add_contact_user(tx, line.id, user.id)


def _line(customer_id: UUID, wanted: NewSubscription, accounts: list[BillingAccountView]) -> Line:
    return Line(
        id=new_id(),
        customer_id=customer_id,
        billing_account_id=accounts[wanted.account].id,
        msisdn=rules.checked_msisdn(wanted.msisdn, field="subscriptions"),
        brand=wanted.brand,
        plan=checked_text(wanted.plan, field="plan", max_length=NAME_MAX),
        status=wanted.status,
    )
