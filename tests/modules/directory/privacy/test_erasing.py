"""Erasing somebody: all of them, nobody else, wherever the process dies, and never while something goes on."""

from collections.abc import Sequence

import msgspec
import pytest
from sqlalchemy import select, update

from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId, system_actor
from careline.modules.care.cases.models import CaseRow
from careline.modules.contact.conversations.models import ConversationRow, InteractionRow, MessageRow
from careline.modules.contact.telephony.models import RecordingRow
from careline.modules.directory.identity.views import NewTenant
from careline.modules.directory.privacy.models import DataRequestRow, DataRequestStepRow
from careline.modules.directory.privacy.ports import Custodian
from careline.modules.directory.privacy.views import (
    Erased,
    Person,
    Refusal,
    RequestKind,
    RequestShown,
    RequestState,
    Retention,
    RulesView,
    Why,
)
from tests.modules.directory.privacy.conftest import Centre, Kept

PAPERS = "real_name"


async def asked(centre: Centre, kept: Kept) -> RequestShown:
    return await centre.careline.privacy.facade.ask(centre.asks, RequestKind.ERASURE, kept.customer.id, PAPERS)


async def erased(centre: Centre, kept: Kept, *, work: bool = True) -> RequestShown:
    privacy = centre.careline.privacy.facade
    request = (await asked(centre, kept)).request
    await privacy.approve(centre.decides, request.id, request.version)
    if work:
        await centre.work()
    return await privacy.one(centre.decides, request.id)


async def keep_nothing(centre: Centre) -> None:
    rules = RulesView(due_days=15, recording_days=0, complaint_days=0)
    await centre.careline.privacy.facade.set_rules(centre.decides, rules)


async def test_nothing_of_somebody_is_left_and_all_of_the_other(centre: Centre) -> None:
    await keep_nothing(centre)
    wang = await centre.seed("王小敏", "13812346021", complaint=True)
    other = await centre.seed("李雷", "13900000002")
    before = await centre.everything()
    assert all(word in before for word in (*wang.words, *other.words))

    shown = await erased(centre, wang)

    assert (shown.request.state, shown.request.kept_until) == (RequestState.DONE, None)
    after = await centre.everything()
    assert [word for word in wang.words if word in after] == []
    assert [word for word in other.words if word not in after] == []
    assert not wang.recording.exists()
    assert other.recording.exists()
    store, tenant = centre.careline.storage.store, centre.tenant.id
    assert await store.kept(tenant, before=centre.clock.advance(days=4000)) == other.files
    customers = centre.careline.customers.facade
    for query in ("13812346021", "6021", "王小敏", "wangxm"):
        assert (await customers.find(tenant, query, limit=5)).items == []
    assert await customers.by_msisdn(tenant, "13812346021") is None
    with pytest.raises(NotFound, match="customer-not-found"):
        await customers.customer(tenant, wang.customer.id)
    assert [one.customer.id for one in (await customers.find(tenant, "李雷", limit=5)).items] == [other.customer.id]
    told = {step.custodian: dict(step.counts) for step in shown.steps}
    assert told["conversations"] == {"messages": 2, "files": 1, "notes": 3, "contacts": 2, "visitors": 1}
    assert (told["telephony"], told["surveys"]) == ({"calls": 1, "recordings": 1}, {"ratings": 1})
    assert (told["cases"], told["letterbox"]) == ({"cases": 1}, {"left_messages": 1})


async def test_what_stays_carries_no_person(centre: Centre) -> None:
    """Contacts, scores and the numbers of messages stay for the figures and for those who read on."""
    await keep_nothing(centre)
    wang = await centre.seed("王小敏", "13812346021")
    await erased(centre, wang)
    assert await centre.count(InteractionRow, InteractionRow.id.in_(wang.contacts)) == 2
    async with centre.careline.database.system_reading() as reading:
        said = (await reading.execute(select(MessageRow.seq, MessageRow.text, MessageRow.code))).all()
        assert sorted(map(tuple, said)) == [(1, "", "message-erased"), (2, "", "message-erased")]
        customers = (await reading.execute(select(InteractionRow.customer_id, InteractionRow.number))).all()
    assert [tuple(row) for row in customers] == [(None, None)] * 2


