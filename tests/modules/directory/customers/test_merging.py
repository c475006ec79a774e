"""Two customers who are one, on both databases: all or nothing, in any order, and the old id leads to who is left."""

import asyncio
from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

import msgspec
import pytest

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.errors import Conflict, DomainError, Invalid, NotFound
from careline.kernel.tenancy import Actor, ActorKind, system_actor
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.repository import notes
from careline.modules.directory.customers.services import pairs as pairs_service
from careline.modules.directory.customers.views import (
    Brand,
    ConsentBasis,
    ConsentPurpose,
    ConsentWay,
    ContactKind,
    CustomerView,
    Level,
    Likeness,
    LikenessReason,
    MergeSource,
    MergeWanted,
    NewConsent,
    NewContactPoint,
    NewCustomer,
    NewSubscription,
    PartyKind,
)
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.views import NewTenant, TenantView, UserView
from tests.modules.directory.customers.test_customers import ACCOUNT, WANG
from tests.support.clock import FakeClock

EMAIL = NewContactPoint(kind=ContactKind.EMAIL, value="wang@example.com", preferred=True)
PHONE = NewContactPoint(kind=ContactKind.PHONE, value="13812346021")


def person(number: str, name: str = "王晓敏", *points: NewContactPoint, **more: object) -> NewCustomer:
    line = NewSubscription(msisdn=number, brand=Brand.EASY_OWN, plan="神州行 19 元")
    new = NewCustomer(
        name=name, since=date(2011, 1, 2), accounts=(ACCOUNT,), subscriptions=(line,), contact_points=points
    )
    return msgspec.structs.replace(new, **more)


@pytest.fixture
def me(tenant: TenantView, agent: UserView) -> Actor:
    return Actor(tenant_id=tenant.id, kind=ActorKind.USER, id=agent.id, permissions=frozenset({"customer:reveal"}))


@pytest.fixture
async def wang(customers: Customers, system: Actor) -> CustomerView:
    return await customers.register(system, msgspec.structs.replace(WANG, contact_points=(EMAIL,)))


@pytest.fixture
async def double(customers: Customers, system: Actor) -> CustomerView:
    new = person("13900000001", "王晓敏", PHONE, EMAIL, level=Level.GOLD, tags=("宽带",))
    return await customers.register(system, new)


def wanted(survivor: CustomerView, absorbed: CustomerView, **more: object) -> MergeWanted:
    base = MergeWanted(absorbed_id=absorbed.id, version=survivor.version, absorbed_version=absorbed.version)
    return msgspec.structs.replace(base, **more)


def consent(purpose: ConsentPurpose, *, given: bool) -> NewConsent:
    return NewConsent(purpose=purpose, given=given, basis=ConsentBasis.CONSENT, how=ConsentWay.CALL, proof="电话里说的")


async def test_what_was_ones_is_the_others(
    customers: Customers, tenant: TenantView, wang: CustomerView, double: CustomerView, me: Actor, identity: Identity
) -> None:
    await customers.write_note(me, double.id, "换过手机")
    record = await customers.merge(me, wang.id, wanted(wang, double))

    one = record.customer
    assert one.id == wang.id
    assert {line.msisdn_masked for line in one.subscriptions} == {"138****6021", "139****0001"}
    assert len(one.billing_accounts) == 2
    assert (one.level, one.since, one.tags) == (Level.GOLD, date(2011, 1, 2), ["老客户", "宽带"])
    assert one.version > max(wang.version, double.version)
    points = [(point.kind, point.preferred) for point in record.contact_points]
    assert points == [(ContactKind.PHONE, False), (ContactKind.EMAIL, True)]
    assert [note.text for note in record.notes] == ["换过手机"]
    line = await customers.line(tenant.id, "13900000001")
    assert line is not None
    assert line.customer_id == wang.id
    assert (await identity.verify_audit(tenant.id)).entries > 0


