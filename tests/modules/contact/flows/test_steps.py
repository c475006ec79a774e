"""Each kind of step: its ways, what it sets, and what it never tells."""

import logging
from typing import Any

import pytest

from careline.modules.contact.flows.engine.channel import Served
from careline.modules.contact.flows.engine.definition import FlowLanguage
from careline.modules.contact.flows.engine.interpreter import Called
from careline.modules.contact.flows.engine.world import BusinessAnswer, Load, Opening, Outcome
from tests.modules.contact.flows.test_interpreter import Script, Surroundings, run_of

PIN = "738629"


def flow(**steps: Any) -> dict[str, Any]:
    """A flow that begins with the first of the steps, with the ends that most of them lead to."""
    ends = {name: {"kind": "hang_up", "text": {"zh-CN": name}} for name in ("good", "bad", "worse", "other")}
    return {"start": next(iter(steps)), "safety": "worse", "steps": {**steps, **ends}}


def collect(**more: Any) -> dict[str, Any]:
    asked = {"kind": "collect", "text": {"zh-CN": "请输入"}, "into": "number", "next": "good", "otherwise": "bad"}
    return {**asked, **more}


async def ended(channel: Script, definition: dict[str, Any], **more: Any) -> str:
    """The end that it came to, by what was said there."""
    await run_of(channel, definition, **more).run()
    return channel.log[-2].removeprefix("say ")


@pytest.mark.parametrize(
    ("what", "keyed", "kept"),
    [
        ({}, "0042", "0042"),
        ({}, "４２ 42", "4242"),
        ({"min_length": 6}, "12345", None),
        ({"max_length": 4}, "12345", None),
        ({}, "12*5", None),
        ({"what": "date"}, "20260229", None),
        ({"what": "date"}, "20240229", "2024-02-29"),
        ({"what": "date"}, "2026年3月5日", "2026-03-05"),
        ({"what": "amount"}, "12*5", "12.50"),
        ({"what": "amount"}, "¥1,200元", "1200.00"),
        ({"what": "amount"}, "12.345", None),
        ({"what": "msisdn"}, "+86 138-1234-6021", "13812346021"),
        ({"what": "msisdn"}, "12812346021", None),
        ({"what": "check_digit"}, "4539578763621486", "4539578763621486"),
        ({"what": "check_digit"}, "4539578763621487", None),
    ],
)
async def test_what_is_keyed_is_checked_and_kept(what: dict[str, Any], keyed: str, kept: str | None) -> None:
    channel = Script(keyed)
    run = run_of(channel, flow(ask=collect(attempts=1, **what)))
    await run.run()
    assert run.variables.known("number") == kept
    assert channel.log[-2] == ("say good" if kept else "say bad")


async def test_wrong_and_missing_entries_are_asked_for_again() -> None:
    channel = Script("1", None, "123456")
    definition = flow(ask=collect(min_length=6, wrong={"zh-CN": "不对"}))
    assert await ended(channel, definition) == "good"
    assert channel.log[:4] == ["collect 请输入", "say 不对", "collect 请输入", "collect 请输入"]


async def test_values_are_set_from_words_facts_and_each_other() -> None:
    definition = flow(
        set={
            "kind": "set",
            "next": "again",
            "needs": "none",
            "values": {"level": "{customer.level}", "word": "固定", "none": "{time.date}"},
        },
        again={"kind": "set", "next": "say", "values": {"both": "{level}-{word}"}, "language": "en"},
        say={"kind": "say", "text": {"zh-CN": "中 {both}", "en": "is {both}{none}"}, "next": "good"},
    )
    channel = Script()
    await run_of(channel, definition, facts={"customer.level": "gold"}).run()
    assert channel.log[:2] == ["speak en", "say is gold-固定"]


