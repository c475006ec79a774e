"""One flow on the phone and in a chat: what is asked for is given either way, and keys come early, late and wrong."""

from typing import Any

import pytest
from sqlalchemy import text

from careline.kernel.tenancy import system_actor
from careline.modules.contact.flows import wiring
from careline.modules.contact.flows.ports import Reply
from careline.modules.contact.flows.views import ConnectionChange
from tests.modules.contact.conversations.test_live import Screen
from tests.modules.contact.flows.conftest import Spoken, Systems
from tests.modules.contact.flows.test_steps import collect, flow
from tests.support.contacts import Contacts
from tests.support.waiting import until

ASK, AGAIN = "请输入", "不对"
PIN = "738629"


def asking(**more: Any) -> dict[str, Any]:
    """Asks for six digits and says them, then asks which key to press."""
    return flow(
        ask=collect(**{"min_length": 6, "max_length": 6, "wrong": {"zh-CN": AGAIN}, "next": "told", **more}),
        told={"kind": "say", "text": {"zh-CN": "是{number|digits}"}, "next": "menu"},
        menu={
            "kind": "menu",
            "text": {"zh-CN": "选择"},
            "choices": {"1": "good", "#": "other"},
            "otherwise": "bad",
            "attempts": 1,
        },
    )


async def published(contacts: Contacts, flows: wiring.FlowsModule, definition: dict[str, Any], channel: str) -> None:
    actor = system_actor(contacts.office.tenant.id)
    code = "hotline" if channel == "voice" else "chat"
    await flows.facade.create(actor, code, "流程", definition, entry_channel=None if channel == "voice" else channel)
    await flows.facade.publish(actor, code)


async def test_a_caller_keys_and_a_visitor_types(contacts: Contacts, flows: wiring.FlowsModule) -> None:
    await published(contacts, flows, asking(), "voice")
    await published(contacts, flows, asking(), "webchat")
    caller, _ = await contacts.call("13812346021")
    await until(lambda: caller.heard == [ASK])
    await caller.press("123456")
    await until(lambda: "选择" in caller.heard)
    await caller.press("1")
    await until(lambda: caller.ended)
    assert caller.heard == [ASK, "是一二三四，五六", "选择", "good"]

    guest = await contacts.visitor()
    await contacts.opened(guest)
    await bot_said(contacts, guest, [ASK])
    await contacts.says(guest, "１２３ ４５６")
    await bot_said(contacts, guest, [ASK, "是123456", "选择"])
    await contacts.says(guest, "一")
    await bot_said(contacts, guest, [ASK, "是123456", "选择", "good"])


async def bot_said(contacts: Contacts, guest: Any, texts: list[str]) -> None:
    async def said() -> bool:
        answer = await contacts.doors.get(guest, "/visitor/messages?after=0")
        return [item["text"] for item in answer.json()["items"] if item["author"] == "bot"] == texts

    await until(said, repr(texts))


async def test_what_a_flow_writes_comes_live(contacts: Contacts, flows: wiring.FlowsModule) -> None:
    await published(contacts, flows, asking(), "webchat")
    guest = await contacts.visitor()
    chat = await contacts.opened(guest)
    await bot_said(contacts, guest, [ASK])
    screen = Screen(contacts, guest)
    assert await screen.follow(f"conversation:{chat.conversation_id}")
    await contacts.says(guest, "123456")
    await bot_said(contacts, guest, [ASK, "是123456", "选择"])
    await contacts.settled()
    told = [data["text"] for name, data in screen.events() if name == "message.stored"]
    assert told == ["123456", "是123456", "选择"]


async def test_keys_before_the_question_and_a_terminator_too_many(
    contacts: Contacts, flows: wiring.FlowsModule
) -> None:
    await published(contacts, flows, asking(), "voice")
    contacts.voice.hold_playbacks = True
    caller, _ = await contacts.call("13812346021")
    await until(lambda: caller.heard == [ASK])
    await caller.press("123456#")
    await until(lambda: "是一二三四，五六" in caller.heard)
    contacts.voice.finish_playbacks(caller.leg)
    await until(lambda: "选择" in caller.heard)
    await caller.press("1")
    await until(lambda: caller.heard[-1] == "good")


async def test_a_key_from_before_agrees_to_nothing(contacts: Contacts, flows: wiring.FlowsModule) -> None:
    words = {"zh-CN": "可以录音吗"}
    agreed = {"kind": "consent", "purpose": "voice", "text": words, "recording": True, "timeout_s": 1, "attempts": 1}
    definition = flow(
        ask=collect(min_length=1, max_length=1, next="agree"),
        agree={**agreed, "agreed": "good", "refused": "bad", "otherwise": "other"},
    )
    await published(contacts, flows, definition, "voice")
    caller, _ = await contacts.call("13812346021")
    await until(lambda: caller.heard == [ASK])
    await caller.press("11")
    await until(lambda: caller.ended)
    assert caller.heard == [ASK, "可以录音吗", "other"]