async def test_the_old_id_leads_to_who_is_left(
    customers: Customers, tenant: TenantView, wang: CustomerView, double: CustomerView, me: Actor
) -> None:
    await customers.merge(me, wang.id, wanted(wang, double))

    assert (await customers.customer(tenant.id, double.id)).id == wang.id
    shown = await customers.views(tenant.id, [double.id, wang.id])
    assert shown[double.id] == shown[wang.id]
    record = (await customers.write_note(me, double.id, "用旧编号写的")).record
    assert (record.customer.id, record.notes[0].text) == (wang.id, "用旧编号写的")
    await customers.record_consent(me, double.id, consent(ConsentPurpose.MARKETING, given=True))
    assert await customers.agreed(tenant.id, wang.id, ConsentPurpose.MARKETING)
    assert await customers.reveal(me, double.id, "name") == "王小敏"
    with pytest.raises(Conflict, match="customer-changed"):
        await customers.add_contact_point(
            me, double.id, double.version, NewContactPoint(kind=ContactKind.EMAIL, value="b@example.com")
        )
    listed = await customers.latest(tenant.id, after=None, limit=10)
    assert [item.customer.id for item in listed.items] == [wang.id]


async def test_one_is_found_by_either_name_and_every_number_once(
    customers: Customers, tenant: TenantView, wang: CustomerView, double: CustomerView, me: Actor
) -> None:
    await customers.merge(me, wang.id, wanted(wang, double, name_of=MergeSource.ABSORBED))

    assert await customers.reveal(me, wang.id, "name") == "王晓敏"
    for query in ("王小敏", "王晓敏", "wangxm", "13812346021", "0001"):
        found = await customers.find(tenant.id, query, limit=10)
        assert [item.customer.id for item in found.items] == [wang.id], query
    assert await customers.catch_up() == 0


async def test_a_chain_leads_to_its_end(
    customers: Customers, system: Actor, tenant: TenantView, wang: CustomerView, double: CustomerView, me: Actor
) -> None:
    third = await customers.register(system, person("13900000002", "小敏"))
    first = (await customers.merge(me, double.id, wanted(double, third))).customer
    last = (await customers.merge(me, wang.id, wanted(wang, first))).customer

    assert {one.id for one in (await customers.views(tenant.id, [third.id, double.id])).values()} == {wang.id}
    assert len(last.subscriptions) == 3
    for query in ("小敏", "王晓敏", "13900000002"):
        assert [hit.customer.id for hit in (await customers.find(tenant.id, query, limit=9)).items] == [wang.id]
    with pytest.raises(Conflict, match="merge-already-done"):
        await customers.merge(me, third.id, wanted(third, wang))
    with pytest.raises(Conflict, match="merge-already-done"):
        await customers.merge_preview(me, wang.id, third.id)


async def test_of_merges_at_once_one_happens(
    customers: Customers, system: Actor, tenant: TenantView, wang: CustomerView, double: CustomerView, me: Actor
) -> None:
    third = await customers.register(system, person("13900000002"))
    done = await asyncio.gather(
        customers.merge(me, wang.id, wanted(wang, double)),
        customers.merge(me, double.id, wanted(double, wang)),
        customers.merge(me, third.id, wanted(third, double)),
        return_exceptions=True,
    )

    assert sum(not isinstance(one, BaseException) for one in done) == 1
    assert all(isinstance(one, DomainError) for one in done if isinstance(one, BaseException)), done
    listed = [item.customer for item in (await customers.latest(tenant.id, after=None, limit=9)).items]
    assert len(listed) == 2
    assert sum(len(one.subscriptions) for one in listed) == 3


