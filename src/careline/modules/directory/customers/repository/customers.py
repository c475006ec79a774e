"""The statements on customers' tables."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, insert, literal, select

from careline.infra.database.keys import among
from careline.infra.database.prepared import Parameters, Prepared
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uniqueness import conflict_when_taken
from careline.modules.directory.customers.models import (
    BillingAccountRow,
    ContactUserRow,
    CustomerRow,
    PartyRow,
    SubscriptionRow,
)
from careline.modules.directory.customers.views import (
    BillingAccountView,
    Brand,
    CustomerView,
    Level,
    LineStatus,
    LineView,
    NewCustomer,
    PartyKind,
    PayKind,
    SubscriptionView,
    mask_name,
    mask_number,
)


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A party to be stored."""

    id: UUID
    kind: PartyKind
    name: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line to be stored."""

    id: UUID
    customer_id: UUID
    billing_account_id: UUID
    msisdn: str
    brand: Brand
    plan: str
    status: LineStatus


# Built once, since every call asks. The word is part of the text: only so SQLite sees that the partial index fits.
_LINE = select(SubscriptionRow.id, SubscriptionRow.customer_id, SubscriptionRow.brand, SubscriptionRow.status).where(
    SubscriptionRow.tenant_id == bindparam("of_tenant"),
    SubscriptionRow.msisdn == bindparam("number"),
    SubscriptionRow.status != literal(LineStatus.CLOSED.value, literal_execute=True),
)


_SHOWN = Prepared(
    select(
        CustomerRow.id,
        CustomerRow.level,
        CustomerRow.since,
        CustomerRow.language,
        CustomerRow.tags,
        CustomerRow.version,
        CustomerRow.merged_into,
        PartyRow.kind,
        PartyRow.name,
    )
    .join(PartyRow, PartyRow.id == CustomerRow.party_id)
    .where(
        CustomerRow.tenant_id == bindparam("of_tenant"),
        PartyRow.tenant_id == bindparam("of_tenant"),
        among(CustomerRow.id, "customers"),
    )
)
_LINES = Prepared(
    select(
        SubscriptionRow.id,
        SubscriptionRow.customer_id,
        SubscriptionRow.msisdn,
        SubscriptionRow.brand,
        SubscriptionRow.plan,
        SubscriptionRow.status,
    )
    .where(SubscriptionRow.tenant_id == bindparam("of_tenant"), among(SubscriptionRow.customer_id, "customers"))
    .order_by(SubscriptionRow.id)
)
_ACCOUNTS = Prepared(
    select(BillingAccountRow.id, BillingAccountRow.customer_id, BillingAccountRow.name, BillingAccountRow.pay_kind)
    .where(BillingAccountRow.tenant_id == bindparam("of_tenant"), among(BillingAccountRow.customer_id, "customers"))
    .order_by(BillingAccountRow.id)
)


async def line_by_number(reading: Reading, msisdn: str) -> LineView | None:
    """The line that this number is now."""
    row = (await reading.execute(_LINE, {"of_tenant": reading.tenant_id, "number": msisdn})).one_or_none()
    if row is None:
        return None
    return LineView(
        subscription_id=row.id,
        customer_id=row.customer_id,
        brand=Brand(row.brand),
        status=LineStatus(row.status),
        msisdn_masked=mask_number(msisdn),
    )


async def views(reading: Reading, ids: Collection[UUID]) -> dict[UUID, CustomerView]:
    """Those of the customers that the reading's tenant has, masked; under a merged one's id, who they are now."""
    found = await _views(reading, ids)
    into = {one: survivor for one, (survivor, _) in found.items() if survivor is not None}
    survivors = await _views(reading, set(into.values()) - found.keys()) if into else {}
    shown = {one: view for one, (_, view) in {**survivors, **found}.items()}
    return {one: shown[into.get(one, one)] for one in found}


async def _views(reading: Reading, ids: Collection[UUID]) -> dict[UUID, tuple[UUID | None, CustomerView]]:
    parameters = {"of_tenant": reading.tenant_id, "customers": ids}
    found = (await reading.run(_SHOWN, parameters)).all()
    lines = await _subscriptions(reading, parameters)
    accounts = await _accounts(reading, parameters)
    return {row.id: (row.merged_into, _view(row, lines.get(row.id, []), accounts.get(row.id, []))) for row in found}


async def full_name(reading: Reading, customer_id: UUID) -> str | None:
    """The customer's unmasked name; only for who may see it."""
    statement = (
        select(PartyRow.name)
        .join(CustomerRow, CustomerRow.party_id == PartyRow.id)
        .where(
            PartyRow.tenant_id == reading.tenant_id,
            CustomerRow.tenant_id == reading.tenant_id,
            CustomerRow.id == customer_id,
        )
    )
    return (await reading.execute(statement)).scalar_one_or_none()