async def test_too_few_keys_with_the_terminator_are_asked_for_again(
    contacts: Contacts, flows: wiring.FlowsModule
) -> None:
    await published(contacts, flows, asking(), "voice")
    caller, _ = await contacts.call("13812346021")
    await until(lambda: caller.heard == [ASK])
    await caller.press("12#")
    await until(lambda: caller.heard == [ASK, AGAIN, ASK])
    await caller.press("12345")
    await caller.press("6")
    await until(lambda: "是一二三四，五六" in caller.heard)


async def test_silence_takes_the_other_way(contacts: Contacts, flows: wiring.FlowsModule) -> None:
    await published(contacts, flows, asking(attempts=1, timeout_s=1, between_s=1), "voice")
    caller, _ = await contacts.call("13812346021")
    await until(lambda: caller.ended)
    assert caller.heard == [ASK, "bad"]


async def test_a_prompt_that_is_to_be_heard_whole_is_not_cut(contacts: Contacts, flows: wiring.FlowsModule) -> None:
    await published(contacts, flows, asking(interruptible=False, attempts=1, timeout_s=1), "voice")
    contacts.voice.hold_playbacks = True
    caller, _ = await contacts.call("13812346021")
    await until(lambda: caller.heard == [ASK])
    await caller.press("12345")
    await contacts.settled()
    assert caller.heard == [ASK]
    contacts.voice.finish_playbacks(caller.leg)
    await caller.press("6")
    await until(lambda: "是一二三四，五六" in caller.heard)


async def test_a_secret_that_a_caller_keyed_stands_in_no_table_and_no_log(
    contacts: Contacts, flows: wiring.FlowsModule, systems: Systems, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    actor = system_actor(contacts.office.tenant.id)
    await flows.connections.make(actor, "billing", ConnectionChange(name="计费", url="https://bss.example.com"))
    systems.answers = [Reply(status=200, content={"echo": PIN})]
    definition = flow(
        ask=collect(secret=True, into="pin", next="check"),
        check={
            "kind": "business_call",
            "connection": "billing",
            "body": {"pin": "{pin}"},
            "take": {"echo": "echo"},
            "needs": "none",
            "ok": "told",
            "not_ok": "bad",
        },
        told={"kind": "say", "text": {"zh-CN": "{echo}"}, "next": "good"},
    )
    await published(contacts, flows, without(definition, "other"), "voice")
    caller, interaction = await contacts.call("13812346021")
    await until(lambda: caller.heard == [ASK])
    await caller.press(f"{PIN}#")
    await until(lambda: caller.ended)
    await until(lambda: not flows.facade.running())
    assert systems.asked[0].body == {"pin": PIN}
    assert caller.heard == [ASK, "worse"], "what echoes a secret is not said either"
    assert PIN not in caplog.text
    async with contacts.database.system_reading() as reading:
        dialect = reading.dialect
        listing = (
            "select name from sqlite_master where type = 'table'"
            if dialect == "sqlite"
            else "select tablename from pg_tables where schemaname = current_schema()"
        )
        tables = [row[0] for row in (await reading.execute(text(listing))).all()]
        assert {"event_log", "flow_run", "flow_step_slot"} <= set(tables)
        for table in tables:
            rows = (await reading.execute(text(f'select * from "{table}"'))).all()
            assert PIN not in repr(rows), table
    assert interaction.id


def without(definition: dict[str, Any], *names: str) -> dict[str, Any]:
    return {**definition, "steps": {name: one for name, one in definition["steps"].items() if name not in names}}


@pytest.mark.parametrize(
    ("language", "texts", "said", "voice"),
    [
        ("en-GB", {"zh-CN": "好", "en": "fine"}, "fine", "en"),
        ("en", {"zh-CN": "好", "en-GB": "lovely"}, "lovely", "en-GB"),
        ("en-GB", {"zh-CN": "好"}, "好", "zh-CN"),
        ("fr", {"zh-CN": "好", "fr": "bien"}, "好", "zh-CN"),
        ("zh-TW", {"zh-CN": "好", "en": "fine"}, "好", "zh-CN"),
    ],
)
async def test_words_are_read_by_a_voice_of_their_language(
    contacts: Contacts,
    flows: wiring.FlowsModule,
    speech: Spoken,
    language: str,
    texts: dict[str, str],
    said: str,
    voice: str,
) -> None:
    definition = {
        "start": "set",
        "safety": "bye",
        "steps": {
            "set": {"kind": "set", "language": language, "next": "bye"},
            "bye": {"kind": "hang_up", "text": texts},
        },
    }
    await published(contacts, flows, definition, "voice")
    caller, _ = await contacts.call("13812346021")
    await until(lambda: caller.ended)
    assert speech.read == [(said, voice)]


async def test_moments_are_told_in_the_centres_time_zone(contacts: Contacts, flows: wiring.FlowsModule) -> None:
    definition = {
        "start": "set",
        "safety": "sorry",
        "steps": {
            "set": {"kind": "set", "values": {"at": "2026-11-24T23:30:00Z"}, "next": "bye"},
            "bye": {"kind": "hang_up", "text": {"zh-CN": "{at|date}{at|time}"}},
            "sorry": {"kind": "hang_up"},
        },
    }
    await published(contacts, flows, definition, "voice")
    caller, _ = await contacts.call("13812346021")
    await until(lambda: caller.ended)
    assert caller.heard == ["二零二六年十一月二十五日七点三十分"]
