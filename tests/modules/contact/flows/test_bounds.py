"""What a flow may take of memory and time to be read, checked and tried out, however it was written."""

import time
from typing import Any

import pytest

from careline.kernel.errors import Invalid
from careline.modules.contact.flows.engine.checking import MOST_PROBLEMS, problems
from careline.modules.contact.flows.engine.definition import MAX_VARIABLES, FlowLanguage
from careline.modules.contact.flows.engine.simulating import MOST_LINES, MOST_TOLD, Scene, play
from careline.modules.contact.flows.engine.steps import LONGEST_TEXT
from careline.modules.contact.flows.engine.values import LONGEST_FILLED, TooLong, Variables
from careline.modules.contact.flows.engine.world import BusinessAnswer, Outcome
from tests.modules.contact.flows.test_checking import say
from tests.modules.contact.flows.test_interpreter import Script, Surroundings, run_of
from tests.modules.contact.flows.test_steps import call, calling, ended, flow

LANGUAGE = FlowLanguage()
MUCH = 100_000
FEW_S = 20.0
"""Far more than any of this takes, and far less than what grows without bound would take."""


@pytest.mark.parametrize(
    ("step", "code", "field"),
    [
        (say("很" * (LONGEST_TEXT + 1)), "flow-not-readable", "steps/one/text/*"),
        (
            {"kind": "say", "text": {f"zh-{number:04d}": "很" for number in range(21)}, "next": "good"},
            "flow-not-readable",
            "steps/one/text",
        ),
        (
            {"kind": "set", "values": {f"v{number}": "" for number in range(51)}, "next": "good"},
            "flow-not-readable",
            "steps/one/values",
        ),
        (call(take={f"v{number}": "x" for number in range(51)}), "flow-not-readable", "steps/one/take"),
        (
            {
                "kind": "sub_flow",
                "flow": "x",
                "next": "good",
                "failed": "bad",
                "outcomes": {f"o{number}": "good" for number in range(51)},
            },
            "flow-not-readable",
            "steps/one/outcomes",
        ),
        (
            {
                "kind": "condition",
                "variable": "v",
                "is_one_of": ["x"] * 201,
                "then": "good",
                "otherwise": "bad",
            },
            "flow-not-readable",
            "steps/one/is_one_of",
        ),
        (call(body={"text": "x" * 10_000}), "flow-body-too-long", "steps/one/body"),
    ],
)
def test_what_is_too_much_is_refused_by_step_and_field(step: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        LANGUAGE.read(flow(begin=say("好", "one"), one=step))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_flow_has_not_too_many_variables_or_characters() -> None:
    sets = {
        f"set{number}": {
            "kind": "set",
            "values": {f"v{number}x{index}": "" for index in range(50)},
            "next": f"set{number + 1}",
        }
        for number in range(3)
    }
    with pytest.raises(Invalid) as refused:
        LANGUAGE.read(flow(**sets, set3=say("好")))
    assert (refused.value.code, refused.value.field) == ("flow-too-many-variables", "steps/set2")
    assert MAX_VARIABLES == 100
    texts = {f"zh-{number:04d}": "很" * LONGEST_TEXT for number in range(20)}
    long = {f"say{number}": {"kind": "say", "text": texts, "next": "good"} for number in range(20)}
    with pytest.raises(Invalid) as refused:
        LANGUAGE.read(flow(**long))
    assert refused.value.code == "flow-too-large"


def test_a_text_is_not_filled_beyond_what_can_be_said() -> None:
    variables = Variables()
    variables.put("a", "很" * 500)
    assert len(variables.fill("{a}" * 4)) == LONGEST_FILLED
    with pytest.raises(TooLong):
        variables.fill("{a}" * 5)


async def test_what_becomes_too_long_leads_on() -> None:
    long = {"kind": "set", "values": {"a": "很" * 500}, "next": "say"}
    assert await ended(Script(), flow(set=long, say=say("{a}" * 9))) == "worse"
    world = Surroundings()
    world.answers = [BusinessAnswer(outcome=Outcome.OK)]
    body = {f"x{number}": "{a}" for number in range(500)}
    channel = Script()
    await run_of(channel, flow(set={**long, "next": "ask"}, ask=call(body=body)), world=world).run()
    assert channel.log[-2] == "say worse"
    assert world.asked == []


async def test_what_is_tried_out_comes_to_an_end_in_lines_and_characters() -> None:
    round_and_round = flow(one=say("好", "two"), two=say("好", "one"))
    played = await play(LANGUAGE.read(round_and_round), Scene())
    assert (played.waits_for, len(played.lines)) == ("lines", MOST_LINES + 1)
    menu = {"kind": "menu", "text": {"zh-CN": "很" * LONGEST_TEXT}, "choices": {"1": "one"}, "otherwise": "one"}
    played = await play(LANGUAGE.read(flow(one=menu)), Scene(answers=("1",) * 200))
    assert played.waits_for == "lines"
    assert sum(len(line.text) for line in played.lines) < MOST_TOLD + LONGEST_TEXT


def test_flows_that_share_what_they_call_are_checked_once() -> None:
    """Each of a level calls all of the next: as many ways as there are ways through, which would take for ever."""
    wide, deep = 60, 4
    library = {}
    for level in range(deep):
        for number in range(wide):
            below = {
                f"call{other}": {
                    "kind": "sub_flow",
                    "flow": f"flow{level + 1}-{other}",
                    "next": f"call{other + 1}" if other + 1 < wide else "good",
                    "failed": "worse",
                }
                for other in range(wide)
            }
            library[f"flow{level}-{number}"] = LANGUAGE.read(
                flow(**(below if level + 1 < deep else {"say": say("好")}))
            )
    begun = time.process_time()
    found = problems(LANGUAGE.read(calling(flow="flow0-0")), code="me", library=library)
    assert {problem.code for problem in found} == {"step-unreachable"}
    assert time.process_time() - begun < FEW_S


def test_not_more_problems_are_told_than_anybody_reads() -> None:
    many = {f"say{number}": say("{" * 3) for number in range(150)}
    lost = {f"call{number}": call(path="/{a|digits}/{b|digits}") for number in range(40)}
    assert len(problems(LANGUAGE.read(flow(**many, **lost)))) == MOST_PROBLEMS


def test_steps_that_lead_to_all_others_are_checked_soon() -> None:
    """Each step sets a variable and leads to a menu, which leads to twelve others."""
    steps: dict[str, Any] = {}
    for number in range(95):
        steps[f"set{number}"] = {"kind": "set", "values": {f"v{number}": "1"}, "next": f"menu{number}"}
        choices = {key: f"set{(number * 7 + place) % 95}" for place, key in enumerate("0123456789*#")}
        steps[f"menu{number}"] = {"kind": "menu", "text": {"zh-CN": "选"}, "choices": choices, "otherwise": "good"}
    begun = time.process_time()
    problems(LANGUAGE.read(flow(**steps)))
    assert time.process_time() - begun < FEW_S
