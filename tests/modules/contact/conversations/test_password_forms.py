"""Asking a customer for a service password: what is typed, what it proves, and who sees none of it."""

import asyncio
import logging
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from careline.infra.http import Visitor
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.contact.conversations.events import AssuranceRaised, PasswordFormChanged
from careline.modules.contact.conversations.views import InteractionView
from careline.modules.core.routing.views import Media
from careline.modules.directory.customers.views import Assurance, CustomerView, Proof
from tests.support.contacts import Contacts
from tests.support.office import code_of

RIGHT, WRONG, NEXT = "738629", "381642", "846072"


@pytest.fixture
async def agent(contacts: Contacts) -> Actor:
    return await contacts.agent("customer:password")


@pytest.fixture
async def wang(contacts: Contacts) -> CustomerView:
    wang = await contacts.office.customer()
    await provide(contacts, wang)
    return wang


@pytest.fixture
async def guest(contacts: Contacts, wang: CustomerView) -> Visitor:
    return await contacts.visitor(msisdn=await number_of(contacts, wang))


@pytest.fixture
async def chat(contacts: Contacts, agent: Actor, guest: Visitor) -> InteractionView:
    return await contacts.chat(agent, guest)


async def number_of(contacts: Contacts, customer: CustomerView) -> str:
    reader = await contacts.office.staff("customer:reveal")
    return await contacts.office.customers.reveal(reader, customer.id, "msisdn", customer.subscriptions[0].id)


async def provide(contacts: Contacts, customer: CustomerView, password: str = RIGHT) -> None:
    system = system_actor(contacts.office.tenant.id)
    await contacts.office.customers.service_passwords.provide(system, customer.subscriptions[0].id, password)


def base(chat: InteractionView) -> str:
    return f"/interactions/{chat.id}/assurance"


async def ask(contacts: Contacts, agent: Actor, chat: InteractionView, line: object, path: str = "") -> httpx.Response:
    return await contacts.doors.post(agent, f"{base(chat)}/password{path}", {"subscription_id": str(line)})


async def asked(contacts: Contacts, agent: Actor, chat: InteractionView, wang: CustomerView) -> str:
    answer = await ask(contacts, agent, chat, wang.subscriptions[0].id)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def types(contacts: Contacts, guest: Visitor, form: str, password: str, purpose: str = "enter") -> httpx.Response:
    body = {"purpose": purpose, "password": password}
    return await contacts.doors.post(guest, f"/visitor/password-forms/{form}", body)


async def notices(contacts: Contacts, guest: Visitor) -> list[tuple[str, dict[str, Any]]]:
    said = (await contacts.doors.get(guest, "/visitor/messages")).json()["items"]
    return [(one["code"], one["params"]) for one in said if (one["code"] or "").startswith("password-")]


async def level(contacts: Contacts, chat: InteractionView) -> Assurance:
    return (await contacts.interaction(chat.id)).assurance


async def prove(contacts: Contacts, agent: Actor, chat: InteractionView, wang: CustomerView) -> None:
    """A code to the line and right answers."""
    line = {"subscription_id": str(wang.subscriptions[0].id)}
    await contacts.doors.post(agent, f"{base(chat)}/code", line)
    code = contacts.office.codes.sent[-1][1]
    assert (await contacts.doors.post(agent, f"{base(chat)}/code/try", {"code": code})).json()["passed"]
    answers = {"answers": {"plan": "129", "since": "2019"}}
    assert (await contacts.doors.post(agent, f"{base(chat)}/answers", answers)).json()["passed"]


async def everything(contacts: Contacts) -> str:
    """Whatever is stored, as text."""
    tables = ("event_log", "audit_entry", "message", "password_form", "assurance_proof", "service_password", "job")
    found = ""
    async with contacts.database.system_reading() as reading:
        for table in (*tables, "password_wait"):
            found += str((await reading.execute(text(f"SELECT * FROM {table}"))).all())
    return found


