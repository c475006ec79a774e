"""Decisions on customers: finding one by number, showing one, and giving a full value to who may have it."""

from collections.abc import Collection
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Param
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.kernel.text import checked_text
from careline.modules.directory.customers import rules
from careline.modules.directory.customers.errors import ContactPointKnown
from careline.modules.directory.customers.repository import customers as repository
from careline.modules.directory.customers.repository import merging, record
from careline.modules.directory.customers.repository.customers import Line, Party
from careline.modules.directory.customers.rules import NAME_MAX
from careline.modules.directory.customers.services.index import TermIndex
from careline.modules.directory.customers.views import (
    BillingAccountView,
    CustomerView,
    LineView,
    NewCustomer,
    NewSubscription,
    PartyKind,
)
from careline.modules.directory.identity.facade import Identity

REVEALABLE = ("msisdn", "name", "contact_point", "line_user")
_NEEDS = {"msisdn": "subscription_id", "contact_point": "contact_point_id", "line_user": "party_id"}


class Which(msgspec.Struct, frozen=True, kw_only=True):
    """Which of several a masked value is of."""

    subscription_id: UUID | None = None
    contact_point_id: UUID | None = None
    party_id: UUID | None = None


class CustomerService:
    """Use cases on customers. Each is told the tenant; a customer of another tenant does not exist."""

    def __init__(self, database: Database, identity: Identity, index: TermIndex) -> None:
        self._database = database
        self._identity = identity
        self._index = index

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

    async def present(self, reading: Reading, customer_id: UUID) -> UUID:
        """Who a customer is now. Raises ``NotFound``."""
        return await merging.present(reading, customer_id)

    async def register(self, actor: Actor, new: NewCustomer) -> CustomerView:
        """Store a customer with accounts and lines. Raises ``Conflict``: "msisdn-taken", "contact-point-known"."""
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
            for point in new.contact_points:
                new_point = msgspec.structs.replace(point, value=rules.checked_contact(point.kind, point.value))
                if not await record.add_contact_point(tx, customer_id, new_id(), new_point):
                    raise ContactPointKnown("contact_points")
            await self._index.renew(tx, customer_id)
            await self._identity.audit(tx, actor, "customer.registered", customer_id, {"lines": len(lines)})
            return (await repository.views(tx, [customer_id]))[customer_id]

    async def reveal(self, actor: Actor, customer_id: UUID, what: str, which: Which) -> str:
        """The full value of a masked field. It is handed out only when the audit entry stands.

        ``what`` is "name", or "msisdn", "contact_point" or "line_user" with the id of that.
        """
        if "customer:reveal" not in actor.permissions:
            raise Forbidden("permission-missing", permission="customer:reveal")
        if what not in REVEALABLE:
            raise Invalid("field-not-revealable", field="what", allowed=", ".join(REVEALABLE))
        needed = _NEEDS.get(what)
        if needed is not None and getattr(which, needed) is None:
            raise Invalid(needed.replace("_id", "-needed").replace("_", "-"), field=needed)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            customer_id = await merging.present(tx, customer_id)
            value = await _value(tx, customer_id, what, which)
            if value is None:
                raise NotFound("customer-not-found")
            told: dict[str, Param] = {"what": what, "subscription": _text(which.subscription_id)}
            if needed not in (None, "subscription_id"):
                told |= {"id": _text(getattr(which, needed))}
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


async def _value(tx: Transaction, customer_id: UUID, what: str, which: Which) -> str | None:
    if what == "msisdn" and which.subscription_id is not None:
        return await repository.full_number(tx, customer_id, which.subscription_id)
    if what == "contact_point" and which.contact_point_id is not None:
        return await record.full_contact_point(tx, customer_id, which.contact_point_id)
    if what == "line_user" and which.party_id is not None:
        return await record.full_user_name(tx, customer_id, which.party_id)
    return await repository.full_name(tx, customer_id)


def _text(one: UUID | None) -> str | None:
    return None if one is None else str(one)


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