@pytest.mark.parametrize(
    ("about", "facts", "way"),
    [
        ({"fact": "time.clock", "at_least": "09:00", "at_most": "18:00"}, {"time.clock": "18:00"}, "good"),
        ({"fact": "time.clock", "at_least": "09:00", "at_most": "18:00"}, {"time.clock": "08:59"}, "bad"),
        ({"fact": "time.date", "at_least": "2026-10-01"}, {"time.date": "2026-09-30"}, "bad"),
        ({"fact": "time.weekday", "is_one_of": ["6", "7"]}, {"time.weekday": "7"}, "good"),
        ({"fact": "queue.waiting", "queue": "faults", "at_least": 5}, {}, "good"),
        ({"fact": "queue.wait_s", "queue": "faults", "at_most": 60}, {}, "bad"),
        ({"fact": "queue.ready", "queue": "faults", "at_most": 0}, {}, "good"),
        ({"fact": "queue.ready", "queue": "nowhere", "at_most": 0}, {}, "worse"),
        ({"fact": "customer.level", "is_one_of": ["gold"]}, {}, "bad"),
        ({"fact": "customer.level", "at_least": 3}, {"customer.level": "gold"}, "bad"),
        ({"variable": "word", "is_one_of": ["so"]}, {}, "bad"),
    ],
)
async def test_conditions(about: dict[str, Any], facts: dict[str, str], way: str) -> None:
    world = Surroundings(facts)
    world.queues["faults"] = Load(waiting=7, wait_s=None, ready=0)
    condition = {"kind": "condition", "then": "good", "otherwise": "bad", **about}
    assert await ended(Script(), flow(ask=condition), world=world) == way


@pytest.mark.parametrize(
    ("now", "holiday", "way"),
    [
        (Opening.OPEN, "other", "good"),
        (Opening.CLOSED, "other", "bad"),
        (Opening.HOLIDAY, "other", "other"),
        (Opening.HOLIDAY, None, "bad"),
        (None, None, "worse"),
    ],
)
async def test_hours(now: Opening | None, holiday: str | None, way: str) -> None:
    world = Surroundings()
    world.calendars = {} if now is None else {"班次": now}
    step = {"kind": "hours", "calendar": "班次", "open": "good", "closed": "bad", "holiday": holiday}
    assert await ended(Script(), flow(ask=step), world=world) == way


def call(**more: Any) -> dict[str, Any]:
    """Nothing of it is somebody's own."""
    asked = {"kind": "business_call", "connection": "billing", "ok": "good", "not_ok": "bad", "timed_out": "worse"}
    return {**asked, "needs": "none", **more}


@pytest.mark.parametrize(
    ("answer", "more", "way"),
    [
        (BusinessAnswer(outcome=Outcome.OK, content={"a": {"b": [12.5]}}), {}, "good"),
        (BusinessAnswer(outcome=Outcome.OK, content={"a": {}}), {}, "bad"),
        (BusinessAnswer(outcome=Outcome.OK, content=None), {}, "bad"),
        (BusinessAnswer(outcome=Outcome.FAILED), {}, "bad"),
        (BusinessAnswer(outcome=Outcome.TIMED_OUT), {}, "worse"),
        (BusinessAnswer(outcome=Outcome.TIMED_OUT), {"timed_out": None}, "bad"),
        (BusinessAnswer(outcome=Outcome.LET_THROUGH), {"let_through": "other"}, "other"),
        (BusinessAnswer(outcome=Outcome.LET_THROUGH), {"take": {}}, "good"),
        (BusinessAnswer(outcome=Outcome.LET_THROUGH), {}, "bad"),
    ],
)
async def test_a_business_call_takes_the_way_of_its_answer(
    answer: BusinessAnswer, more: dict[str, Any], way: str
) -> None:
    world = Surroundings()
    world.answers = [answer]
    run = run_of(channel := Script(), flow(ask=call(**{"take": {"balance": "a.b.0"}, **more})), world=world)
    await run.run()
    assert channel.log[-2] == f"say {way}"
    assert run.variables.known("balance") == ("12.5" if answer.content == {"a": {"b": [12.5]}} else None)


