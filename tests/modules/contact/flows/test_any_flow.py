"""Flows made at random: none hangs, each failure finds a person or an end, and no secret comes out."""

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from careline.modules.contact.flows.engine.channel import CustomerGone, Served, Wanted
from careline.modules.contact.flows.engine.definition import FlowLanguage
from careline.modules.contact.flows.engine.interpreter import Called, FlowBroken, FlowRun
from careline.modules.contact.flows.engine.kinds import BUILT_IN_HANDLERS
from careline.modules.contact.flows.engine.steps import Enqueue
from careline.modules.contact.flows.engine.world import BusinessAnswer, Opening, Outcome
from tests.modules.contact.flows.test_interpreter import Script, Surroundings
from tests.support.waiting import PATIENCE_S

NAMES = [f"s{number}" for number in range(7)]
NAME = st.sampled_from(NAMES)
SECRET = "738629415"
WORDS = st.sampled_from(["好", "{a}", "{a|amount}", "{pin}", "{b|date}"]).map(lambda text: {"zh-CN": text})
STEPS = st.one_of(
    st.fixed_dictionaries({"kind": st.just("say"), "text": WORDS, "next": NAME}),
    st.fixed_dictionaries(
        {
            "kind": st.just("menu"),
            "text": WORDS,
            "choices": st.dictionaries(st.sampled_from("12"), NAME),
            "otherwise": NAME,
        }
    ),
    st.fixed_dictionaries(
        {"kind": st.just("collect"), "text": WORDS, "into": st.sampled_from("ab"), "next": NAME, "otherwise": NAME}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("collect"),
            "text": WORDS,
            "into": st.just("pin"),
            "secret": st.just(True),
            "next": NAME,
            "otherwise": NAME,
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("set"),
            "values": st.dictionaries(st.sampled_from("ab"), st.sampled_from(["1", "{a}", "{pin}"])),
            "next": NAME,
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("condition"),
            "variable": st.sampled_from(["a", "pin"]),
            "is_one_of": st.just(["1"]),
            "then": NAME,
            "otherwise": NAME,
        }
    ),
    st.fixed_dictionaries(
        {"kind": st.just("hours"), "calendar": st.sampled_from(["班次", "无"]), "open": NAME, "closed": NAME}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("business_call"),
            "connection": st.just("c"),
            "body": st.just({"pin": "{pin}"}),
            "take": st.dictionaries(st.sampled_from("ab"), st.just("x")),
            "ok": NAME,
            "not_ok": NAME,
        }
    ),
    st.fixed_dictionaries({"kind": st.just("sub_flow"), "flow": st.just("below"), "next": NAME, "failed": NAME}),
    st.fixed_dictionaries({"kind": st.just("enqueue"), "queue": st.just("q"), "next": NAME, "lost": NAME}),
    st.just({"kind": "hang_up"}),
    st.just({"kind": "return"}),
)
FLOWS = st.fixed_dictionaries(
    {"start": NAME, "safety": NAME, "steps": st.fixed_dictionaries(dict.fromkeys(NAMES, STEPS))}
)


class Anybody(Script):
    """A customer who does what was drawn, on a channel that breaks where it was drawn."""

    def __init__(self, kind: str, draws: list[int]) -> None:
        super().__init__()
        self.kind = kind
        self.draws = draws
        self.done = 0
        self.over = False

    def _do(self, what: str) -> None:
        assert not self.over, "nothing is said after the end"
        self.log.append(what)
        self.done += 1
        draw = self.draws[self.done % len(self.draws)]
        if draw == 0:
            self.over = True
            raise CustomerGone
        if draw == 1:
            raise RuntimeError("the channel broke")

    async def ask(self, text: str, keys: frozenset[str], timeout_s: float, *, fresh: bool = False) -> str | None:
        self._do(f"ask {text}")
        return (None, "1", "2", "9")[self.draws[(self.done + 1) % len(self.draws)] % 4]

    async def collect(self, text: str, wanted: Wanted) -> str | None:
        self._do(f"collect {text}")
        assert self.kind == "voice" or not wanted.secret
        return (
            SECRET
            if wanted.secret
            else (None, "12", "x", "20260101")[self.draws[(self.done + 1) % len(self.draws)] % 4]
        )

    async def enqueue(
        self, step: Enqueue, words: str | None, at: str, journey: list[tuple[str, str]], *, recording: bool
    ) -> None:
        await super().enqueue(step, words, at, journey, recording=recording)

    async def until_served(self) -> Served:
        self._do("wait")
        return list(Served)[self.draws[(self.done + 2) % len(self.draws)] % len(Served)]

    async def end(self, journey: list[tuple[str, str]]) -> None:
        self._do("end")
        self.journeys.append(journey)
        self.over = True


class Echo(Surroundings):
    """A business system that gives back what it was told."""

    async def ask(self, request: Any) -> BusinessAnswer:
        self.asked.append(request)
        outcome = list(Outcome)[len(self.asked) % 4]
        return BusinessAnswer(outcome=outcome, content={"x": f"<{(request.body or {}).get('pin')}>"})


@settings(max_examples=300, deadline=None)
@given(
    FLOWS,
    FLOWS,
    st.sampled_from(["voice", "webchat"]),
    st.lists(st.integers(min_value=0, max_value=60), min_size=7, max_size=31),
)
def test_any_flow_comes_to_an_end_and_tells_no_secret(
    definition: dict[str, Any], below: dict[str, Any], kind: str, draws: list[int]
) -> None:
    language = FlowLanguage()
    channel, world = Anybody(kind, draws), Echo()
    world.calendars["班次"] = Opening.OPEN
    run = FlowRun(
        language.read(definition),
        channel,
        world,
        BUILT_IN_HANDLERS,
        library={"below": Called(version=1, flow=language.read(below))},
    )

    async def go() -> bool:
        async with asyncio.timeout(PATIENCE_S):
            try:
                await run.run()
            except FlowBroken:
                return True
        return False

    handed_on = asyncio.run(go())
    assert handed_on or channel.over, "a customer is left with nobody"
    told = repr([channel.log, channel.journeys, run.journey, run.variables, run.variables.shown(), world.asked])
    assert SECRET not in told
    if kind == "webchat":
        assert SECRET not in repr([asked.body for asked in world.asked])
