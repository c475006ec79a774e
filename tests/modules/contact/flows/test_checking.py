"""What a checker finds about variables, secrets, conditions, calls of other flows, and channels."""

from typing import Any

import pytest

from careline.modules.contact.flows.engine.checking import limits, problems
from careline.modules.contact.flows.engine.definition import FlowLanguage
from careline.modules.contact.flows.engine.flow import Flow
from tests.modules.contact.flows.test_steps import IDENTIFY, call, calling, collect, flow

LANGUAGE = FlowLanguage()


def found(definition: dict[str, Any], **library: dict[str, Any]) -> set[tuple[str, str, str]]:
    known = {code: LANGUAGE.read(one) for code, one in library.items()}
    read = LANGUAGE.read(without_what_nobody_reaches(definition))
    return {(one.code, one.step, one.detail) for one in problems(read, code="me", library=known)}


def without_what_nobody_reaches(definition: dict[str, Any]) -> dict[str, Any]:
    """``flow`` adds ends that not every one of these flows needs."""
    steps = dict(definition["steps"])
    while True:
        led = {definition["start"], definition["safety"]}
        for step in LANGUAGE.read({**definition, "steps": steps}).steps.values():
            led |= {step.failed or definition["start"], *step.ways().values()}
        fewer = {name: step for name, step in steps.items() if name in led}
        if len(fewer) == len(steps):
            return {**definition, "steps": fewer}
        steps = fewer


def say(text: str, to: str = "good") -> dict[str, Any]:
    return {"kind": "say", "text": {"zh-CN": text}, "next": to}


@pytest.mark.parametrize(
    ("definition", "problem"),
    [
        (flow(say=say("{balance|amount}")), ("variable-unknown", "say", "balance")),
        (flow(say=say("{balance|money}")), ("gap-not-readable", "say", "balance|money")),
        (flow(say=say("{")), ("gap-not-readable", "say", "{")),
        (flow(say=say("{customer.level}")), ("fact-unknown", "say", "customer.level")),
        (
            flow(set={"kind": "set", "next": "good", "values": {"a": "{customer.shoe}"}}),
            ("fact-unknown", "set", "customer.shoe"),
        ),
        (flow(ask=collect(otherwise="say"), say=say("{number}")), ("variable-not-always-set", "say", "number")),
        (
            flow(ask=collect(next="say", secret=True), say=say("{number}")),
            ("secret-told", "say", "number"),
        ),
        (
            flow(ask=collect(next="more", secret=True), more=collect()),
            ("secret-and-plain", "ask", "number"),
        ),
        (
            flow(ask=collect(next="call", secret=True), call=call(path="/{number}")),
            ("secret-told", "call", "number"),
        ),
        (
            flow(
                ask=collect(next="if", secret=True),
                **{
                    "if": {
                        "kind": "condition",
                        "variable": "number",
                        "is_one_of": ["1"],
                        "then": "good",
                        "otherwise": "bad",
                    }
                },
            ),
            ("secret-told", "if", "number"),
        ),
        (
            flow(ask=call(not_ok="say", take={"name": "name"}), say=say("{name}")),
            ("variable-not-always-set", "say", "name"),
        ),
        (
            flow(ask={"kind": "condition", "is_one_of": ["x"], "then": "good", "otherwise": "bad"}),
            ("condition-needs-one-subject", "ask", ""),
        ),
        (
            flow(ask={"kind": "condition", "fact": "channel", "then": "good", "otherwise": "bad"}),
            ("condition-needs-values", "ask", ""),
        ),
        (
            flow(ask={"kind": "condition", "fact": "queue.ready", "at_most": 0, "then": "good", "otherwise": "bad"}),
            ("condition-queue", "ask", ""),
        ),
        (calling(), ("sub-flow-unknown", "identify", "identify")),
        (calling(flow="me"), ("sub-flow-circle", "identify", "me")),
    ],
)
def test_each_problem_is_named_with_its_step(definition: dict[str, Any], problem: tuple[str, str, str]) -> None:
    assert problem in found(definition)


