"""Customers found on both databases, by number, name and sound, in the order in which they are useful."""

import asyncio
from collections.abc import Collection
from datetime import date
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import delete, func, select, text, update

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import DomainError
from careline.kernel.tenancy import Actor
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.models import CustomerRow, CustomerTermRow, PartyRow
from careline.modules.directory.customers.repository import search as repository
from careline.modules.directory.customers.views import (
    Brand,
    ContactKind,
    CustomerChange,
    LineStatus,
    NewBillingAccount,
    NewContactPoint,
    NewCustomer,
    NewSubscription,
    PartyKind,
    PayKind,
)
from careline.modules.directory.identity.views import TenantView

ACCOUNT = NewBillingAccount(name="个人账户", pay_kind=PayKind.POSTPAID)


def person(name: str, *numbers: str, used_by: str | None = None) -> NewCustomer:
    lines = tuple(NewSubscription(msisdn=one, brand=Brand.EASY_OWN, plan="29 元", used_by=used_by) for one in numbers)
    return NewCustomer(name=name, since=date(2020, 1, 2), accounts=(ACCOUNT,), subscriptions=lines)


PEOPLE = (
    person("王小敏", "13812346021"),
    person("李明辉", "13960210007", "13700000138"),
    person("单文涛", "15900001234", used_by="赵小宝"),
    person("王敏", "15800006021"),
    msgspec.structs.replace(person("示例物流集团", "15700009999"), kind=PartyKind.ORGANISATION),
)


@pytest.fixture
async def known(customers: Customers, system: Actor) -> dict[UUID, str]:
    return {(await customers.register(system, one)).id: one.name for one in PEOPLE}


async def found(customers: Customers, tenant: TenantView, known: dict[UUID, str], query: str) -> list[str]:
    hits = await customers.find(tenant.id, query, limit=20)
    return [known[hit.customer.id] for hit in hits.items]


async def terms(database: Database) -> int:
    async with database.system_reading() as reading:
        return int((await reading.execute(select(func.count()).select_from(CustomerTermRow))).scalar_one())


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("13812346021", ["王小敏"]),
        ("+86 138 1234 6021", ["王小敏"]),
        ("6021", ["王敏", "王小敏", "李明辉"]),
        ("138", ["王小敏", "李明辉"]),
        ("王", ["王小敏", "王敏"]),
        ("敏", ["王小敏", "王敏"]),
        ("小敏", ["王小敏"]),
        ("wangmin", ["王敏"]),
        ("wm", ["王敏"]),
        ("wxm", ["王小敏"]),
        ("wangxm", ["王小敏"]),
        ("xiaomin", ["王小敏"]),
        ("shan", ["单文涛"]),
        ("dan", ["单文涛"]),
        ("赵小宝", ["单文涛"]),
        ("王 6021", ["王敏", "王小敏"]),
        ("wang 138", ["王小敏"]),
        ("王 15700", []),
        ("物流", ["示例物流集团"]),
        ("slwl", ["示例物流集团"]),
        ("_", None),
        ("' OR x --", []),
        ("999888", []),
    ],
)
async def test_who_is_found(
    customers: Customers, tenant: TenantView, known: dict[UUID, str], query: str, names: list[str] | None
) -> None:
    if names is None:
        with pytest.raises(DomainError, match="search-empty"):
            await customers.find(tenant.id, query, limit=20)
    else:
        told = await found(customers, tenant, known, query)
        assert sorted(told) == sorted(names)


async def test_what_begins_so_comes_first(customers: Customers, tenant: TenantView, known: dict[UUID, str]) -> None:
    assert await found(customers, tenant, known, "138") == ["王小敏", "李明辉"]
    assert (await found(customers, tenant, known, "min"))[0] in ("王小敏", "王敏")
    assert (await found(customers, tenant, known, "6021"))[2] == "李明辉"  # the others end with it


async def test_the_line_that_fits_is_named_and_all_is_masked(
    customers: Customers, tenant: TenantView, known: dict[UUID, str]
) -> None:
    hits = await customers.find(tenant.id, "0138", limit=20)
    (hit,) = hits.items
    (line,) = [line for line in hit.customer.subscriptions if line.id == hit.subscription_id]

    assert line.msisdn_masked == "137****0138"
    assert "13700000138" not in repr(hits)
    assert "李明辉" not in repr(hits)


