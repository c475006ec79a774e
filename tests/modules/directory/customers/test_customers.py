"""Customers on both databases: found by number, masked, revealed to who may."""

import asyncio
from datetime import date
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import func, select, text

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from careline.kernel.tenancy import Actor, ActorKind, system_actor
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.models import ContactUserRow, CustomerRow, PartyRow
from careline.modules.directory.customers.views import (
    Brand,
    CustomerView,
    LineStatus,
    NewBillingAccount,
    NewCustomer,
    NewSubscription,
    PartyKind,
    PayKind,
)
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.views import TenantView, UserView

NUMBER = "13812346021"
ACCOUNT = NewBillingAccount(name="个人账户", pay_kind=PayKind.POSTPAID)
LINE = NewSubscription(msisdn=NUMBER, brand=Brand.GLOBAL_LINK, plan="全球通畅享 198 元")
WANG = NewCustomer(name="王小敏", since=date(2015, 3, 9), accounts=(ACCOUNT,), subscriptions=(LINE,), tags=("老客户",))


@pytest.fixture
async def wang(customers: Customers, system: Actor) -> CustomerView:
    return await customers.register(system, WANG)


@pytest.fixture
def reader(tenant: TenantView, agent: UserView) -> Actor:
    return Actor(
        tenant_id=tenant.id,
        kind=ActorKind.USER,
        id=agent.id,
        permissions=frozenset({"customer:read", "customer:reveal"}),
    )


async def rows(database: Database) -> list[int]:
    async with database.system_reading() as reading:
        return [
            int((await reading.execute(select(func.count()).select_from(row))).scalar_one())
            for row in (PartyRow, CustomerRow, ContactUserRow)
        ]


async def audited(identity: Identity, tenant: TenantView) -> int:
    return (await identity.verify_audit(tenant.id)).entries


async def test_a_customer_is_found_by_number_however_written(
    customers: Customers, tenant: TenantView, wang: CustomerView
) -> None:
    for written in (NUMBER, "+86 138 1234 6021", "0086-13812346021", "１３８１２３４６０２１"):
        assert await customers.by_msisdn(tenant.id, written) == wang
    for unknown in ("13812346022", "anonymous", "", "\x00", "' OR 1=1 --", "1" * 9999):
        assert await customers.by_msisdn(tenant.id, unknown) is None
        assert await customers.line(tenant.id, unknown) is None


async def test_what_is_handed_out_is_masked(customers: Customers, tenant: TenantView, wang: CustomerView) -> None:
    found = await customers.customer(tenant.id, wang.id)
    line = await customers.line(tenant.id, NUMBER)

    assert (found.name_masked, found.subscriptions[0].msisdn_masked) == ("王*敏", "138****6021")
    assert found.billing_accounts[0].pay_kind is PayKind.POSTPAID
    assert (found.tags, found.since) == (["老客户"], date(2015, 3, 9))
    assert line is not None
    assert (line.customer_id, line.subscription_id) == (wang.id, found.subscriptions[0].id)
    everything = repr((found, line, await customers.views(tenant.id, [wang.id])))
    assert NUMBER not in everything
    assert "王小敏" not in everything


async def test_an_organisation_is_called_by_its_name(customers: Customers, system: Actor) -> None:
    company = msgspec.structs.replace(WANG, name="示例物流集团", kind=PartyKind.ORGANISATION)

    assert (await customers.register(system, company)).name_masked == "示例物流集团"


async def test_another_tenants_customer_does_not_exist(
    customers: Customers, wang: CustomerView, other_tenant: TenantView, identity: Identity
) -> None:
    before = await audited(identity, other_tenant)
    assert await customers.by_msisdn(other_tenant.id, NUMBER) is None
    assert await customers.views(other_tenant.id, [wang.id]) == {}
    with pytest.raises(NotFound):
        await customers.customer(other_tenant.id, wang.id)
    foreign = Actor(
        tenant_id=other_tenant.id, kind=ActorKind.USER, id=uuid4(), permissions=frozenset({"customer:reveal"})
    )
    for what, line in (("name", None), ("msisdn", wang.subscriptions[0].id)):
        with pytest.raises(NotFound):
            await customers.reveal(foreign, wang.id, what, line)

    assert await audited(identity, other_tenant) == before
    again = await customers.register(system_actor(other_tenant.id), WANG)
    assert again.id != wang.id


async def test_a_full_value_leaves_its_trace(
    customers: Customers, wang: CustomerView, reader: Actor, identity: Identity
) -> None:
    line = wang.subscriptions[0].id
    assert await customers.reveal(reader, wang.id, "msisdn", line) == NUMBER
    assert await customers.reveal(reader, wang.id, "name") == "王小敏"

    told = (await identity.audit_page(reader, before=None, limit=2)).items
    assert [(entry.action, entry.subject, entry.actor, entry.params) for entry in told] == [
        ("customer.revealed", str(wang.id), reader.ref, {"what": "name", "subscription": None}),
        ("customer.revealed", str(wang.id), reader.ref, {"what": "msisdn", "subscription": str(line)}),
    ]