def test_flows_that_use_their_variables_rightly_have_no_problem() -> None:
    asked = flow(
        ask=collect(next="call", secret=True),
        call=call(ok="say", body={"pin": "{number}"}, take={"balance": "balance"}, timed_out=None),
        say=say("{balance|amount}"),
    )
    assert found(asked) == set()


def test_circles_and_depth_of_calls_are_found() -> None:
    assert ("sub-flow-circle", "identify", "identify") in found(calling(), identify=calling(flow="me"))
    assert found(calling(), identify=IDENTIFY) == set()
    deep = {f"flow{number}": calling(flow=f"flow{number + 1}") for number in range(8)} | {"flow8": IDENTIFY}
    assert ("sub-flow-too-deep", "identify", "flow1") in found(calling(flow="flow1"), **deep)
    assert found(calling(flow="flow5"), **deep) == set()


def test_what_a_called_flow_sets_on_every_way_back_is_known_after_it() -> None:
    named = {**IDENTIFY, "steps": {**IDENTIFY["steps"]}}
    named["steps"]["ask"] = collect(next="yes", otherwise="no")
    after = {**calling(next="say"), "steps": {**calling(next="say")["steps"], "say": say("{number}", "good")}}
    assert found(after, identify=named) == set()
    refused = {**calling(outcomes={"refused": "say"})}
    refused["steps"]["say"] = say("{number}", "bad")
    assert ("variable-not-always-set", "say", "number") in found(refused, identify=named)


def test_a_called_flow_is_given_what_it_expects_and_keeps_it_secret() -> None:
    talks = {**IDENTIFY, "expects": ["pin"]}
    talks["steps"] = {**IDENTIFY["steps"], "yes": say("{pin}", "no")}
    assert ("variable-unknown", "identify", "pin") in found(calling(), identify=talks)
    gives = flow(ask=collect(into="pin", secret=True, next="identify"), identify=calling()["steps"]["identify"])
    assert ("secret-told", "identify", "identify/yes: pin") in found(gives, identify=talks)


def test_a_circle_of_what_takes_no_time_is_found() -> None:
    definition = flow(
        one={"kind": "set", "next": "two", "values": {"a": "1"}},
        two={"kind": "hours", "calendar": "班次", "open": "one", "closed": "good"},
    )
    assert ("circle-of-conditions", "one", "") in found(definition)


def test_who_was_not_told_because_telling_failed_is_not_recorded() -> None:
    queue = {"kind": "enqueue", "queue": "faults", "record": True, "next": "good", "lost": "bad"}
    told = {"kind": "say", "text": {"zh-CN": "录音"}, "announces": "recording", "next": "queue"}
    assert found(flow(tell=told, queue=queue)) == set()
    assert ("recording-not-announced", "queue", "") in found(flow(tell={**told, "failed": "queue"}, queue=queue))


def test_which_steps_a_channel_cannot_do() -> None:
    read: Flow = LANGUAGE.read(flow(ask=collect(secret=True), more=collect()))
    assert [(one.channel, one.step, one.kind) for one in limits(read)] == [("webchat", "ask", "collect")]


@pytest.mark.parametrize("gap", ["number|digits", "customer.level"])
def test_a_path_takes_variables_as_they_are(gap: str) -> None:
    asked = flow(ask=collect(next="call"), call=call(path=f"/lines/{{{gap}}}"))
    assert ("gap-not-for-path", "call", gap) in found(asked)
    assert found(flow(ask=collect(next="call"), call=call(path="/lines/{number}"))) == set()


def test_what_no_voice_can_read_is_said() -> None:
    speaks = {"zh-CN", "en"}.__contains__
    french = {"kind": "hang_up", "text": {"zh-CN": "好", "en": "fine", "fr": "bien"}}
    read = LANGUAGE.read(flow(set={"kind": "set", "language": "fr", "next": "bye"}, bye=french))
    found_limits = [(one.channel, one.step, one.language) for one in limits(read, speaks=speaks)]
    assert found_limits == [("voice", "set", "fr"), ("voice", "bye", "fr")]
