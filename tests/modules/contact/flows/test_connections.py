"""Connections to business systems: kept sealed, shown to nobody, and what lets customers through is audited."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from careline.kernel.errors import PermanentFailure, TransientFailure
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.contact.flows import wiring
from careline.modules.contact.flows.ports import AnswerUnusable, Reply, TookTooLong
from tests.modules.contact.flows.conftest import Systems
from tests.modules.contact.flows.test_checking import without_what_nobody_reaches
from tests.modules.contact.flows.test_steps import call, flow
from tests.support.contacts import Contacts
from tests.support.office import Doors, Office, code_of
from tests.support.waiting import until

SECRET = "k3y-of-billing"
BILLING = {"code": "billing", "name": "计费", "url": "https://bss.example.com/v1", "header": "X-Key", "secret": SECRET}


@pytest.fixture
async def doors(office: Office, flows: wiring.FlowsModule) -> AsyncIterator[Doors]:
    async with office.doors(flows.router()) as doors:
        yield doors


@pytest.fixture
async def keeper(office: Office) -> Actor:
    return await office.staff("flow:read", "flow:manage", "flow:connect")


async def test_a_secret_goes_in_and_never_comes_out(doors: Doors, keeper: Actor, office: Office) -> None:
    made = await doors.post(keeper, "/flow-connections", BILLING)
    assert made.status_code == 201
    listed = await doors.get(keeper, "/flow-connections")
    assert listed.json()["items"] == [made.json()]
    assert made.json()["has_secret"] is True
    assert SECRET not in made.text + listed.text
    async with office.database.reading(keeper.tenant_id) as reading:
        rows = (await reading.execute(text("select * from flow_connection"))).all()
        log = (await reading.execute(text("select * from event_log"))).all()
        entries = await office.identity.export_audit(reading, 0)
    assert len(rows) == 1
    assert SECRET not in repr([rows, log, entries])


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"url": "https://evil.example.com/"}, "connection-host-not-allowed", "url"),
        ({"url": "https://bss.example.com/v1?key=1"}, "connection-url-not-usable", "url"),
        ({"url": "https://bss.example.com/v1/../admin"}, "connection-url-not-usable", "url"),
        ({"url": "ftp://bss.example.com"}, "connection-url-not-usable", "url"),
        ({"header": "X Key"}, "connection-header-not-usable", "header"),
        ({"header": "Host"}, "connection-header-not-usable", "header"),
        ({"secret": "a\nb"}, "connection-secret-not-usable", "secret"),
        ({"code": "Bill ing"}, "code-not-usable", "code"),
        ({"name": "\x00"}, "text-not-printable", "name"),
    ],
)
async def test_what_cannot_be_used_is_refused(
    doors: Doors, keeper: Actor, wrong: dict[str, str], code: str, field: str
) -> None:
    refused = await doors.post(keeper, "/flow-connections", {**BILLING, **wrong})
    assert (refused.status_code, code_of(refused), refused.json()["field"]) == (422, code, field)
    assert (await doors.get(keeper, "/flow-connections")).json()["items"] == []


async def test_changes_need_the_version_that_was_looked_at_and_a_new_place_its_secret(
    doors: Doors, keeper: Actor, office: Office
) -> None:
    await doors.post(keeper, "/flow-connections", BILLING)
    again = await doors.post(keeper, "/flow-connections", BILLING)
    assert (again.status_code, code_of(again)) == (409, "connection-code-taken")
    same = {"name": "新计费", "url": "https://bss.example.com/v2", "header": "X-Key", "version": 1, "let_through": True}
    changed = await doors.put(keeper, "/flow-connections/billing", same)
    assert (changed.json()["version"], changed.json()["has_secret"], changed.json()["let_through"]) == (2, True, True)
    late = await doors.put(keeper, "/flow-connections/billing", same)
    assert (late.status_code, code_of(late)) == (409, "settings-changed")
    elsewhere = {**same, "version": 2, "url": "https://bss.example.com.test/"}
    led_away = await doors.put(keeper, "/flow-connections/billing", elsewhere)
    assert (led_away.status_code, code_of(led_away)) == (422, "connection-secret-needed")
    none = await doors.put(keeper, "/flow-connections/billing", {**same, "version": 2, "secret": ""})
    assert none.json()["has_secret"] is False
    gone = await doors.delete(keeper, "/flow-connections/billing?version=3")
    assert gone.status_code == 204
    assert (await doors.put(keeper, "/flow-connections/billing", same)).status_code == 404
    assert [action for action in await office.audited(keeper.tenant_id) if action.startswith("flow.conn")] == [
        "flow.connection-made",
        "flow.connection-changed",
        "flow.connection-changed",
        "flow.connection-removed",
    ]


async def test_who_writes_flows_does_not_say_where_they_lead(doors: Doors, office: Office, keeper: Actor) -> None:
    await doors.post(keeper, "/flow-connections", BILLING)
    writer = await office.staff("flow:read", "flow:manage")
    stranger = await office.staff("flow:read", "flow:connect", tenant=office.other)
    change = {**{name: one for name, one in BILLING.items() if name != "code"}, "version": 1}
    assert (await doors.put(writer, "/flow-connections/billing", change)).status_code == 403
    assert (await doors.delete(writer, "/flow-connections/billing?version=1")).status_code == 403
    assert (await doors.put(stranger, "/flow-connections/billing", change)).status_code == 404
    assert (await doors.get(stranger, "/flow-connections")).json()["items"] == []
    assert (await doors.get(writer, "/flow-connections")).json()["items"][0]["version"] == 1


@pytest.mark.parametrize(
    ("answer", "let_through", "way"),
    [
        (Reply(status=200, content={}), False, "good"),
        (Reply(status=404, content=None), True, "bad"),
        (Reply(status=503, content=None), False, "bad"),
        (Reply(status=503, content=None), True, "good"),
        (TransientFailure("unreachable"), True, "good"),
        (TookTooLong("late"), False, "worse"),
        (TookTooLong("late"), True, "good"),
        (AnswerUnusable("html"), True, "good"),
        (PermanentFailure("not on the list"), True, "bad"),
    ],
)
async def test_a_chat_asks_a_business_system_and_goes_its_way(
    doors: Doors,
    keeper: Actor,
    contacts: Contacts,
    flows: wiring.FlowsModule,
    systems: Systems,
    answer: Any,
    let_through: bool,
    way: str,
) -> None:
    await doors.post(keeper, "/flow-connections", {**BILLING, "let_through": let_through})
    systems.answers = [answer]
    definition = flow(ask=call(path="/check", body={"channel": "{here}"}, method="POST"))
    definition["steps"]["begin"] = {"kind": "set", "values": {"here": "{customer.known}"}, "next": "ask"}
    del definition["steps"]["other"]
    definition["start"] = "begin"
    actor = system_actor(keeper.tenant_id)
    await flows.facade.create(actor, "chat", "聊天", definition, entry_channel="webchat")
    await flows.facade.publish(actor, "chat")
    guest = await contacts.visitor()
    await contacts.opened(guest)
    await until(lambda: not flows.facade.running())
    said = (await contacts.doors.get(guest, "/visitor/messages?after=0")).json()["items"]
    assert [item["text"] for item in said if item["author"] == "bot"] == [way]
    (asked,) = systems.asked
    assert (asked.url, asked.headers) == ("https://bss.example.com/v1/check", {"X-Key": SECRET})
    assert asked.body is not None
    audited = await contacts.office.audited(keeper.tenant_id)
    passed = let_through and way == "good"
    assert ("flow.let-through" in audited) is passed


async def test_a_secret_that_cannot_be_opened_lets_nobody_through(
    doors: Doors, keeper: Actor, contacts: Contacts, flows: wiring.FlowsModule, systems: Systems
) -> None:
    await doors.post(keeper, "/flow-connections", {**BILLING, "let_through": True})
    async with contacts.database.transaction(keeper.tenant_id) as tx:
        await tx.execute(text("update flow_connection set sealed_secret = 'v1.broken'"))
    definition = flow(ask=call(path="/check"))
    actor = system_actor(keeper.tenant_id)
    await flows.facade.create(actor, "chat", "聊天", without_what_nobody_reaches(definition), entry_channel="webchat")
    await flows.facade.publish(actor, "chat")
    guest = await contacts.visitor()
    await contacts.opened(guest)
    await until(lambda: not flows.facade.running())
    said = (await contacts.doors.get(guest, "/visitor/messages?after=0")).json()["items"]
    assert [item["text"] for item in said if item["author"] == "bot"] == ["bad"]
    assert systems.asked == []
    assert "flow.let-through" not in await contacts.office.audited(keeper.tenant_id)