async def test_no_full_value_without_the_permission(
    customers: Customers, wang: CustomerView, reader: Actor, identity: Identity, tenant: TenantView
) -> None:
    before = await audited(identity, tenant)
    with pytest.raises(Forbidden):
        await customers.reveal(
            msgspec.structs.replace(reader, permissions=frozenset({"customer:read"})), wang.id, "name"
        )

    assert await audited(identity, tenant) == before


@pytest.mark.parametrize(
    ("what", "line", "code"),
    [
        ("password", None, "field-not-revealable"),
        ("msisdn", None, "subscription-needed"),
        ("msisdn", uuid4(), "customer-not-found"),
        ("' OR 1=1 --", None, "field-not-revealable"),
    ],
)
async def test_values_that_are_not_given(
    customers: Customers,
    wang: CustomerView,
    reader: Actor,
    identity: Identity,
    tenant: TenantView,
    what: str,
    line: UUID | None,
    code: str,
) -> None:
    before = await audited(identity, tenant)
    with pytest.raises(DomainError, match=code):
        await customers.reveal(reader, wang.id, what, line)

    assert await audited(identity, tenant) == before


async def test_anothers_line_is_not_given_out(
    customers: Customers, wang: CustomerView, reader: Actor, system: Actor
) -> None:
    other = await customers.register(
        system,
        msgspec.structs.replace(
            WANG, name="李明", subscriptions=(msgspec.structs.replace(LINE, msisdn="13900000001"),)
        ),
    )
    with pytest.raises(NotFound):
        await customers.reveal(reader, wang.id, "msisdn", other.subscriptions[0].id)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "text-empty"),
        ({"name": "王\x00"}, "text-not-printable"),
        ({"name": "王" * 101}, "text-too-long"),
        ({"accounts": ()}, "account-unknown"),
        ({"subscriptions": (msgspec.structs.replace(LINE, msisdn="10086"),)}, "msisdn-not-usable"),
        ({"subscriptions": (msgspec.structs.replace(LINE, account=7),)}, "account-unknown"),
        ({"subscriptions": (LINE, LINE)}, "msisdn-taken"),
        ({"subscriptions": (msgspec.structs.replace(LINE, used_by="\x1b"),)}, "text-not-printable"),
        ({"subscriptions": (msgspec.structs.replace(LINE, plan=""),)}, "text-empty"),
    ],
)
async def test_customers_that_are_not_made(
    customers: Customers, system: Actor, database: Database, change: dict[str, object], code: str
) -> None:
    with pytest.raises(DomainError, match=code):
        await customers.register(system, msgspec.structs.replace(WANG, **change))

    assert await rows(database) == [0, 0, 0]


async def test_a_number_is_one_line_at_a_time(
    customers: Customers, system: Actor, tenant: TenantView, database: Database
) -> None:
    tries = [customers.register(system, msgspec.structs.replace(WANG, name=f"客户{n}")) for n in range(5)]
    results = await asyncio.gather(*tries, return_exceptions=True)

    assert sum(isinstance(result, Conflict) for result in results) == 4
    assert await rows(database) == [1, 1, 0]


async def test_a_closed_lines_number_may_be_anothers(customers: Customers, system: Actor, tenant: TenantView) -> None:
    closed = msgspec.structs.replace(LINE, status=LineStatus.CLOSED)
    for _ in range(2):
        await customers.register(system, msgspec.structs.replace(WANG, subscriptions=(closed,)))
    assert await customers.by_msisdn(tenant.id, NUMBER) is None
    now = await customers.register(system, WANG)

    assert await customers.by_msisdn(tenant.id, NUMBER) == now


async def test_who_uses_a_line_is_a_party_of_its_own(customers: Customers, system: Actor, database: Database) -> None:
    used = msgspec.structs.replace(LINE, used_by="王小宝")
    await customers.register(system, msgspec.structs.replace(WANG, subscriptions=(used,)))

    assert await rows(database) == [2, 1, 1]


async def test_personal_values_stand_in_their_tables_only(
    customers: Customers, wang: CustomerView, reader: Actor, database: Database
) -> None:
    await customers.reveal(reader, wang.id, "msisdn", wang.subscriptions[0].id)
    async with database.system_reading() as reading:
        told = str((await reading.execute(text("SELECT * FROM audit_entry"))).all())
        told += str((await reading.execute(text("SELECT * FROM event_log"))).all())

    assert NUMBER not in told
    assert "王小敏" not in told


async def test_nobody_asked_for_is_nobody_found(customers: Customers, tenant: TenantView) -> None:
    assert await customers.views(tenant.id, []) == {}
    assert await customers.views(tenant.id, [uuid4()]) == {}


async def test_refusals_name_the_field(customers: Customers, system: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        await customers.register(system, msgspec.structs.replace(WANG, name=""))

    assert refusal.value.field == "name"