@pytest.mark.parametrize(("first", "second"), [(True, False), (False, True)])
@pytest.mark.parametrize("newer_is_survivor", [True, False])
async def test_the_stricter_word_counts(
    customers: Customers,
    tenant: TenantView,
    wang: CustomerView,
    double: CustomerView,
    me: Actor,
    *,
    first: bool,
    second: bool,
    newer_is_survivor: bool,
) -> None:
    older, newer = (double, wang) if newer_is_survivor else (wang, double)
    await customers.record_consent(me, older.id, consent(ConsentPurpose.MARKETING, given=first))
    await customers.record_consent(me, newer.id, consent(ConsentPurpose.MARKETING, given=second))
    await customers.record_consent(me, double.id, consent(ConsentPurpose.RESEARCH, given=True))
    seen = await customers.merge_preview(me, wang.id, double.id)
    record = await customers.merge(me, wang.id, wanted(wang, double))

    assert seen.withdrawn == [ConsentPurpose.MARKETING]
    assert seen.consents == {ConsentPurpose.MARKETING: False, ConsentPurpose.RESEARCH: True}
    assert not await customers.agreed(tenant.id, wang.id, ConsentPurpose.MARKETING)
    assert await customers.agreed(tenant.id, wang.id, ConsentPurpose.RESEARCH)
    written = [one for one in record.consents if one.how is ConsentWay.MERGE]
    assert len(written) == int(second), "a refusal that is the latest word anyway is not written twice"


class Broken:
    """A module that keeps something and fails."""

    async def count(self, reading: Reading, customer_id: UUID) -> Mapping[str, int]:
        return {}

    async def take_over(self, tx: Transaction, absorbed: UUID, survivor: UUID) -> None:
        raise RuntimeError("the disk is full")


async def test_a_module_that_fails_leaves_both_as_they_were(
    customers: Customers, tenant: TenantView, wang: CustomerView, double: CustomerView, me: Actor, identity: Identity
) -> None:
    before = (await identity.verify_audit(tenant.id)).entries
    customers.add_keeper(Broken())
    with pytest.raises(RuntimeError):
        await customers.merge(me, wang.id, wanted(wang, double))

    assert await customers.views(tenant.id, [wang.id, double.id]) == {wang.id: wang, double.id: double}
    assert [one.customer.id for one in (await customers.find(tenant.id, "王晓敏", limit=9)).items] == [double.id]
    assert (await identity.verify_audit(tenant.id)).entries == before


async def test_what_comes_in_under_the_old_id_is_moved_later(
    customers: Customers, database: Database, wang: CustomerView, double: CustomerView, me: Actor, clock: FakeClock
) -> None:
    await customers.merge(me, wang.id, wanted(wang, double))
    note = await _late_note(database, double, me)
    await customers.settle_merge(me.tenant_id, double.id)
    await customers.settle_merge(me.tenant_id, double.id)
    await customers.settle_merge(me.tenant_id, wang.id)

    assert [one.id for one in (await customers.open_record(me, wang.id)).notes] == [note]


async def _late_note(database: Database, under: CustomerView, me: Actor) -> UUID:
    note_id = uuid4()
    async with database.transaction(me.tenant_id) as tx:
        assert me.id is not None
        await notes.add_note(tx, under.id, note_id, me.id, "同时写的", None)
    return note_id


async def test_what_is_no_merge_is_refused(
    customers: Customers, identity: Identity, system: Actor, wang: CustomerView, double: CustomerView, me: Actor
) -> None:
    firm = await customers.register(system, person("13900000003", "示例贸易", kind=PartyKind.ORGANISATION))
    other = await identity.found_tenant(NewTenant(code="other", name="别处"))
    foreign = await customers.register(system_actor(other.id), person("13900000004"))
    refused = {
        "merge-with-itself": wanted(wang, wang),
        "merge-kinds-differ": wanted(wang, firm),
        "customer-not-found": wanted(wang, foreign),
        "customer-changed": wanted(wang, double, absorbed_version=double.version + 1),
        "language-not-usable": wanted(wang, double, language="Chinesisch"),
    }
    for code, one in refused.items():
        with pytest.raises((Conflict, Invalid, NotFound), match=code):
            await customers.merge(me, wang.id, one)
    with pytest.raises(NotFound):
        await customers.merge_preview(me, foreign.id, wang.id)

    assert await customers.views(me.tenant_id, [wang.id, double.id]) == {wang.id: wang, double.id: double}