async def test_a_business_call_says_what_was_collected_and_quotes_it_in_its_path() -> None:
    world = Surroundings()
    world.answers = [BusinessAnswer(outcome=Outcome.OK)]
    definition = flow(
        set={"kind": "set", "next": "ask", "values": {"odd": "a/b?c=&d"}},
        ask=call(path="/lines/{odd}", body={"what": "{odd}", "list": [1, {"x": "{odd}"}], "sure": True}),
    )
    assert await ended(Script(), definition, world=world) == "good"
    (asked,) = world.asked
    assert asked.path == "/lines/a%2Fb%3Fc%3D%26d"
    assert asked.body == {"what": "a/b?c=&d", "list": [1, {"x": "a/b?c=&d"}], "sure": True}


async def test_a_value_cannot_lead_to_another_path() -> None:
    definition = flow(set={"kind": "set", "next": "ask", "values": {"up": ".."}}, ask=call(path="/lines/{up}/x"))
    world = Surroundings()
    assert await ended(Script(), definition, world=world) == "worse"
    assert world.asked == []


@pytest.mark.parametrize(("keys", "way", "said"), [("1", "good", True), ("2", "bad", False), ("9", "other", None)])
async def test_consent_is_written_down_and_recording_follows_it(keys: str, way: str, said: bool | None) -> None:
    world = Surroundings()
    consent = {
        "kind": "consent",
        "text": {"zh-CN": "可以录音吗"},
        "purpose": "voice",
        "recording": True,
        "attempts": 1,
        "agreed": "queue",
        "refused": "queue",
        "otherwise": "queue",
    }
    queue = {"kind": "enqueue", "queue": "faults", "record": True, "next": "good", "lost": "bad"}
    channel = Script(keys)
    await run_of(channel, flow(ask=consent, queue=queue), world=world).run()
    assert f"enqueue faults recording={said is True}" in channel.log
    assert world.consents == ([] if said is None else [("voice", said)])


async def test_a_step_has_a_way_of_its_own_for_a_failure() -> None:
    channel = Script(breaks="say 坏")
    definition = flow(say={"kind": "say", "text": {"zh-CN": "坏"}, "next": "good", "failed": "other"})
    assert await ended(channel, definition) == "other"
    assert channel.journeys == [[("say", "failed"), ("other", "end")]]


async def test_two_choices_that_lead_to_one_step_are_told_apart() -> None:
    menu = {"kind": "menu", "text": {"zh-CN": "选"}, "choices": {"1": "good", "2": "good"}, "otherwise": "good"}
    channel = Script("2")
    await run_of(channel, flow(menu=menu)).run()
    assert channel.journeys[0][0] == ("menu", "2")


def within(**called: dict[str, Any]) -> dict[str, Called]:
    return {name: Called(version=3, flow=FlowLanguage().read(one)) for name, one in called.items()}


def calling(**more: Any) -> dict[str, Any]:
    step = {"kind": "sub_flow", "flow": "identify", "next": "good", "failed": "worse", "outcomes": {"refused": "bad"}}
    return flow(identify={**step, **more})


IDENTIFY: dict[str, Any] = {
    "start": "ask",
    "safety": "no",
    "steps": {
        "ask": {"kind": "menu", "text": {"zh-CN": "是您吗"}, "choices": {"1": "yes"}, "otherwise": "no"},
        "yes": {"kind": "return"},
        "no": {"kind": "return", "outcome": "refused"},
    },
}


@pytest.mark.parametrize(("key", "way"), [("1", "good"), ("2", "bad")])
async def test_a_sub_flow_comes_back_with_its_outcome(key: str, way: str) -> None:
    channel = Script(key, None, None)
    await run_of(channel, calling(), library=within(identify=IDENTIFY)).run()
    assert channel.log[-2] == f"say {way}"
    first, last = channel.journeys[0][0], channel.journeys[0][2]
    assert first == ("identify/ask", "1" if key == "1" else "otherwise")
    assert last == ("identify", "next" if key == "1" else "refused")


