"""Being sure who speaks, from the desk: what is tried, what it proves, what is written down."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from careline.kernel.errors import PermanentFailure, TransientFailure
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.events import AssuranceRaised
from careline.modules.contact.conversations.views import InteractionView
from careline.modules.directory.customers.views import Assurance, CustomerView, Proof
from tests.support.contacts import Contacts
from tests.support.office import code_of

WRONG = "x"


@pytest.fixture
async def agent(contacts: Contacts) -> Actor:
    return await contacts.agent()


@pytest.fixture
async def wang(contacts: Contacts) -> CustomerView:
    return await contacts.office.customer()


@pytest.fixture
async def chat(contacts: Contacts, agent: Actor, wang: CustomerView) -> InteractionView:
    """A visitor who claims to be Wang talks with the agent."""
    number = await contacts.office.customers.reveal(
        await contacts.office.staff("customer:reveal"), wang.id, "msisdn", wang.subscriptions[0].id
    )
    return await contacts.chat(agent, await contacts.visitor(msisdn=number))


async def send(contacts: Contacts, agent: Actor, chat: InteractionView, wang: CustomerView) -> str:
    answer = await contacts.doors.post(
        agent, f"/interactions/{chat.id}/assurance/code", {"subscription_id": str(wang.subscriptions[0].id)}
    )
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"expires_at", "msisdn_masked", "delivered"}
    return contacts.office.codes.sent[-1][1]


async def level(contacts: Contacts, chat: InteractionView) -> Assurance:
    return (await contacts.interaction(chat.id)).assurance


async def raised(contacts: Contacts) -> list[AssuranceRaised]:
    return [one.event for one in await contacts.office.log() if isinstance(one.event, AssuranceRaised)]


async def test_a_code_that_is_read_out_raises_the_contact(
    contacts: Contacts, agent: Actor, chat: InteractionView, wang: CustomerView
) -> None:
    base = f"/interactions/{chat.id}/assurance"
    before = (await contacts.doors.get(agent, base)).json()
    assert (before["level"], before["proofs"]) == ("claimed", [])
    code = await send(contacts, agent, chat, wang)
    wrong = await contacts.doors.post(agent, f"{base}/code/try", {"code": WRONG})
    assert wrong.json() == {"passed": False, "level": "claimed", "tries_left": 2}
    right = await contacts.doors.post(agent, f"{base}/code/try", {"code": f" {code[:3]} {code[3:]}"})
    assert right.json() == {"passed": True, "level": "one_time_code", "tries_left": 0}

    assert await level(contacts, chat) is Assurance.ONE_TIME_CODE
    now = (await contacts.doors.get(agent, base)).json()
    assert [(one["proof"], one["passed"], one["asked_by"]) for one in now["proofs"]] == [
        ("one_time_code", False, "陈晓岚"),
        ("one_time_code", True, "陈晓岚"),
    ]
    (event,) = await raised(contacts)
    assert (event.interaction_id, event.proof) == (chat.id, Proof.ONE_TIME_CODE)
    assert str(event.proof_id) == now["proofs"][1]["id"]
    audit = await contacts.office.audited(contacts.office.tenant.id)
    assert audit[-3:] == ["assurance.code-sent", "assurance.failed", "assurance.tried"]


async def test_a_code_serves_once_and_not_for_long(
    contacts: Contacts, agent: Actor, chat: InteractionView, wang: CustomerView
) -> None:
    path = f"/interactions/{chat.id}/assurance/code/try"
    assert code_of(await contacts.doors.post(agent, path, {"code": "123456"})) == "no-code-open"
    first = await send(contacts, agent, chat, wang)
    second = await send(contacts, agent, chat, wang)
    if first != second:
        assert (await contacts.doors.post(agent, path, {"code": first})).json()["passed"] is False
    assert (await contacts.doors.post(agent, path, {"code": second})).json()["passed"] is True
    assert code_of(await contacts.doors.post(agent, path, {"code": second})) == "no-code-open"

    late = await send(contacts, agent, chat, wang)
    contacts.clock.advance(minutes=5)
    assert code_of(await contacts.doors.post(agent, path, {"code": late})) == "no-code-open"


async def test_guessing_ends_soon(contacts: Contacts, agent: Actor, chat: InteractionView, wang: CustomerView) -> None:
    path = f"/interactions/{chat.id}/assurance/code/try"
    code = await send(contacts, agent, chat, wang)
    tries = [contacts.doors.post(agent, path, {"code": WRONG}) for _ in range(6)]
    answers = await asyncio.gather(*tries)
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [409] * 3
    assert code_of(await contacts.doors.post(agent, path, {"code": code})) == "no-code-open"
    await send(contacts, agent, chat, wang)
    await send(contacts, agent, chat, wang)
    more = await contacts.doors.post(
        agent, f"/interactions/{chat.id}/assurance/code", {"subscription_id": str(wang.subscriptions[0].id)}
    )
    assert (more.status_code, code_of(more)) == (429, "too-many-codes")

    assert len(contacts.office.codes.sent) == 3
    assert await level(contacts, chat) is Assurance.CLAIMED


async def test_a_line_gets_five_codes_an_hour_and_a_text_in_its_owners_language(
    contacts: Contacts, agent: Actor, chat: InteractionView, wang: CustomerView
) -> None:
    for _ in range(5):
        code = await send(contacts, agent, chat, wang)
        contacts.clock.advance(minutes=5)
    line = {"subscription_id": str(wang.subscriptions[0].id)}
    more = await contacts.doors.post(agent, f"/interactions/{chat.id}/assurance/code", line)
    assert (code_of(more), int(more.headers["retry-after"])) == ("too-many-codes", 3600)
    text = contacts.office.codes.texts[-1]
    assert f"【客服一中心】验证码 {code}，5 分钟内有效" in text.text
    assert code not in repr(text)
    assert text.number not in repr(text)
    assert len({one.id for one in contacts.office.codes.texts}) == 5


async def test_answers_that_fit_the_record_raise_the_contact(
    contacts: Contacts, agent: Actor, chat: InteractionView
) -> None:
    base = f"/interactions/{chat.id}/assurance"
    asked = (await contacts.doors.get(agent, base)).json()
    assert (asked["questions"], asked["rounds_left"]) == (["plan", "since"], 2)
    wrong = await contacts.doors.post(agent, f"{base}/answers", {"answers": {"plan": "不是这个套餐", "since": "2019"}})
    assert wrong.json() == {"passed": False, "level": "claimed", "tries_left": 1}
    right = await contacts.doors.post(agent, f"{base}/answers", {"answers": {"plan": "129", "since": "2019 年"}})
    assert right.json() == {"passed": True, "level": "agent_checked", "tries_left": 0}

    (event,) = await raised(contacts)
    assert (event.proof, event.assurance) == (Proof.ANSWERS, Assurance.AGENT_CHECKED)
    async with contacts.database.system_reading() as reading:
        kept = str((await reading.execute(text("SELECT * FROM assurance_proof"))).all())
        kept += str((await reading.execute(text("SELECT * FROM audit_entry"))).all())
    assert "不是这个套餐" not in kept
    assert "plan" in kept


async def test_a_code_proves_more_than_answers_and_answers_take_nothing_from_it(
    contacts: Contacts, agent: Actor, chat: InteractionView, wang: CustomerView
) -> None:
    base = f"/interactions/{chat.id}/assurance"
    answers = {"answers": {"plan": "129", "since": "2019"}}
    assert (await contacts.doors.post(agent, f"{base}/answers", answers)).json()["level"] == "agent_checked"
    code = await send(contacts, agent, chat, wang)
    assert (await contacts.doors.post(agent, f"{base}/code/try", {"code": code})).json()["level"] == "one_time_code"
    assert (await contacts.doors.post(agent, f"{base}/answers", answers)).json()["level"] == "one_time_code"
    assert await level(contacts, chat) is Assurance.ONE_TIME_CODE


async def test_who_fails_twice_is_asked_no_more(contacts: Contacts, agent: Actor, chat: InteractionView) -> None:
    base = f"/interactions/{chat.id}/assurance"
    for _ in range(2):
        await contacts.doors.post(agent, f"{base}/answers", {"answers": {"plan": "1", "since": "1"}})
    again = await contacts.doors.post(agent, f"{base}/answers", {"answers": {"plan": "129", "since": "2019"}})
    assert code_of(again) == "no-questions-left"
    assert (await contacts.doors.get(agent, base)).json()["questions"] == []
    assert await level(contacts, chat) is Assurance.CLAIMED


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"plan": "129"}, "too-few-answers"),
        ({}, "too-few-answers"),
        ({"plan": "129", "email": "a@example.com"}, "question-not-asked"),
    ],
)
async def test_answers_that_are_not_taken(
    contacts: Contacts, agent: Actor, chat: InteractionView, answers: dict[str, str], code: str
) -> None:
    refused = await contacts.doors.post(agent, f"/interactions/{chat.id}/assurance/answers", {"answers": answers})
    assert (refused.status_code, code_of(refused)) == (422, code)
    assert (await contacts.doors.get(agent, f"/interactions/{chat.id}/assurance")).json()["proofs"] == []


async def test_only_who_talks_with_the_customer_may_try(
    contacts: Contacts, agent: Actor, chat: InteractionView, wang: CustomerView
) -> None:
    base = f"/interactions/{chat.id}/assurance"
    code = await send(contacts, agent, chat, wang)
    other, watcher = await contacts.agent(name="何芳"), await contacts.office.staff("desk:use", "floor:view")
    line = {"subscription_id": str(wang.subscriptions[0].id)}
    answers = {"answers": {"plan": "129", "since": "2019"}}
    for who in (other, watcher):
        for path, body in ((f"{base}/code", line), (f"{base}/code/try", {"code": code}), (f"{base}/answers", answers)):
            assert code_of(await contacts.doors.post(who, path, body)) == "contact-not-yours"
    assert code_of(await contacts.doors.get(other, base)) == "contact-not-yours"
    seen = (await contacts.doors.get(watcher, base)).json()
    assert (seen["lines"], seen["questions"], seen["proofs"]) == ([], [], [])

    await contacts.doors.post(agent, f"/interactions/{chat.id}/end", None)
    await contacts.settled()
    for path, body in ((f"{base}/code", line), (f"{base}/code/try", {"code": code}), (f"{base}/answers", answers)):
        assert code_of(await contacts.doors.post(agent, path, body)) == "contact-over"
    assert await level(contacts, chat) is Assurance.CLAIMED
    assert len(contacts.office.codes.sent) == 1


async def test_a_code_goes_to_the_customers_own_lines_only(
    contacts: Contacts, agent: Actor, chat: InteractionView
) -> None:
    other = await contacts.office.customer(name="李明")
    foreign = await contacts.office.customer(tenant=contacts.office.other)
    path = f"/interactions/{chat.id}/assurance/code"
    for line in (other.subscriptions[0].id, foreign.subscriptions[0].id, uuid4()):
        answer = await contacts.doors.post(agent, path, {"subscription_id": str(line)})
        assert code_of(answer) == "subscription-not-found"
    assert contacts.office.codes.sent == []
    unknown = await contacts.doors.post(
        agent, f"/interactions/{uuid4()}/assurance/code", {"subscription_id": str(uuid4())}
    )
    assert code_of(unknown) == "interaction-not-found"


async def test_without_a_way_to_send_there_is_no_code(
    contacts: Contacts, agent: Actor, chat: InteractionView, wang: CustomerView
) -> None:
    base = f"/interactions/{chat.id}/assurance"
    line = {"subscription_id": str(wang.subscriptions[0].id)}
    for fault, code in ((TransientFailure("away"), "code-not-sent"), (PermanentFailure("no"), "code-refused")):
        contacts.office.codes.fault = fault
        assert code_of(await contacts.doors.post(agent, f"{base}/code", line)) == code
        tried = await contacts.doors.post(agent, f"{base}/code/try", {"code": "000000"})
        assert code_of(tried) == "no-code-open", "what was not sent cannot be guessed"
    audit = await contacts.office.audited(contacts.office.tenant.id)
    assert audit[-2:] == ["assurance.code-sent", "assurance.code-not-sent"]
    contacts.office.codes.is_ready = False
    assert code_of(await contacts.doors.post(agent, f"{base}/code", line)) == "codes-not-sendable"
    assert (await contacts.doors.get(agent, base)).json()["lines"] == []


async def test_whom_nobody_knows_proves_nothing(contacts: Contacts, agent: Actor) -> None:
    chat = await contacts.chat(agent, await contacts.visitor())
    base = f"/interactions/{chat.id}/assurance"
    shown = (await contacts.doors.get(agent, base)).json()
    assert (shown["level"], shown["lines"], shown["questions"]) == ("none", [], [])
    refused = await contacts.doors.post(agent, f"{base}/code", {"subscription_id": str(uuid4())})
    assert code_of(refused) == "customer-not-known"


async def test_codes_that_are_over_are_forgotten(
    contacts: Contacts, agent: Actor, chat: InteractionView, wang: CustomerView
) -> None:
    await send(contacts, agent, chat, wang)

    async def kept() -> int:
        async with contacts.database.system_reading() as reading:
            return int((await reading.execute(text("SELECT count(*) FROM one_time_code"))).scalar_one())

    await contacts.office.customers.forget_codes()
    assert await kept() == 1
    contacts.clock.advance(minutes=61)
    await contacts.office.customers.forget_codes()
    assert await kept() == 0


async def test_neither_code_nor_number_is_told(
    contacts: Contacts, agent: Actor, chat: InteractionView, wang: CustomerView
) -> None:
    code = await send(contacts, agent, chat, wang)
    ((number, _),) = contacts.office.codes.sent
    async with contacts.database.system_reading() as reading:
        told = str((await reading.execute(text("SELECT * FROM one_time_code"))).all())
        told += str((await reading.execute(text("SELECT payload FROM event_log"))).all())
        told += str((await reading.execute(text("SELECT params FROM audit_entry"))).all())
    assert number not in told
    assert f"'{code}'" not in told
    assert isinstance(chat.customer_id, UUID)