async def test_duplicates_are_found_and_said_why(
    customers: Customers, system: Actor, tenant: TenantView, wang: CustomerView, double: CustomerView
) -> None:
    namesake = await customers.register(system, person("13900000005", "王小敏"))
    shouted = msgspec.structs.replace(EMAIL, value="Wang@Example.COM")
    twin = await customers.register(system, person("13900000006", "王小敏", shouted))
    await customers.register(system, person("13900000007", "李雷"))
    found = await customers.duplicates(tenant.id, wang.id)

    assert not found.more
    assert [(one.customer.id, one.likeness, one.reasons) for one in found.items] == [
        (twin.id, Likeness.HIGH, [LikenessReason.SAME_EMAIL, LikenessReason.SAME_NAME]),
        (double.id, Likeness.MEDIUM, [LikenessReason.SAME_NUMBER, LikenessReason.SAME_EMAIL]),
        (namesake.id, Likeness.LOW, [LikenessReason.SAME_NAME]),
    ]
    pairs = await customers.duplicate_pairs(tenant.id)
    wanted = [(double.id, twin.id), (wang.id, twin.id), (wang.id, double.id)]
    assert ([(pair.one.id, pair.other.id) for pair in pairs.items], pairs.next) == (wanted, None)
    likely = await customers.duplicate_pairs(tenant.id, likeness=Likeness.HIGH)
    assert [(pair.one.id, pair.other.id) for pair in likely.items] == [(wang.id, twin.id)]


async def test_pairs_have_pages_that_miss_none_and_show_none_twice(
    customers: Customers, system: Actor, tenant: TenantView, wang: CustomerView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than are compared at a time, of all three kinds: by points of both, by a line of the newer, of the older."""
    landline = NewContactPoint(kind=ContactKind.PHONE, value="01066667777")
    family = [await customers.register(system, person(f"1390000001{n}", f"李{n}", landline)) for n in range(4)]
    line = NewContactPoint(kind=ContactKind.PHONE, value="13812346021")
    await customers.register(system, person("13900000020", "张三", line))
    later = NewContactPoint(kind=ContactKind.PHONE, value="13900000031")
    await customers.register(system, person("13900000030", "周舟", later))
    await customers.register(system, person("13900000031", "周周"))
    everybody = await customers.duplicate_pairs(tenant.id, limit=200)
    whole = [(pair.one.id, pair.other.id) for pair in everybody.items]
    assert len(set(whole)) == len(whole) == 6 + 2
    assert whole == sorted(whole, key=lambda pair: (pair[1], pair[0]), reverse=True)

    monkeypatch.setattr(pairs_service, "LOOKED_AT", 3)
    seen, after = [], None
    while True:
        page = await customers.duplicate_pairs(tenant.id, after=after, limit=2)
        seen += [(pair.one.id, pair.other.id) for pair in page.items]
        after = page.next
        if after is None:
            break
    assert seen == whole
    monkeypatch.setattr(pairs_service, "LOOKS", 1)
    none = await customers.duplicate_pairs(tenant.id, likeness=Likeness.HIGH)
    assert (none.items, none.next) == ([], f"{whole[2][1]}.{whole[2][0]}"), "the page ended before the pairs did"
    for broken in ("x", f"{family[0].id}", f"{family[0].id}.x", "."):
        with pytest.raises(Invalid, match="position-unknown"):
            await customers.duplicate_pairs(tenant.id, after=broken)


async def test_who_has_many_namesakes_is_told_that_there_are_more(
    customers: Customers, system: Actor, tenant: TenantView, wang: CustomerView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairs_service, "MOST_SHOWN", 2)
    for n in range(2):
        await customers.register(system, person(f"1390000004{n}", "王小敏"))
    found = await customers.duplicates(tenant.id, wang.id)
    assert (len(found.items), found.more) == (2, True)