async def test_a_sub_flow_that_is_not_there_or_breaks_takes_its_way_for_a_failure() -> None:
    assert await ended(Script(), calling()) == "worse"
    broken = {**IDENTIFY, "safety": "ask"}
    assert await ended(Script(breaks="ask"), calling(), library=within(identify=broken)) == "worse"


async def test_sub_flows_that_call_each_other_for_ever_end() -> None:
    round_and_round = calling(flow="identify")
    channel = Script()
    await run_of(channel, calling(), library=within(identify=round_and_round)).run()
    assert channel.log[-1] == "end"


async def test_who_waits_within_a_sub_flow_is_taken_up_there_in_its_version() -> None:
    queue = {"kind": "enqueue", "queue": "faults", "next": "back", "lost": "back"}
    below = {"start": "queue", "safety": "back", "steps": {"queue": queue, "back": {"kind": "return"}}}
    channel = Script()
    run = run_of(channel, calling(), library=within(identify=below))
    await run.run()
    assert channel.places == ["identify@3/queue"]
    again = Script(served=Served.DONE)
    await run_of(again, calling(), library=within(identify=below)).resume("identify@3/queue")
    assert again.log == ["wait", "say good", "end"]
    other = Script(served=Served.DONE)
    await run_of(other, calling(), library=within(identify=IDENTIFY)).resume("identify@2/queue")
    assert other.log[0] == "ask 是您吗", "another version begins anew"


async def test_what_is_secret_reaches_the_business_system_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world = Surroundings()
    world.answers = [BusinessAnswer(outcome=Outcome.OK, content={"echo": f"pin {PIN}", "name": "王"})]
    definition = flow(
        ask=collect(into="pin", secret=True, next="check"),
        check=call(ok="say", body={"pin": "{pin}"}, take={"echo": "echo", "name": "name"}),
        say={"kind": "say", "text": {"zh-CN": "{name} {echo}"}, "next": "good", "failed": "dump"},
        dump={"kind": "say", "text": {"zh-CN": "{pin}"}, "next": "good", "failed": "good"},
    )
    channel = Script(PIN)
    run = run_of(channel, definition, world=world)
    await run.run()
    assert world.asked[0].body == {"pin": PIN}
    told = [channel.log, channel.journeys, run.variables.shown(), run.variables, world.asked, run.journey, caplog.text]
    assert PIN not in repr(told)
    assert run.variables.shown() == {"pin": "•••", "echo": "•••", "name": "王"}
    assert [way for _, way in channel.journeys[0]] == ["next", "ok", "failed", "failed", "end"]


async def test_a_chat_cannot_hide_what_is_typed_and_does_not_ask_for_it() -> None:
    channel = Script(PIN)
    channel.kind = "webchat"
    assert await ended(channel, flow(ask=collect(secret=True))) == "bad"
    assert not any("collect" in line for line in channel.log)


async def test_what_is_read_aloud_on_the_phone_is_written_in_a_chat() -> None:
    definition = flow(
        set={"kind": "set", "next": "say", "values": {"balance": "12.5", "odd": "abc"}},
        say={"kind": "say", "text": {"zh-CN": "余额{balance|amount}"}, "next": "bad"},
        bad={"kind": "say", "text": {"zh-CN": "{odd|amount}"}, "next": "good", "failed": "other"},
    )
    definition["steps"]["bad"] = {"kind": "say", "text": {"zh-CN": "{odd|amount}"}, "next": "good", "failed": "other"}
    phone, chat = Script(), Script()
    chat.kind = "webchat"
    assert await ended(phone, definition) == "other"
    assert await ended(chat, definition) == "other"
    assert (phone.log[0], chat.log[0]) == ("say 余额十二元五角", "say 余额12.50 元")