async def test_what_another_said_in_the_same_thread_stays(centre: Centre) -> None:
    wang, other = await centre.seed("王小敏", "13812346021"), await centre.seed("李雷", "13900000002")
    async with centre.careline.database.transaction(centre.tenant.id) as tx:
        await tx.execute(
            update(MessageRow)
            .where(MessageRow.conversation_id == other.conversation, MessageRow.seq == 1)
            .values(seq=9)
        )
        moved = {"conversation_id": wang.conversation}
        await tx.execute(update(MessageRow).where(MessageRow.seq == 9).values(moved))
        await tx.execute(update(InteractionRow).where(InteractionRow.id.in_(other.contacts)).values(moved))
    await erased(centre, wang)
    after = await centre.everything()
    assert "李雷说的话" in after
    assert await centre.count(ConversationRow, ConversationRow.customer_id == wang.customer.id) == 0
    assert await centre.count(InteractionRow, InteractionRow.customer_id == other.customer.id) == 2


async def test_a_second_person_decides(centre: Centre) -> None:
    wang = await centre.seed("王小敏", "13812346021")
    privacy = centre.careline.privacy.facade
    request = (await asked(centre, wang)).request
    await centre.work()
    before = await centre.everything()
    for attempt in (
        privacy.approve(centre.asks, request.id, 1),
        privacy.refuse(centre.asks, request.id, 1, Refusal.WITHDRAWN),
    ):
        with pytest.raises(Forbidden, match="own-data-request"):
            await attempt
    with pytest.raises(Conflict, match="data-request-changed"):
        await privacy.approve(centre.decides, request.id, 7)
    with pytest.raises(Conflict, match="data-request-open"):
        await asked(centre, wang)
    await centre.work()
    assert await centre.everything() == before
    refused = await privacy.refuse(centre.decides, request.id, 1, Refusal.LAW_KEEPS)
    assert (refused.request.state, refused.request.refusal) == (RequestState.REFUSED, Refusal.LAW_KEEPS)
    with pytest.raises(Conflict, match="data-request-changed"):
        await privacy.approve(centre.decides, request.id, 2)
    await centre.work()
    assert "王小敏" in await centre.everything()


async def test_not_while_something_goes_on(centre: Centre) -> None:
    wang = await centre.seed("王小敏", "13812346021")
    privacy = centre.careline.privacy.facade
    request = (await asked(centre, wang)).request
    goes_on: list[tuple[type[CaseRow] | type[InteractionRow], str, str]] = [
        (CaseRow, "open", "open-case"),
        (CaseRow, "resolved", "open-case"),
        (InteractionRow, "talking", "live-contact"),
        (InteractionRow, "after_contact_work", "live-contact"),
    ]
    for table, state, code in goes_on:
        async with centre.careline.database.transaction(centre.tenant.id) as tx:
            await tx.execute(update(table).values(state=state))
        shown = await privacy.one(centre.decides, request.id)
        assert [one.code for one in shown.hindrances if one.blocks] == [code]
        assert [one.code for one in shown.hindrances if not one.blocks] == ["line-in-service"]
        before = await centre.everything()
        with pytest.raises(Conflict, match=f"erasure-hindered-by-{code}"):
            await privacy.approve(centre.decides, request.id, request.version)
        assert await centre.everything() == before
        async with centre.careline.database.transaction(centre.tenant.id) as tx:
            await tx.execute(update(table).values(state="closed"))


async def test_a_contact_that_begins_after_the_approval_is_waited_for(centre: Centre) -> None:
    wang = await centre.seed("王小敏", "13812346021")
    shown = await erased(centre, wang, work=False)
    async with centre.careline.database.transaction(centre.tenant.id) as tx:
        await tx.execute(update(InteractionRow).values(state="flow"))
    await centre.work()
    assert "王小敏说的话" in await centre.everything()
    async with centre.careline.database.transaction(centre.tenant.id) as tx:
        await tx.execute(update(InteractionRow).values(state="closed"))
    centre.clock.advance(minutes=11)
    await centre.work()
    shown = await centre.careline.privacy.facade.one(centre.decides, shown.request.id)
    assert shown.request.state is RequestState.DONE
    assert "王小敏说的话" not in await centre.everything()


class Died(Exception):
    """The process is gone."""


