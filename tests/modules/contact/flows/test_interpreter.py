"""The interpreter over a channel that is a script: each step's ways, failures, and customers who leave anywhere."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from careline.modules.contact.flows.engine.channel import CustomerGone, Served, Wanted
from careline.modules.contact.flows.engine.definition import FlowLanguage
from careline.modules.contact.flows.engine.interpreter import FlowBroken, FlowRun
from careline.modules.contact.flows.engine.kinds import BUILT_IN_HANDLERS
from careline.modules.contact.flows.engine.steps import Enqueue, Step
from careline.modules.contact.flows.engine.world import BusinessAnswer, BusinessRequest, Load, Opening, Outcome, Proven
from tests.modules.contact.flows.test_language import hotline
from tests.support.waiting import PATIENCE_S


class Script:
    """A customer who answers with what was written down. ``leaves_at`` counts commands until they are gone."""

    kind = "voice"

    def __init__(
        self, *answers: str | None, served: Served = Served.DONE, leaves_at: int | None = None, breaks: str = ""
    ) -> None:
        self.answers = list(answers)
        self.served = served
        self.leaves_at = leaves_at
        self.breaks = breaks
        self.log: list[str] = []
        self.journeys: list[list[tuple[str, str]]] = []
        self.places: list[str] = []

    def _do(self, what: str) -> None:
        if self.leaves_at is not None and len(self.log) >= self.leaves_at:
            raise CustomerGone
        self.log.append(what)
        if self.breaks and self.breaks in what:
            raise RuntimeError(f"{what} failed")

    async def say(self, text: str, *, interruptible: bool) -> str | None:
        self._do(f"say {text}")
        return None

    async def ask(self, text: str, keys: frozenset[str], timeout_s: float, *, fresh: bool = False) -> str | None:
        self._do(f"ask {text}")
        return self.answers.pop(0)

    def speak(self, language: str) -> None:
        self._do(f"speak {language}")

    async def collect(self, text: str, wanted: Wanted) -> str | None:
        self._do(f"collect {text}")
        return self.answers.pop(0)

    async def enqueue(
        self, step: Enqueue, words: str | None, at: str, journey: list[tuple[str, str]], *, recording: bool
    ) -> None:
        self.places.append(at)
        self._do(f"enqueue {step.queue} recording={recording}" + (f" saying {words}" if words else ""))
        self.journeys.append(journey)

    async def keep_place(self, step: str) -> None:
        self._do(f"keep {step}")

    async def until_served(self) -> Served:
        self._do("wait")
        return self.served

    async def end(self, journey: list[tuple[str, str]]) -> None:
        self._do("end")
        self.journeys.append(journey)


class Surroundings:
    """A house that knows what was written down."""

    def __init__(self, facts: Mapping[str, str] | None = None) -> None:
        self.known = dict(facts or {})
        self.queues: dict[str, Load] = {}
        self.calendars: dict[str, Opening] = {}
        self.answers: list[BusinessAnswer] = []
        self.asked: list[BusinessRequest] = []
        self.consents: list[tuple[str, bool]] = []
        self.level = "none"
        self.has_password = True
        self.proven: list[Proven] = []
        self.keyed: list[str] = []

    async def assurance(self) -> str:
        return self.level

    async def can_prove(self) -> bool:
        return self.has_password

    async def prove(self, keyed: str) -> Proven:
        self.keyed.append(keyed)
        return self.proven.pop(0)

    async def facts(self) -> Mapping[str, str]:
        return self.known

    async def load(self, queue: str) -> Load | None:
        return self.queues.get(queue)

    async def opening(self, calendar: str) -> Opening | None:
        return self.calendars.get(calendar)

    async def ask(self, request: BusinessRequest) -> BusinessAnswer:
        self.asked.append(request)
        return self.answers.pop(0) if self.answers else BusinessAnswer(outcome=Outcome.FAILED)

    async def consent(self, purpose: str, words: str, language: str, *, given: bool) -> None:
        self.consents.append((purpose, given))


def run_of(
    channel: Script, definition: dict[str, Any] | None = None, facts: Mapping[str, str] | None = None, **more: Any
) -> FlowRun:
    world = more.pop("world", None) or Surroundings(facts)
    return FlowRun(FlowLanguage().read(definition or hotline()), channel, world, BUILT_IN_HANDLERS, **more)


async def test_the_way_to_a_person_and_its_journey() -> None:
    channel = Script("0")
    await run_of(channel).run()
    assert channel.log == [
        "say 通话将被录音",
        "ask 人工请按零",
        "enqueue faults recording=True",
        "wait",
        "end",
    ]
    assert channel.journeys == [
        [("welcome", "next"), ("brand", "otherwise"), ("menu", "0"), ("person", "queued")],
        [("person", "done"), ("bye", "end")],
    ]


async def test_a_fact_chooses_the_way() -> None:
    channel = Script()
    await run_of(channel, facts={"customer.brand": "global_link"}).run()
    assert channel.log[1] == "enqueue faults recording=True"


async def test_another_language_is_spoken_where_there_is_text() -> None:
    channel = Script("9")
    await run_of(channel, language="en").run()
    assert channel.log[:2] == ["say This call is recorded", "ask 人工请按零"]


async def test_wrong_and_missing_keys_lead_on_after_the_attempts() -> None:
    definition = hotline()
    definition["steps"]["menu"] |= {"attempts": 2, "wrong": {"zh-CN": "没有这个键"}}
    channel = Script("7", None)
    await run_of(channel, definition).run()
    assert channel.log[1:5] == ["ask 人工请按零", "say 没有这个键", "ask 人工请按零", "enqueue faults recording=True"]


async def test_the_words_of_an_enqueue_step_keep_nobody_from_their_place() -> None:
    definition = hotline()
    definition["steps"]["person"]["text"] = {"zh-CN": "请稍候", "en": "Please hold"}
    channel = Script("0")
    await run_of(channel, definition, language="en").run()
    assert channel.log[2:4] == ["enqueue faults recording=True saying Please hold", "wait"]


async def test_nobody_reached_takes_the_lost_way() -> None:
    channel = Script("0", served=Served.LOST)
    await run_of(channel).run()
    assert channel.log[-2:] == ["say 对不起", "end"]


async def test_recording_is_asked_for_only_when_announced_in_this_run() -> None:
    definition = hotline()
    definition["start"] = "menu"
    channel = Script("0")
    await run_of(channel, definition).run()
    assert "enqueue faults recording=False" in channel.log


@pytest.mark.parametrize("leaves_at", range(5))
async def test_a_customer_may_leave_anywhere(leaves_at: int) -> None:
    channel = Script("0", leaves_at=leaves_at)
    await run_of(channel).run()
    assert len(channel.log) == leaves_at


@pytest.mark.parametrize("what", ["ask", "enqueue", "wait"])
async def test_a_step_that_fails_leads_to_safety(what: str) -> None:
    channel = Script("0", breaks=what)
    await run_of(channel).run()
    assert channel.log[-2:] == ["say 对不起", "end"]


async def test_a_failing_safety_is_not_hidden() -> None:
    channel = Script("0", breaks="say")
    with pytest.raises(FlowBroken):
        await run_of(channel).run()


async def test_a_flow_that_goes_round_for_ever_ends_in_safety() -> None:
    definition = hotline()
    definition["steps"]["menu"] = {"kind": "say", "text": {"zh-CN": "再来"}, "next": "menu"}
    definition["steps"]["welcome"]["next"] = "menu"
    channel = Script()
    async with asyncio.timeout(PATIENCE_S):
        await run_of(channel, definition).run()
    assert channel.log[-2:] == ["say 对不起", "end"]


async def test_waiting_is_taken_up_where_it_was() -> None:
    channel = Script()
    await run_of(channel).resume("person")
    assert channel.log == ["wait", "end"]


async def test_resuming_somewhere_else_begins_anew() -> None:
    channel = Script("9")
    await run_of(channel).resume("gone-step")
    assert channel.log[0] == "say 通话将被录音"


class Applaud(Step, frozen=True, kw_only=True, tag="applaud", tag_field="kind"):
    """A step of a module above."""

    next: str

    def ways(self) -> dict[str, str]:
        return {"next": self.next}


async def test_a_registered_step_is_read_and_carried_out() -> None:
    definition = hotline()
    definition["steps"]["person"]["next"] = "clap"
    definition["steps"]["clap"] = {"kind": "applaud", "next": "bye"}
    seen: list[object] = []

    async def applaud(step: Applaud, run: FlowRun) -> str | None:
        seen.append(run.subject)
        return step.next

    flow = FlowLanguage((Applaud,)).read(definition)
    channel = Script("0")
    await FlowRun(flow, channel, Surroundings(), {**BUILT_IN_HANDLERS, Applaud: applaud}, subject="contact").run()
    assert seen == ["contact"]
    assert channel.journeys[-1] == [("person", "done"), ("clap", "next"), ("bye", "end")]