async def test_the_right_password_raises_the_contact_and_nobody_sees_it(
    contacts: Contacts,
    agent: Actor,
    chat: InteractionView,
    guest: Visitor,
    wang: CustomerView,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    before = (await contacts.doors.get(agent, base(chat))).json()
    line = wang.subscriptions[0]
    assert [one["id"] for one in before["password_lines"]] == [str(line.id)]
    assert (before["new_password_lines"], before["password_form"]) == ([], None)
    form = await asked(contacts, agent, chat, wang)
    ((code, told),) = await notices(contacts, guest)
    assert (code, told["form"], told["purpose"], told["number"]) == (
        "password-asked-for",
        form,
        "enter",
        line.msisdn_masked,
    )
    open_form = (await contacts.doors.get(agent, base(chat))).json()["password_form"]
    assert (open_form["id"], open_form["tries_left"]) == (form, 3)

    wrong = await types(contacts, guest, form, WRONG)
    assert wrong.json() == {"done": False, "tries_left": 2}
    assert await level(contacts, chat) is Assurance.CLAIMED
    right = await types(contacts, guest, form, f" {RIGHT[:3]} {RIGHT[3:]}")
    assert right.json() == {"done": True, "tries_left": 0}

    assert await level(contacts, chat) is Assurance.SERVICE_PASSWORD
    now = (await contacts.doors.get(agent, base(chat))).json()
    assert [(one["proof"], one["passed"], one["asked_by"]) for one in now["proofs"]] == [
        ("service_password", False, "陈晓岚"),
        ("service_password", True, "陈晓岚"),
    ]
    assert now["password_form"] is None
    assert [code for code, _ in await notices(contacts, guest)] == ["password-asked-for", "password-right"]
    log = [one.event for one in await contacts.office.log()]
    (raised,) = [event for event in log if isinstance(event, AssuranceRaised)]
    assert (raised.proof, raised.assurance) == (Proof.SERVICE_PASSWORD, Assurance.SERVICE_PASSWORD)
    assert [event.open for event in log if isinstance(event, PasswordFormChanged)] == [True, True, False]
    audit = await contacts.office.audited(contacts.office.tenant.id)
    assert audit[-3:] == ["service-password.asked-to-enter", "assurance.failed", "assurance.tried"]
    told_anywhere = caplog.text + await everything(contacts)
    assert RIGHT not in told_anywhere
    assert WRONG not in told_anywhere
    assert "argon2" not in told_anywhere
    assert code_of(await types(contacts, guest, form, RIGHT)) == "password-form-over"


async def test_the_screens_of_both_sides_hear_of_it(
    contacts: Contacts, agent: Actor, chat: InteractionView, guest: Visitor, wang: CustomerView
) -> None:
    heard: list[tuple[str, str, object]] = []
    publish = contacts.hub.publish

    def listen(tenant_id: Any, topic: str, name: str, data: Any, at: Any, **more: Any) -> None:
        heard.append((topic, name, data))
        publish(tenant_id, topic, name, data, at, **more)

    contacts.hub.publish = listen  # type: ignore[method-assign]
    form = await asked(contacts, agent, chat, wang)
    await types(contacts, guest, form, WRONG)
    await types(contacts, guest, form, RIGHT)
    await contacts.settled()
    desk = [data for topic, name, data in heard if (topic, name) == (f"agent:{agent.id}", "inbox.changed")]
    assert desk.count({"interaction_id": chat.id}) == 3
    assert [name for topic, name, _ in heard if topic == f"conversation:{chat.conversation_id}"] == [
        "message.stored",
        "message.stored",
    ]


async def test_a_form_ends_after_three_wrong_ones_also_when_they_come_at_once(
    contacts: Contacts, agent: Actor, chat: InteractionView, guest: Visitor, wang: CustomerView
) -> None:
    form = await asked(contacts, agent, chat, wang)
    answers = await asyncio.gather(*(types(contacts, guest, form, WRONG) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [409] * 3
    assert code_of(await types(contacts, guest, form, RIGHT)) == "password-form-over"
    assert [code for code, _ in await notices(contacts, guest)][-1] == "password-wrong"
    assert await level(contacts, chat) is Assurance.CLAIMED


async def test_who_fails_waits_and_the_owner_elsewhere_hardly(
    contacts: Contacts, agent: Actor, chat: InteractionView, guest: Visitor, wang: CustomerView
) -> None:
    for _ in range(3):
        await types(contacts, guest, await asked(contacts, agent, chat, wang), WRONG)
    form = await asked(contacts, agent, chat, wang)
    waits = await types(contacts, guest, form, RIGHT)
    assert (waits.status_code, code_of(waits)) == (429, "too-many-password-tries")
    assert float(waits.headers["retry-after"]) <= 4
    assert (await contacts.doors.get(agent, base(chat))).json()["password_form"]["tries_left"] == 3

    other = await contacts.agent("customer:password", name="何芳")
    owner = await contacts.visitor(msisdn=await number_of(contacts, wang))
    await contacts.doors.post(agent, f"/interactions/{chat.id}/end", None)
    await contacts.settled()
    theirs = await contacts.chat(other, owner)
    form = await asked(contacts, other, theirs, wang)
    assert (await types(contacts, owner, form, RIGHT)).json()["done"] is True
    assert await level(contacts, theirs) is Assurance.SERVICE_PASSWORD


async def test_an_agent_who_guesses_with_many_customers_waits(
    contacts: Contacts, agent: Actor, chat: InteractionView, guest: Visitor, wang: CustomerView
) -> None:
    for _ in range(10):
        form = await asked(contacts, agent, chat, wang)
        while (answer := await types(contacts, guest, form, WRONG)).status_code == 429:
            contacts.clock.advance(30)
        assert answer.status_code == 200, answer.text
    contacts.clock.advance(minutes=1)
    form = await asked(contacts, agent, chat, wang)
    assert code_of(await types(contacts, guest, form, RIGHT)) == "too-many-password-tries"
    contacts.clock.advance(days=1)
    await contacts.office.customers.forget_codes()
    async with contacts.database.system_reading() as reading:
        for table in ("password_wait", "password_form"):
            left = await reading.execute(text(f"SELECT count(*) FROM {table}"))
            assert left.scalar_one() == (0 if table == "password_wait" else 1)


async def test_a_form_is_over_after_five_minutes_and_when_it_is_taken_back(
    contacts: Contacts, agent: Actor, chat: InteractionView, guest: Visitor, wang: CustomerView
) -> None:
    form = await asked(contacts, agent, chat, wang)
    contacts.clock.advance(minutes=5)
    assert code_of(await types(contacts, guest, form, RIGHT)) == "password-form-over"
    first = await asked(contacts, agent, chat, wang)
    second = await asked(contacts, agent, chat, wang)
    assert code_of(await types(contacts, guest, first, RIGHT)) == "password-form-over"
    gone = await contacts.doors.delete(agent, f"{base(chat)}/password/{second}")
    assert gone.status_code == 204
    assert code_of(await types(contacts, guest, second, RIGHT)) == "password-form-over"
    assert code_of(await contacts.doors.delete(agent, f"{base(chat)}/password/{second}")) == "password-form-over"
    assert [code for code, _ in await notices(contacts, guest)][-1] == "password-withdrawn"
    assert await level(contacts, chat) is Assurance.CLAIMED


async def test_only_the_customer_of_the_contact_fills_it_in(
    contacts: Contacts, agent: Actor, chat: InteractionView, guest: Visitor, wang: CustomerView
) -> None:
    form = await asked(contacts, agent, chat, wang)
    stranger = await contacts.visitor()
    assert code_of(await types(contacts, stranger, form, RIGHT)) == "contact-over"
    other, ming = await contacts.agent(name="何芳"), await contacts.office.customer(name="李明")
    stranger = await contacts.visitor(msisdn=await number_of(contacts, ming))
    await contacts.chat(other, stranger)
    assert code_of(await types(contacts, stranger, form, RIGHT)) == "password-form-not-found"
    assert code_of(await types(contacts, guest, str(uuid4()), RIGHT)) == "password-form-not-found"
    refused = await contacts.doors.post(agent, f"/visitor/password-forms/{form}", {"purpose": "enter", "password": "1"})
    assert refused.status_code == 401
    assert code_of(await types(contacts, guest, form, RIGHT, "choose")) == "password-form-over"
    await contacts.doors.post(agent, f"/interactions/{chat.id}/end", None)
    await contacts.settled()
    assert code_of(await types(contacts, guest, form, RIGHT)) == "contact-over"
    assert await level(contacts, chat) is Assurance.CLAIMED


async def test_only_who_talks_with_them_may_ask(
    contacts: Contacts, agent: Actor, chat: InteractionView, wang: CustomerView
) -> None:
    form = await asked(contacts, agent, chat, wang)
    line = wang.subscriptions[0].id
    other = await contacts.agent("customer:password", name="何芳")
    for path in ("", "/new"):
        assert code_of(await ask(contacts, other, chat, line, path)) == "contact-not-yours"
    assert code_of(await contacts.doors.delete(other, f"{base(chat)}/password/{form}")) == "contact-not-yours"
    plain = Actor(tenant_id=agent.tenant_id, kind=agent.kind, id=agent.id, permissions=frozenset({"desk:use"}))
    assert code_of(await ask(contacts, plain, chat, line, "/new")) == "permission-missing"
    stranger = await contacts.office.customer(name="李明")
    foreign = await contacts.office.customer(tenant=contacts.office.other)
    for one in (stranger.subscriptions[0].id, foreign.subscriptions[0].id, uuid4()):
        assert code_of(await ask(contacts, agent, chat, one)) == "subscription-not-found"
    await contacts.office.customers.service_passwords.remove(agent, wang.id, line)
    assert code_of(await ask(contacts, agent, chat, line)) == "service-password-not-set"
    assert (await contacts.doors.get(agent, base(chat))).json()["password_lines"] == []


async def test_a_password_is_chosen_after_two_other_checks(
    contacts: Contacts, agent: Actor, chat: InteractionView, guest: Visitor, wang: CustomerView
) -> None:
    line = wang.subscriptions[0].id
    assert code_of(await ask(contacts, agent, chat, line, "/new")) == "service-password-needs-checks"
    await contacts.doors.post(agent, f"{base(chat)}/answers", {"answers": {"plan": "129", "since": "2019"}})
    assert code_of(await ask(contacts, agent, chat, line, "/new")) == "service-password-needs-checks"
    await prove(contacts, agent, chat, wang)
    shown = (await contacts.doors.get(agent, base(chat))).json()
    assert [one["id"] for one in shown["new_password_lines"]] == [str(line)]
    answer = await ask(contacts, agent, chat, line, "/new")
    form = answer.json()["id"]
    number = await number_of(contacts, wang)
    for weak, code in (
        ("123456", "service-password-too-simple"),
        ("900515", "service-password-is-date"),
        (number[-6:], "service-password-in-number"),
        ("12345", "service-password-not-digits"),
    ):
        refused = await types(contacts, guest, form, weak, "choose")
        assert (refused.status_code, code_of(refused), refused.json()["field"]) == (422, code, "password")
    assert (await types(contacts, guest, form, NEXT, "choose")).json()["done"] is True
    assert await level(contacts, chat) is Assurance.ONE_TIME_CODE
    assert code_of(await types(contacts, guest, form, NEXT, "choose")) == "password-form-over"
    assert [code for code, _ in await notices(contacts, guest)][-1] == "password-set"

    form = await asked(contacts, agent, chat, wang)
    assert (await types(contacts, guest, form, RIGHT)).json() == {"done": False, "tries_left": 2}
    assert (await types(contacts, guest, form, NEXT)).json()["done"] is True
    assert NEXT not in await everything(contacts)
    audit = await contacts.office.audited(contacts.office.tenant.id)
    assert [one for one in audit if one.startswith("service-password")] == [
        "service-password.set",
        "service-password.asked-to-choose",
        "service-password.set",
        "service-password.asked-to-enter",
    ]


async def test_a_code_to_another_line_is_no_check_of_this_one(
    contacts: Contacts, agent: Actor, guest: Visitor, wang: CustomerView
) -> None:
    chat = await contacts.chat(agent, guest)
    await prove(contacts, agent, chat, wang)
    other = await contacts.office.customer(name="李明")
    assert code_of(await ask(contacts, agent, chat, other.subscriptions[0].id, "/new")) == "subscription-not-found"


async def test_in_a_call_there_is_no_form_yet(contacts: Contacts, agent: Actor, wang: CustomerView) -> None:
    phone = await contacts.phone_of(agent)
    _, call = await contacts.call(await number_of(contacts, wang))
    await contacts.asks_for_a_person(call, Media.VOICE)
    await phone.rings()
    await phone.answer()
    await contacts.settled()
    refused = await ask(contacts, agent, call, wang.subscriptions[0].id)
    assert code_of(refused) == "no-secure-form-here"
    assert (await contacts.doors.get(agent, base(call))).json()["password_lines"] == []


@pytest.mark.parametrize("body", [{}, {"purpose": "enter"}, {"purpose": "peek", "password": "738629"}, {"password": 1}])
async def test_what_was_typed_comes_back_in_no_refusal(
    contacts: Contacts, guest: Visitor, chat: InteractionView, body: dict[str, Any]
) -> None:
    answer = await contacts.doors.post(guest, f"/visitor/password-forms/{uuid4()}", body)
    assert answer.status_code == 422
    assert "738629" not in answer.text
    too_long = await types(contacts, guest, str(uuid4()), "738629" * 20)
    assert too_long.status_code == 422
    assert "738629" not in too_long.text
