"""Visitors: tokens, what they claim, and how fast they may go."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from careline.infra.database.transaction import Reading
from careline.infra.realtime.connection import Principal
from careline.kernel.errors import NotSignedIn, TooMany
from careline.modules.contact.conversations import wiring
from careline.modules.contact.conversations.models import VisitorRow
from careline.modules.contact.conversations.repository import visitors as repository
from careline.modules.contact.conversations.services import visitors
from careline.modules.contact.conversations.services.pace import Pace
from careline.modules.contact.conversations.views import EndedBy
from careline.modules.directory.customers.views import Assurance
from careline.modules.directory.identity.views import NewTenant
from tests.support.clock import FakeClock
from tests.support.contacts import Contacts
from tests.support.office import Office, code_of

ENTER = {"tenant": "demo", "name": None, "msisdn": None, "locale": "zh-CN"}


async def test_the_token_is_the_way_back_and_is_not_kept(contacts: Contacts) -> None:
    entered = (await contacts.doors.post(None, "/visitor", ENTER)).json()
    assert entered["conversation_id"] is None
    known = await contacts.conversations.visitor_of(entered["token"])
    assert (str(known.id), known.tenant_id) == (entered["visitor_id"], contacts.office.tenant.id)
    async with contacts.database.reading(known.tenant_id) as reading:
        rows = (
            await reading.execute(select(VisitorRow.__table__).where(VisitorRow.tenant_id == known.tenant_id))
        ).all()
    assert entered["token"] not in str(rows)
    for wrong in ("", entered["token"][:-1], entered["token"] + "x", "令牌", "\ud800", "x" * 5000):
        with pytest.raises(NotSignedIn):
            await contacts.conversations.visitor_of(wrong)


async def test_a_page_is_headed_with_its_own_centre(contacts: Contacts) -> None:
    async def service(tenant: str) -> tuple[int, dict[str, object]]:
        answer = await contacts.doors.get(None, "/visitor/service", tenant=tenant)
        return answer.status_code, answer.json()

    await contacts.office.identity.found_tenant(NewTenant(code="west", name="客服西部中心", time_zone="Asia/Urumqi"))
    zone = contacts.office.tenant.time_zone
    assert await service("demo") == (200, {"name": "客服一中心", "hotline": "10086", "time_zone": zone})
    assert await service("west") == (200, {"name": "客服西部中心", "hotline": None, "time_zone": "Asia/Urumqi"})
    async with contacts.database.transaction(contacts.office.tenant.id) as tx:
        await contacts.calls.facade.add_number(tx, "1008611", "hotline")
    status, demo = await service("demo")
    assert (status, demo["hotline"]) == (200, None), "none of two is the one"
    status, problem = await service("nobody")
    assert (status, problem["code"]) == (404, "tenant-not-found")


async def test_a_token_ends(contacts: Contacts) -> None:
    token = (await contacts.doors.post(None, "/visitor", ENTER)).json()["token"]
    contacts.clock.advance(days=6)
    assert await contacts.conversations.visitor_of(token)
    contacts.clock.advance(days=2)
    with pytest.raises(NotSignedIn):
        await contacts.conversations.visitor_of(token)


async def names(contacts: Contacts) -> set[str | None]:
    """What is stored of whom."""
    tenant_id = contacts.office.tenant.id
    async with contacts.database.reading(tenant_id) as reading:
        found = await reading.execute(select(VisitorRow.name).where(VisitorRow.tenant_id == tenant_id))
    return set(found.scalars().all())


async def test_who_cannot_come_back_is_forgotten(contacts: Contacts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "REMOVED_AT_ONCE", 2)
    agent = await contacts.agent()
    for name in ("只看一眼", "看了两眼", "看了三眼"):
        await contacts.visitor(name=name)
    ended = await contacts.chat(agent, await contacts.visitor(name="问完了", msisdn="13911112222"))
    await contacts.doors.post(agent, f"/interactions/{ended.id}/end", None)
    await contacts.settled()
    await contacts.wraps_up(agent, ended)
    going_on = await contacts.chat(agent, await contacts.visitor(name="还在聊"))
    contacts.clock.advance(days=6)
    later = await contacts.visitor(name="刚来")
    await contacts.jobs.run_due()
    assert len(await names(contacts)) == 6
    contacts.clock.advance(days=1)
    await contacts.jobs.run_due()

    assert await names(contacts) == {"还在聊", "刚来"}
    assert (await contacts.says(later, "您好")).status_code == 201
    history = await contacts.doors.get(agent, f"/conversations/{ended.conversation_id}/messages")
    assert history.json()["items"], "what was said stays"
    await contacts.doors.post(agent, f"/interactions/{going_on.id}/end", None)
    contacts.clock.advance(minutes=10)
    await contacts.jobs.run_due()
    assert await names(contacts) == {"刚来"}


async def test_a_claimed_number_shows_whom_to_expect_and_stays_a_claim(contacts: Contacts) -> None:
    customer = await contacts.office.customer(name="王小敏")
    number = await contacts.office.customers.reveal(
        await contacts.office.staff("customer:reveal"), customer.id, "msisdn", customer.subscriptions[0].id
    )
    agent = await contacts.agent()
    interaction = await contacts.chat(agent, await contacts.visitor(name="小王", msisdn=number))
    assert (interaction.assurance, interaction.customer_id) == (Assurance.CLAIMED, customer.id)
    item = (await contacts.doors.get(agent, "/inbox")).json()["mine"][0]
    assert item["customer"]["name_masked"] == "王*敏"
    assert number not in str(item)
    unknown = await contacts.opened(await contacts.visitor(msisdn="13911112222"))
    assert (unknown.assurance, unknown.customer_id) == (Assurance.CLAIMED, None)


REFUSED: list[tuple[dict[str, str], int, str]] = [
    ({"tenant": "nowhere"}, 404, "tenant-not-found"),
    ({"msisdn": "drop table"}, 422, "number-not-a-number"),
    ({"locale": "../etc"}, 422, "locale-unknown"),
    ({"name": "王\x00"}, 422, "text-holds-nul"),
    ({"name": "长" * 41}, 422, "text-too-long"),
]


async def test_what_a_visitor_may_not_say_of_itself(contacts: Contacts) -> None:
    for change, status, code in REFUSED:
        refused = await contacts.doors.post(None, "/visitor", {**ENTER, **change})
        assert (refused.status_code, code_of(refused)) == (status, code)


async def test_visitors_who_flood_are_slowed(office: Office, tmp_path: Path) -> None:
    limits = wiring.Limits(entering_burst=3, entering_per_second=1, speaking_burst=4, speaking_per_second=1)
    contacts = Contacts(office, tmp_path, limits)
    await contacts.start()
    async with office.doors(contacts.module.router()) as doors:
        contacts.doors = doors
        guest, other = await contacts.visitor(), await contacts.visitor()
        assert [(await contacts.says(guest, str(number))).status_code for number in range(5)] == [201] * 4 + [429]
        slowed = await contacts.says(guest, "又")
        assert (code_of(slowed), slowed.headers["Retry-After"]) == ("too-many-messages", "1")
        assert (await contacts.says(other, "我慢慢说")).status_code == 201
        contacts.clock.advance(1)
        assert (await contacts.says(guest, "又")).status_code == 201
        entering = [(await doors.post(None, "/visitor", ENTER)).status_code for _ in range(4)]
        assert entering == [201, 201, 429, 429], "one was left, one had come back"
    await contacts.stop()


async def test_one_host_has_one_pace_however_many_addresses_it_has(office: Office, tmp_path: Path) -> None:
    contacts = Contacts(office, tmp_path, wiring.Limits(entering_burst=2))
    await contacts.start()
    entered = []
    for address in ("2001:db8::1", "2001:db8::2", "2001:db8::ffff:3", "2001:db8:0:1::1", "192.0.2.1"):
        async with office.doors(contacts.module.router(), address=address) as doors:
            entered.append((await doors.post(None, "/visitor", ENTER)).status_code)
    await contacts.stop()
    assert entered == [201, 201, 429, 201, 201]


def test_a_pace_forgets_who_was_silent_for_longest(clock: FakeClock) -> None:
    pace = Pace(clock, burst=1, per_second=0.5, code="too-many")
    pace.check("a")
    with pytest.raises(TooMany) as refused:
        pace.check("a")
    assert refused.value.retry_after == 2
    clock.advance(2)
    pace.check("a")
    for other in range(60_000):
        pace.check(other)
    pace.check("a")


async def test_who_leaves_the_device_is_nobody_there_any_more(contacts: Contacts) -> None:
    agent = await contacts.agent()
    entered = (await contacts.doors.post(None, "/visitor", {**ENTER, "name": "用完就走"})).json()
    guest, other = await contacts.conversations.visitor_of(entered["token"]), await contacts.visitor()
    chat = await contacts.chat(agent, guest)
    lines = [
        contacts.hub.connect(Principal(actor=one.actor, expires_at=contacts.clock.now())) for one in (guest, other)
    ]
    assert (await contacts.doors.post(guest, "/visitor/leave", None)).status_code == 204
    with pytest.raises(NotSignedIn):
        await contacts.conversations.visitor_of(entered["token"])
    assert [line is not None and line.is_open for line in lines] == [False, True]
    await contacts.settled()
    assert (await contacts.interaction(chat.id)).ended_by is EndedBy.CUSTOMER
    said = (await contacts.doors.get(agent, f"/conversations/{chat.conversation_id}/messages")).json()["items"]
    assert (said[0]["text"], said[-1]["code"]) == ("宽带断了", "customer-left"), "what was said stays with the centre"

    await contacts.wraps_up(agent, chat)
    contacts.clock.advance(minutes=10)
    await contacts.jobs.run_due()
    assert await names(contacts) == {"李辉"}, "and what they said of themselves goes soon"


async def test_a_token_that_is_looked_up_while_its_visitor_leaves_is_not_remembered(
    contacts: Contacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = (await contacts.doors.post(None, "/visitor", ENTER)).json()["token"]
    guest = await contacts.conversations.visitor_of(token)
    read, stored = asyncio.Event(), asyncio.Event()
    real = repository.by_token

    async def late(reading: Reading, hashed: str) -> repository.VisitorRecord | None:
        found = await real(reading, hashed)
        read.set()
        await stored.wait()
        return found

    contacts.conversations._visitors._by_token.clear()
    monkeypatch.setattr(repository, "by_token", late)
    looking = asyncio.create_task(contacts.conversations.visitor_of(token))
    await read.wait()
    assert (await contacts.doors.post(guest, "/visitor/leave", None)).status_code == 204
    stored.set()
    for asked in (looking, contacts.conversations.visitor_of(token)):
        with pytest.raises(NotSignedIn):
            await asked