async def test_more_is_told_when_there_is_more(customers: Customers, system: Actor, tenant: TenantView) -> None:
    for index in range(6):
        await customers.register(system, person("王敏", f"1380000{index:04d}"))
    few = await customers.find(tenant.id, "138", limit=5)
    all_of_them = await customers.find(tenant.id, "138", limit=6)

    assert (len(few.items), few.more) == (5, True)
    assert (len(all_of_them.items), all_of_them.more) == (6, False)
    assert len({hit.customer.id for hit in all_of_them.items}) == 6


async def test_without_a_query_the_latest_come_first_in_pages(
    customers: Customers, tenant: TenantView, known: dict[UUID, str]
) -> None:
    first = await customers.latest(tenant.id, after=None, limit=3)
    second = await customers.latest(tenant.id, after=first.next, limit=3)

    assert [hit.customer.id for hit in (*first.items, *second.items)] == sorted(known, reverse=True)
    assert (first.next is not None, second.next) == (True, None)
    with pytest.raises(DomainError, match="position-unknown"):
        await customers.latest(tenant.id, after="x", limit=3)


async def test_another_tenants_customers_are_not_found(
    customers: Customers, other_tenant: TenantView, known: dict[UUID, str]
) -> None:
    for query in ("13812346021", "王", "wxm", "138", "王 6021"):
        assert (await customers.find(other_tenant.id, query, limit=20)).items == []
    assert (await customers.latest(other_tenant.id, after=None, limit=20)).items == []


async def test_a_number_that_is_nobodys_any_more_finds_nobody(
    customers: Customers, system: Actor, tenant: TenantView
) -> None:
    line = NewSubscription(msisdn="13800000001", brand=Brand.M_ZONE, plan="39 元", status=LineStatus.CLOSED)
    gone = msgspec.structs.replace(person("王敏"), subscriptions=(line,))
    await customers.register(system, gone)

    assert (await customers.find(tenant.id, "13800000001", limit=5)).items == []
    assert len((await customers.find(tenant.id, "王敏", limit=5)).items) == 1


async def test_what_changes_is_found_as_it_is_now(
    customers: Customers, system: Actor, tenant: TenantView, database: Database
) -> None:
    wang = await customers.register(system, person("王小敏", "13812346021"))
    before = await terms(database)
    record = await customers.change(system, wang.id, 1, CustomerChange(name="王晓敏"))
    assert (await customers.find(tenant.id, "小敏", limit=5)).items == []
    assert await ids(customers, tenant, "晓敏") == [wang.id]

    phone = NewContactPoint(kind=ContactKind.PHONE, value="020-8765 4321")
    record = await customers.add_contact_point(system, wang.id, record.customer.version, phone)
    assert await ids(customers, tenant, "87654321") == [wang.id]
    point = record.contact_points[0].id
    record = await customers.remove_contact_point(system, wang.id, record.customer.version, point)
    assert await ids(customers, tenant, "87654321") == []

    line = wang.subscriptions[0].id
    record = await customers.add_line_user(system, wang.id, record.customer.version, line, "赵小宝")
    assert await ids(customers, tenant, "zxb") == [wang.id]
    await customers.remove_line_user(system, wang.id, record.customer.version, line, record.line_users[0].party_id)
    assert await ids(customers, tenant, "zxb") == []
    assert await terms(database) == before


async def ids(customers: Customers, tenant: TenantView, query: str) -> list[UUID]:
    return [hit.customer.id for hit in (await customers.find(tenant.id, query, limit=5)).items]


async def test_who_was_stored_by_an_older_version_is_found_after_catching_up(
    customers: Customers, tenant: TenantView, known: dict[UUID, str], database: Database
) -> None:
    async with database.system_transaction() as tx:
        await tx.execute(delete(CustomerTermRow))
        await tx.execute(update(CustomerRow).values(terms=None, terms_version=0))
    assert await found(customers, tenant, known, "wxm") == []

    assert await customers.catch_up() == len(known)
    assert await found(customers, tenant, known, "wxm") == ["王小敏"]
    assert await customers.catch_up() == 0