class Dying:
    """Stands before a custodian: its process dies while it erases, or before what it left is discarded."""

    def __init__(self, custodian: Custodian, when: str) -> None:
        self._custodian = custodian
        self._when = when
        self.code = custodian.code
        self.categories = custodian.categories
        self.trace, self.hindrances, self.export = custodian.trace, custodian.hindrances, custodian.export

    async def erase(self, tx: Transaction, person: Person, retention: Retention) -> Erased:
        erased = await self._custodian.erase(tx, person, retention)
        if self._when == "erase":
            raise Died
        return erased

    async def discard(self, tenant_id: TenantId, leftovers: Sequence[str]) -> None:
        if self._when == "discard":
            raise Died
        await self._custodian.discard(tenant_id, leftovers)


@pytest.mark.parametrize(
    ("code", "when"),
    [
        ("surveys", "erase"),
        ("conversations", "erase"),
        ("conversations", "discard"),
        ("telephony", "discard"),
        ("customers", "erase"),
    ],
)
async def test_it_goes_on_wherever_the_process_died(
    centre: Centre, code: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep_nothing(centre)
    wang = await centre.seed("王小敏", "13812346021", complaint=True)
    privacy = centre.careline.privacy.facade
    named = privacy._custodians._named
    with monkeypatch.context() as broken:
        broken.setattr(privacy._custodians, "_named", [Dying(one, when) if one.code == code else one for one in named])
        shown = await erased(centre, wang, work=False)
        with pytest.raises(Died):
            await privacy.work_on_erasure(centre.tenant.id, shown.request.id)
    half = await privacy.one(centre.decides, shown.request.id)
    assert half.request.state is RequestState.RUNNING

    await centre.work()

    done = await privacy.one(centre.decides, shown.request.id)
    assert done.request.state is RequestState.DONE
    after = await centre.everything()
    assert [word for word in wang.words if word in after] == []
    assert not wang.recording.exists()
    store = centre.careline.storage.store
    assert await store.kept(centre.tenant.id, before=centre.clock.advance(days=4000)) == []
    assert len(await privacy._reapplying._listing.all()) == 1


async def test_what_must_be_kept_is_withheld_until_its_day(centre: Centre) -> None:
    rules = RulesView(due_days=15, recording_days=10, complaint_days=30)
    await centre.careline.privacy.facade.set_rules(centre.decides, rules)
    wang = await centre.seed("王小敏", "13812346021", complaint=True)
    shown = await erased(centre, wang)
    kept = {one.why: one.until for step in shown.steps for one in step.kept}
    now = centre.clock.now()
    assert {why: (until - now).days for why, until in kept.items()} == {
        Why.RECORDING_RETENTION: 10,
        Why.COMPLAINT_CLOCK: 30,
    }
    assert shown.request.kept_until == min(kept.values())
    after = await centre.everything()
    assert [word for word in wang.words if word in after] == []
    assert wang.recording.exists()
    assert await centre.count(RecordingRow, RecordingRow.state == "withheld") == 1
    assert await centre.count(CaseRow, CaseRow.text.startswith("aes-256-gcm:")) == 1

    centre.clock.advance(minutes=2)
    await centre.work()
    assert wang.recording.exists()
    centre.clock.advance(days=10)
    await centre.work()
    assert not wang.recording.exists()
    assert await centre.count(RecordingRow) == 0
    assert await centre.count(CaseRow, CaseRow.text.startswith("aes-256-gcm:")) == 1
    centre.clock.advance(days=20)
    await centre.work()
    assert await centre.count(CaseRow, CaseRow.text != "") == 0
    gone = await centre.careline.privacy.facade.one(centre.decides, shown.request.id)
    assert gone.request.kept_until is None


async def test_who_asks_must_be_known(centre: Centre) -> None:
    wang, other = await centre.seed("王小敏", "13812346021"), await centre.seed("李雷", "13900000002")
    privacy = centre.careline.privacy.facade
    chat, call = wang.contacts
    before = await centre.everything()
    refused: list[tuple[str, object]] = [("caller_number", None), ("service_password", None), ("one_time_code", call)]
    for level, contact in [*refused, ("service_password", chat), ("nonsense", chat)]:
        with pytest.raises(Invalid, match="data-request-assurance-low"):
            await privacy.ask(centre.asks, RequestKind.ERASURE, wang.customer.id, level, contact)  # type: ignore[arg-type]
    for contact in (other.contacts[0], new_id()):
        for level in ("one_time_code", PAPERS):
            with pytest.raises(Invalid, match="data-request-other-contact"):
                await privacy.ask(centre.asks, RequestKind.EXPORT, wang.customer.id, level, contact)
    assert await centre.everything() == before
    known = await privacy.ask(centre.asks, RequestKind.ERASURE, wang.customer.id, "one_time_code", chat)
    assert (known.request.due_at - known.request.asked_at).days == 15
    assert known.request.interaction_id == chat
    copy = await privacy.ask(centre.asks, RequestKind.EXPORT, wang.customer.id, "one_time_code")
    assert copy.request.interaction_id == chat
    centre.clock.advance(days=2)
    with pytest.raises(Invalid, match="data-request-assurance-low"):
        await privacy.ask(centre.asks, RequestKind.EXPORT, other.customer.id, "one_time_code")
    for level in ("one_time_code", PAPERS):
        with pytest.raises(Invalid, match="data-request-contact-old"):
            await privacy.ask(centre.asks, RequestKind.EXPORT, other.customer.id, level, other.contacts[0])


async def test_another_tenants_is_nobodys(centre: Centre) -> None:
    wang = await centre.seed("王小敏", "13812346021")
    privacy = centre.careline.privacy.facade
    request = (await asked(centre, wang)).request
    founded = await centre.careline.identity.facade.found_tenant(NewTenant(code="demo2", name="另一家"))
    stranger = system_actor(founded.id)
    before = await centre.everything(centre.tenant.id)
    attempts = (
        lambda: privacy.ask(stranger, RequestKind.ERASURE, wang.customer.id, PAPERS),
        lambda: privacy.one(stranger, request.id),
        lambda: privacy.approve(stranger, request.id, 1),
        lambda: privacy.refuse(stranger, request.id, 1, Refusal.WITHDRAWN),
        lambda: privacy.copy(stranger, request.id),
    )
    for attempt in attempts:
        with pytest.raises(NotFound):
            await attempt()
    await privacy.work_on_erasure(founded.id, request.id)
    assert (await privacy.page(stranger)).items == []
    assert await centre.everything(centre.tenant.id) == before


async def test_two_who_are_one_go_together(centre: Centre) -> None:
    wang, double = await centre.seed("王小敏", "13812346021"), await centre.seed("王晓敏", "13900000002")
    request = (await asked(centre, double)).request
    customers = centre.careline.customers
    async with centre.careline.database.transaction(centre.tenant.id) as tx:
        merging = customers.facade._merging
        await merging._move(tx, double.customer.id, wang.customer.id)
    shown = await centre.careline.privacy.facade.one(centre.decides, request.id)
    assert shown.request.customer_id == wang.customer.id
    await centre.careline.privacy.facade.approve(centre.decides, request.id, request.version)
    await centre.work()
    after = await centre.everything()
    assert [word for word in (*wang.words, *double.words) if word in after] == []


async def test_the_rules_are_not_overwritten_unseen(centre: Centre) -> None:
    privacy = centre.careline.privacy.facade
    await keep_nothing(centre)
    with pytest.raises(Conflict, match="data-request-rules-changed"):
        await keep_nothing(centre)
    for field, value in (("due_days", 0), ("recording_days", -1), ("complaint_days", 99_999)):
        wrong = msgspec.convert({field: value, "version": 1}, RulesView)
        with pytest.raises(Invalid, match="days-out-of-range") as refusal:
            await privacy.set_rules(centre.decides, wrong)
        assert refusal.value.field == field
    assert (await privacy.rules(centre.tenant.id)).version == 1


async def test_requests_hold_no_personal_value(centre: Centre) -> None:
    wang = await centre.seed("王小敏", "13812346021")
    await erased(centre, wang)
    async with centre.careline.database.system_reading() as reading:
        for table in (DataRequestRow, DataRequestStepRow):
            stored = repr((await reading.execute(select(table.__table__))).all())
            assert not any(word in stored for word in wang.words)
    written = (centre.careline.settings.erasures).read_text()
    assert str(wang.customer.id) in written
    assert not any(word in written for word in wang.words)


async def test_a_thing_gone_is_refused_by_name(centre: Centre) -> None:
    with pytest.raises(DomainError, match="data-request-not-found"):
        await centre.careline.privacy.facade.one(centre.asks, new_id())
