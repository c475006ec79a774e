"""The record of a customer on both databases: changed by who saw its present version, never silently."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict, DomainError, Invalid
from careline.kernel.tenancy import Actor, ActorKind, system_actor
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.rules import CONTACT_POINTS_MAX, NOTE_OPEN_FOR
from careline.modules.directory.customers.services import record as record_service
from careline.modules.directory.customers.views import (
    ConsentBasis,
    ConsentPurpose,
    ConsentWay,
    ContactKind,
    ContactUse,
    CustomerChange,
    CustomerView,
    Level,
    NewConsent,
    NewContactPoint,
)
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.views import TenantView, UserView
from tests.modules.directory.customers.test_customers import WANG
from tests.support.clock import FakeClock

SECRETS = ("王小敏", "王晓敏", "13812346021", "wang@example.com", "示例路 100 号", "赵小宝", "爱人代办", "同意接收")


@pytest.fixture
async def wang(customers: Customers, system: Actor) -> CustomerView:
    return await customers.register(system, WANG)


@pytest.fixture
def me(tenant: TenantView, agent: UserView) -> Actor:
    return Actor(tenant_id=tenant.id, kind=ActorKind.USER, id=agent.id, permissions=frozenset({"customer:reveal"}))


def consent(
    purpose: ConsentPurpose = ConsentPurpose.MARKETING,
    basis: ConsentBasis = ConsentBasis.CONSENT,
    *,
    given: bool = True,
    proof: str = "同意接收优惠短信",
) -> NewConsent:
    return NewConsent(purpose=purpose, given=given, basis=basis, how=ConsentWay.CALL, proof=proof, proof_version="v3")


async def actions(identity: Identity, tenant: TenantView, database: Database) -> list[str]:
    async with database.reading(tenant.id) as reading:
        return [one.action for one in await identity.export_audit(reading, 0) if one.action.startswith("customer.")]


async def test_level_language_and_tags_are_changed_together(
    customers: Customers, wang: CustomerView, me: Actor, identity: Identity, tenant: TenantView, database: Database
) -> None:
    await customers.add_tag(me, "投诉敏感")
    change = CustomerChange(level=Level.DIAMOND, language="ug", tags=("投诉敏感", "老客户", "投诉敏感"))
    record = await customers.change(me, wang.id, wang.version, change)

    assert (record.customer.level, record.customer.language) == (Level.DIAMOND, "ug")
    assert record.customer.tags == ["投诉敏感", "老客户"]
    assert record.customer.version == wang.version + 1
    assert (await actions(identity, tenant, database))[-1] == "customer.changed"


async def test_who_saw_an_older_version_changes_nothing(
    customers: Customers, wang: CustomerView, me: Actor, tenant: TenantView
) -> None:
    record = await customers.change(me, wang.id, wang.version, CustomerChange(level=Level.GOLD))
    now = record.customer
    point = NewContactPoint(kind=ContactKind.EMAIL, value="wang@example.com")
    line = wang.subscriptions[0].id
    for late in (
        customers.change(me, wang.id, wang.version, CustomerChange(level=Level.SILVER)),
        customers.add_contact_point(me, wang.id, wang.version, point),
        customers.remove_contact_point(me, wang.id, wang.version, uuid4()),
        customers.add_line_user(me, wang.id, wang.version, line, "赵小宝"),
        customers.remove_line_user(me, wang.id, wang.version, line, uuid4()),
    ):
        with pytest.raises(Conflict, match="customer-changed") as refusal:
            await late
        assert refusal.value.params["version"] == now.version

    assert await customers.customer(tenant.id, wang.id) == now


async def test_of_many_who_change_at_once_one_does(customers: Customers, wang: CustomerView, me: Actor) -> None:
    tries = [customers.change(me, wang.id, wang.version, CustomerChange(level=level)) for level in list(Level) * 2]
    results = await asyncio.gather(*tries, return_exceptions=True)

    assert sum(not isinstance(result, Conflict) for result in results) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (CustomerChange(), "nothing-to-change"),
        (CustomerChange(name=" "), "text-empty"),
        (CustomerChange(name="王\x00"), "text-not-printable"),
        (CustomerChange(language="<script>"), "language-not-usable"),
        (CustomerChange(tags=("没有这个词",)), "tag-unknown"),
        (CustomerChange(tags=tuple(f"词{n}" for n in range(21))), "too-many-tags"),
    ],
)
async def test_changes_that_are_refused_change_nothing(
    customers: Customers, wang: CustomerView, me: Actor, tenant: TenantView, change: CustomerChange, code: str
) -> None:
    with pytest.raises(DomainError, match=code):
        await customers.change(me, wang.id, wang.version, change)

    assert await customers.customer(tenant.id, wang.id) == wang


async def test_a_retired_tag_is_kept_and_given_to_nobody_else(
    customers: Customers, wang: CustomerView, me: Actor, system: Actor, tenant: TenantView
) -> None:
    tag = await customers.add_tag(me, "投诉敏感")
    record = await customers.change(me, wang.id, 1, CustomerChange(tags=("投诉敏感",)))
    await customers.retire_tag(me, tag.id, retired=True)
    record = await customers.change(me, wang.id, record.customer.version, CustomerChange(tags=("投诉敏感",)))
    assert record.customer.tags == ["投诉敏感"]
    record = await customers.change(me, wang.id, record.customer.version, CustomerChange(tags=()))
    with pytest.raises(Invalid, match="tag-unknown"):
        await customers.change(me, wang.id, record.customer.version, CustomerChange(tags=("投诉敏感",)))
    await customers.retire_tag(me, tag.id, retired=False)
    await customers.change(me, wang.id, record.customer.version, CustomerChange(tags=("投诉敏感",)))

    with pytest.raises(Conflict, match="tag-taken"):
        await customers.add_tag(me, " 投诉敏感 ")
    with pytest.raises(DomainError, match="tag-not-found"):
        await customers.retire_tag(me, uuid4(), retired=True)
    assert [one.name for one in await customers.tags(tenant.id)] == ["投诉敏感"]


async def test_contact_points_are_masked_and_one_of_a_kind_is_preferred(
    customers: Customers, wang: CustomerView, me: Actor
) -> None:
    version = wang.version
    for kind, value in (
        (ContactKind.EMAIL, "old@example.com"),
        (ContactKind.EMAIL, "wang@example.com"),
        (ContactKind.PHONE, "020-8765 4321"),
        (ContactKind.ADDRESS, "广东省广州市天河区示例路 100 号"),
    ):
        new = NewContactPoint(kind=kind, value=value, use=ContactUse.WORK, preferred=True)
        record = await customers.add_contact_point(me, wang.id, version, new)
        version = record.customer.version

    shown = [(point.kind, point.value_masked, point.preferred) for point in record.contact_points]
    assert shown == [
        (ContactKind.PHONE, "020****4321", True),
        (ContactKind.EMAIL, "w***@example.com", True),
        (ContactKind.EMAIL, "o***@example.com", False),
        (ContactKind.ADDRESS, "广东省广州市******", True),
    ]
    mail = record.contact_points[1].id
    assert await customers.reveal(me, wang.id, "contact_point", contact_point_id=mail) == "wang@example.com"


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        (ContactKind.PHONE, "no number", "number-not-usable"),
        (ContactKind.EMAIL, "wang@", "email-not-usable"),
        (ContactKind.EMAIL, "a@b.c\r\nBcc: x@y.z", "text-not-printable"),
        (ContactKind.EMAIL, "x" * 300 + "@example.com", "text-too-long"),
        (ContactKind.ADDRESS, "", "text-empty"),
    ],
)
async def test_contact_points_that_are_refused(
    customers: Customers, wang: CustomerView, me: Actor, tenant: TenantView, kind: ContactKind, value: str, code: str
) -> None:
    with pytest.raises(Invalid, match=code) as refusal:
        await customers.add_contact_point(me, wang.id, 1, NewContactPoint(kind=kind, value=value))

    assert refusal.value.field == "value"
    assert (await customers.customer(tenant.id, wang.id)).version == 1


async def test_contact_points_are_bounded(customers: Customers, wang: CustomerView, me: Actor) -> None:
    for index in range(CONTACT_POINTS_MAX):
        new = NewContactPoint(kind=ContactKind.EMAIL, value=f"w{index}@example.com")
        await customers.add_contact_point(me, wang.id, index + 1, new)
    with pytest.raises(Invalid, match="too-many-contact-points"):
        await customers.add_contact_point(me, wang.id, CONTACT_POINTS_MAX + 1, new)


async def test_a_note_is_its_authors_for_a_while_and_never_changed_silently(
    customers: Customers, wang: CustomerView, me: Actor, system: Actor, clock: FakeClock, tenant: TenantView
) -> None:
    (note,) = (await customers.write_note(me, wang.id, "爱人代办，周末再联系")).record.notes
    assert (note.author_name, note.changed_at, note.earlier) == ("陈晓岚", None, [])

    other = Actor(tenant_id=tenant.id, kind=ActorKind.USER, id=uuid4())
    with pytest.raises(DomainError, match="note-not-yours"):
        await customers.rewrite_note(other, wang.id, note.id, 1, "改掉")
    clock.advance(60)
    (changed,) = (await customers.rewrite_note(me, wang.id, note.id, 1, "爱人代办，周一再联系")).notes
    assert [one.text for one in changed.earlier] == ["爱人代办，周末再联系"]
    assert changed.changed_at == note.created_at + timedelta(seconds=60)
    with pytest.raises(Conflict, match="note-changed"):
        await customers.rewrite_note(me, wang.id, note.id, 1, "旧的")
    clock.advance(NOTE_OPEN_FOR.total_seconds())
    with pytest.raises(Conflict, match="note-closed"):
        await customers.rewrite_note(me, wang.id, note.id, 2, "太晚")

    assert (await customers.open_record(me, wang.id)).notes == [changed]


@pytest.mark.parametrize("said", ["", " \n ", "x" * 2001, "a\x00b"])
async def test_notes_that_are_not_written(customers: Customers, wang: CustomerView, me: Actor, said: str) -> None:
    with pytest.raises(Invalid):
        await customers.write_note(me, wang.id, said)

    assert (await customers.open_record(me, wang.id)).notes == []


async def test_the_last_word_on_a_purpose_counts(
    customers: Customers, wang: CustomerView, me: Actor, tenant: TenantView
) -> None:
    marketing = ConsentPurpose.MARKETING
    assert not await customers.agreed(tenant.id, wang.id, marketing)
    await customers.record_consent(me, wang.id, consent())
    assert await customers.agreed(tenant.id, wang.id, marketing)
    assert not await customers.agreed(tenant.id, wang.id, ConsentPurpose.LOCATION)
    record = (await customers.record_consent(me, wang.id, consent(given=False, proof=""))).record
    assert not await customers.agreed(tenant.id, wang.id, marketing)

    assert [(one.given, one.recorded_by) for one in record.consents] == [(False, "陈晓岚")]
    assert record.consent_count == 2
    said = await customers.consents(me, wang.id, after=None, limit=50)
    assert [(one.given, one.proof, one.recorded_by) for one in said.items] == [
        (False, "", "陈晓岚"),
        (True, "同意接收优惠短信", "陈晓岚"),
    ]


async def test_what_was_written_and_said_has_pages_and_an_old_word_still_counts(
    customers: Customers,
    wang: CustomerView,
    me: Actor,
    tenant: TenantView,
    identity: Identity,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(record_service, "NOTES_FIRST", 2)
    for n in range(5):
        await customers.write_note(me, wang.id, f"第{n}条")
    await customers.record_consent(me, wang.id, consent(purpose=ConsentPurpose.RESEARCH))
    for _ in range(3):
        await customers.record_consent(me, wang.id, consent())
    record = await customers.open_record(me, wang.id)
    assert ([note.text for note in record.notes], record.note_count) == (["第4条", "第3条"], 5)
    assert {one.purpose for one in record.consents} == {ConsentPurpose.MARKETING, ConsentPurpose.RESEARCH}
    assert record.consent_count == 4

    notes = await customers.notes(me, wang.id, after=record.notes_next, limit=2)
    rest = await customers.notes(me, wang.id, after=notes.next, limit=2)
    assert [note.text for note in notes.items + rest.items] == ["第2条", "第1条", "第0条"]
    assert rest.next is None
    first = await customers.consents(me, wang.id, after=None, limit=3)
    last = await customers.consents(me, wang.id, after=first.next, limit=3)
    assert [one.purpose for one in last.items] == [ConsentPurpose.RESEARCH]
    assert last.next is None
    opened = [one for one in await actions(identity, tenant, database) if one == "customer.record-opened"]
    assert len(opened) == 5, "each look at what was written or said leaves a trace"


@pytest.mark.parametrize("purpose", list(ConsentPurpose))
async def test_sensitive_purposes_need_a_basis_of_their_own(
    customers: Customers, wang: CustomerView, me: Actor, tenant: TenantView, purpose: ConsentPurpose
) -> None:
    sensitive = purpose in (ConsentPurpose.LOCATION, ConsentPurpose.HEALTH, ConsentPurpose.VOICE)
    allowed = {ConsentBasis.CONSENT, ConsentBasis.SEPARATE}
    if sensitive:
        allowed = {ConsentBasis.SEPARATE, ConsentBasis.GUARDIAN, ConsentBasis.EMERGENCY}
    elif purpose is ConsentPurpose.UNDER_14:
        allowed = {ConsentBasis.GUARDIAN, ConsentBasis.EMERGENCY}
    for basis in set(ConsentBasis) - allowed:
        with pytest.raises(Invalid, match="consent-basis-not-enough"):
            await customers.record_consent(me, wang.id, consent(purpose, basis))
    assert not await customers.agreed(tenant.id, wang.id, purpose)
    with pytest.raises(Invalid, match="text-empty"):
        await customers.record_consent(me, wang.id, consent(purpose, min(allowed), proof=" "))
    assert not await customers.agreed(tenant.id, wang.id, purpose)

    for basis in allowed:
        await customers.record_consent(me, wang.id, consent(purpose, basis))
    assert await customers.agreed(tenant.id, wang.id, purpose)


async def test_another_tenants_record_does_not_exist(
    customers: Customers, wang: CustomerView, other_tenant: TenantView, tenant: TenantView, me: Actor
) -> None:
    before = await customers.open_record(me, wang.id)
    foreign = Actor(tenant_id=other_tenant.id, kind=ActorKind.USER, id=uuid4())
    line = wang.subscriptions[0].id
    for wanted in (
        customers.open_record(foreign, wang.id),
        customers.change(foreign, wang.id, 1, CustomerChange(level=Level.GOLD)),
        customers.add_contact_point(
            foreign, wang.id, 1, NewContactPoint(kind=ContactKind.EMAIL, value="a@example.com")
        ),
        customers.add_line_user(foreign, wang.id, 1, line, "谁"),
        customers.write_note(foreign, wang.id, "看看"),
        customers.record_consent(foreign, wang.id, consent()),
    ):
        with pytest.raises(DomainError, match="customer-not-found"):
            await wanted

    assert await customers.open_record(me, wang.id) == before


async def test_personal_values_stand_in_their_tables_only(
    customers: Customers, wang: CustomerView, me: Actor, database: Database, identity: Identity, tenant: TenantView
) -> None:
    record = await customers.change(me, wang.id, 1, CustomerChange(name="王晓敏"))
    new = NewContactPoint(kind=ContactKind.EMAIL, value="wang@example.com")
    record = await customers.add_contact_point(me, wang.id, record.customer.version, new)
    line: UUID = wang.subscriptions[0].id
    record = await customers.add_line_user(me, wang.id, record.customer.version, line, "赵小宝")
    await customers.write_note(me, wang.id, "爱人代办")
    await customers.record_consent(me, wang.id, consent())
    await customers.reveal(me, wang.id, "line_user", party_id=record.line_users[0].party_id)
    await customers.open_record(me, wang.id)
    async with database.system_reading() as reading:
        told = str((await reading.execute(text("SELECT * FROM audit_entry"))).all())
        told += str((await reading.execute(text("SELECT * FROM event_log"))).all())

    assert [secret for secret in SECRETS if secret in told] == []
    assert (await actions(identity, tenant, database))[-6:] == [
        "customer.contact-point-added",
        "customer.line-user-added",
        "customer.note-written",
        "customer.consent-given",
        "customer.revealed",
        "customer.record-opened",
    ]


async def test_the_users_of_a_line_come_and_go(
    customers: Customers, wang: CustomerView, me: Actor, system: Actor, database: Database
) -> None:
    line = wang.subscriptions[0].id
    record = await customers.add_line_user(me, wang.id, 1, line, "赵小宝")
    (user,) = record.line_users
    assert (user.name_masked, user.subscription_id) == ("赵*宝", line)
    assert await customers.reveal(me, wang.id, "line_user", party_id=user.party_id) == "赵小宝"
    with pytest.raises(DomainError, match="subscription-not-found"):
        await customers.add_line_user(system_actor(me.tenant_id), wang.id, 2, uuid4(), "谁")
    record = await customers.remove_line_user(me, wang.id, 2, line, user.party_id)
    assert record.line_users == []
    async with database.system_reading() as reading:
        assert "赵小宝" not in str((await reading.execute(text("SELECT * FROM party"))).all())