async def test_a_search_ends_whatever_was_typed(
    customers: Customers, system: Actor, tenant: TenantView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the narrowest word only so many terms are compared with the others."""
    wanted = [await customers.register(system, person("王敏", f"1380000{index:04d}")) for index in range(6)]
    await customers.register(system, person("李敏", "13800009999"))
    monkeypatch.setattr(repository, "LOOKED_AT", 3)
    hits = await customers.find(tenant.id, "1380000 wang", limit=20)

    assert {hit.customer.id for hit in hits.items} == {one.id for one in wanted[:3]}
    assert hits.more


async def test_one_with_very_many_lines_hides_nobody(customers: Customers, system: Actor, tenant: TenantView) -> None:
    company = person("示例物流集团", *(f"1380000{index:04d}" for index in range(60)))
    wanted = [await customers.register(system, one) for one in (company, person("王敏", "13800009999"))]
    hits = await customers.find(tenant.id, "1380000", limit=2)

    assert [hit.customer.id for hit in hits.items] == [one.id for one in wanted]
    assert not hits.more


async def test_nor_who_has_it_within_those_who_begin_so(
    customers: Customers, system: Actor, tenant: TenantView
) -> None:
    company = person("示例物流集团", *(f"1380000{index:04d}" for index in range(60)))
    wanted = [await customers.register(system, one) for one in (company, person("王敏", "13800009999"))]
    for index in range(3):
        await customers.register(system, person("李敏", f"1501380000{index}"))
    hits = await customers.find(tenant.id, "1380000", limit=2)

    assert [hit.customer.id for hit in hits.items] == [one.id for one in wanted]
    assert hits.more


async def test_nor_when_several_words_are_looked_for(customers: Customers, system: Actor, tenant: TenantView) -> None:
    """The number is the narrowest of the words here: the name has more terms still."""
    company = person("王" * 16, *(f"1380000{index:04d}" for index in range(13)))
    wanted = [await customers.register(system, one) for one in (company, person("王敏", "13800009999"))]
    hits = await customers.find(tenant.id, "1380000 王", limit=2)

    assert [hit.customer.id for hit in hits.items] == [one.id for one in wanted]
    assert not hits.more


async def test_nor_who_has_the_narrowest_of_several_within(
    customers: Customers, system: Actor, tenant: TenantView, monkeypatch: pytest.MonkeyPatch
) -> None:
    for index in range(4):
        await customers.register(system, person("李敏", f"1380000000{index}"))
    for index in range(3):
        await customers.register(system, person("王" * 7, f"1501380000{index}"))
    wanted = await customers.register(system, person("王" * 7, "13800009999"))
    monkeypatch.setattr(repository, "ASKED", 3)
    monkeypatch.setattr(repository, "LOOKED_AT", 20)
    hits = await customers.find(tenant.id, "1380000 王", limit=2)

    assert hits.items[0].customer.id == wanted.id
    assert hits.more


async def test_terms_are_renewed_by_one_at_a_time(
    customers: Customers, system: Actor, tenant: TenantView, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await customers.register(system, person("王小敏", "13812346021"))
    slowly = repository.replace_terms

    async def replace(tx: Transaction, customer_id: UUID, terms: Collection[str], version: int) -> None:
        if tx.dialect == "postgresql":  # SQLite has one writer anyway
            await tx.execute(text("SELECT pg_sleep(0.3)"))
        await slowly(tx, customer_id, terms, version)

    monkeypatch.setattr(repository, "replace_terms", replace)
    async with customers._index._database.transaction(tenant.id) as tx:
        await tx.execute(update(CustomerRow).where(CustomerRow.tenant_id == tenant.id).values(terms_version=0))
        await tx.execute(
            update(PartyRow).where(PartyRow.tenant_id == tenant.id, PartyRow.name == "王小敏").values(name="李小敏")
        )
    point = NewContactPoint(kind=ContactKind.PHONE, value="02087654321")
    await asyncio.gather(customers.catch_up(), customers.add_contact_point(system, made.id, made.version, point))
    for query in ("02087654321", "李小敏"):
        assert len((await customers.find(tenant.id, query, limit=5)).items) == 1, query