async def full_number(reading: Reading, customer_id: UUID, subscription_id: UUID) -> str | None:
    """The unmasked number of one of the customer's lines; only for who may see it."""
    statement = select(SubscriptionRow.msisdn).where(
        SubscriptionRow.tenant_id == reading.tenant_id,
        SubscriptionRow.customer_id == customer_id,
        SubscriptionRow.id == subscription_id,
    )
    return (await reading.execute(statement)).scalar_one_or_none()


async def add_party(tx: Transaction, party: Party) -> None:
    """Store a party."""
    await tx.execute(insert(PartyRow).values(id=party.id, tenant_id=tx.tenant_id, kind=party.kind, name=party.name))


async def add_customer(tx: Transaction, customer_id: UUID, party_id: UUID, new: NewCustomer) -> None:
    """Store a customer; its party stands already."""
    values = {
        "id": customer_id,
        "tenant_id": tx.tenant_id,
        "party_id": party_id,
        "level": new.level,
        "since": new.since,
        "language": new.language,
        "tags": list(new.tags),
        "created_at": tx.now,
    }
    await tx.execute(insert(CustomerRow).values(values))


async def add_account(tx: Transaction, customer_id: UUID, account: BillingAccountView) -> None:
    """Store a billing account."""
    values = {
        "id": account.id,
        "tenant_id": tx.tenant_id,
        "customer_id": customer_id,
        "name": account.name,
        "pay_kind": account.pay_kind,
    }
    await tx.execute(insert(BillingAccountRow).values(values))


async def add_line(tx: Transaction, line: Line) -> None:
    """Store a line."""
    with conflict_when_taken("msisdn-taken", field="subscriptions"):
        await tx.execute(insert(SubscriptionRow).values(tenant_id=tx.tenant_id, **msgspec.structs.asdict(line)))


async def add_contact_user(tx: Transaction, subscription_id: UUID, party_id: UUID) -> None:
    """Store who uses a line."""
    values = {"tenant_id": tx.tenant_id, "subscription_id": subscription_id, "party_id": party_id}
    await tx.execute(insert(ContactUserRow).values(values))


async def _subscriptions(reading: Reading, parameters: Parameters) -> dict[UUID, list[SubscriptionView]]:
    found: dict[UUID, list[SubscriptionView]] = {}
    for row in (await reading.run(_LINES, parameters)).all():
        view = SubscriptionView(
            id=row.id,
            msisdn_masked=mask_number(row.msisdn),
            brand=Brand(row.brand),
            plan=row.plan,
            status=LineStatus(row.status),
        )
        found.setdefault(row.customer_id, []).append(view)
    return found


async def _accounts(reading: Reading, parameters: Parameters) -> dict[UUID, list[BillingAccountView]]:
    found: dict[UUID, list[BillingAccountView]] = {}
    for row in (await reading.run(_ACCOUNTS, parameters)).all():
        view = BillingAccountView(id=row.id, name=row.name, pay_kind=PayKind(row.pay_kind))
        found.setdefault(row.customer_id, []).append(view)
    return found


def _view(row: Row[Any], lines: list[SubscriptionView], accounts: list[BillingAccountView]) -> CustomerView:
    kind = PartyKind(row.kind)
    return CustomerView(
        id=row.id,
        version=row.version,
        # An organisation's name is public, and staff must know whom they serve.
        name_masked=mask_name(row.name) if kind is PartyKind.PERSON else row.name,
        kind=kind,
        level=Level(row.level),
        since=row.since,
        language=row.language,
        subscriptions=lines,
        billing_accounts=accounts,
        tags=list(row.tags),
    )
