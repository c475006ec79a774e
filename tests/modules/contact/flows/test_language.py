"""Flows as data: what is read, what is refused and with which words, what the checker finds."""

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.kernel.errors import Invalid
from careline.modules.contact.flows.engine.checking import problems, reachable
from careline.modules.contact.flows.engine.definition import FlowLanguage
from careline.modules.contact.flows.engine.steps import Enqueue, HangUp, Menu, Say

LANGUAGE = FlowLanguage()


def hotline() -> dict[str, Any]:
    """A small hotline that nothing is wrong with."""
    return {
        "start": "welcome",
        "safety": "sorry",
        "steps": {
            "welcome": {
                "kind": "say",
                "text": {"zh-CN": "通话将被录音", "en": "This call is recorded"},
                "announces": "recording",
                "next": "brand",
            },
            "brand": {
                "kind": "condition",
                "fact": "customer.brand",
                "is_one_of": ["global_link"],
                "then": "person",
                "otherwise": "menu",
            },
            "menu": {
                "kind": "menu",
                "text": {"zh-CN": "人工请按零"},
                "choices": {"0": "person", "9": "bye"},
                "otherwise": "person",
            },
            "person": {"kind": "enqueue", "queue": "faults", "record": True, "next": "bye", "lost": "sorry"},
            "sorry": {"kind": "hang_up", "text": {"zh-CN": "对不起"}},
            "bye": {"kind": "hang_up"},
        },
    }


def codes(definition: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem.code, problem.step) for problem in problems(LANGUAGE.read(definition))]


def test_a_good_flow_is_read_and_has_no_problem() -> None:
    flow = LANGUAGE.read(hotline())
    assert {name: type(step) for name, step in flow.steps.items()} | {} == {
        "welcome": Say,
        "brand": type(flow.steps["brand"]),
        "menu": Menu,
        "person": Enqueue,
        "sorry": HangUp,
        "bye": HangUp,
    }
    assert problems(flow) == []


def test_the_schema_accepts_what_the_language_reads() -> None:
    jsonschema.Draft202012Validator.check_schema(LANGUAGE.schema())
    jsonschema.validate(hotline(), LANGUAGE.schema())


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("start",), 3, "start"),
        (("steps", "menu", "choices"), {"x": "bye"}, ""),
        (("steps", "menu", "timeout_s"), 0, "steps/menu/timeout_s"),
        (("steps", "menu", "attempts"), 99, "steps/menu/attempts"),
        (("steps", "person", "priority"), 10, "steps/person/priority"),
        (("steps", "bye", "kind"), "explode", "steps/bye/kind"),
        (("steps", "bye", "surprise"), True, "steps/bye"),
        (("steps", "welcome", "announces"), "nothing", "steps/welcome/announces"),
    ],
)
def test_what_cannot_be_read_names_the_place(path: tuple[str, ...], value: object, field: str) -> None:
    definition = hotline()
    place = definition
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    with pytest.raises(Invalid) as refused:
        LANGUAGE.read(definition)
    assert refused.value.code == "flow-not-readable"
    assert refused.value.field == field
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(definition, LANGUAGE.schema())


def test_a_way_that_leads_nowhere_is_found() -> None:
    definition = hotline()
    definition["steps"]["menu"]["choices"]["1"] = "tariff"
    definition["safety"] = "nobody"
    assert codes(definition) == [("step-missing", "safety"), ("way-leads-nowhere", "menu")]


def test_a_step_that_nobody_reaches_is_found() -> None:
    definition = hotline()
    definition["steps"]["forgotten"] = {"kind": "hang_up"}
    assert codes(definition) == [("step-unreachable", "forgotten")]


def test_recording_needs_an_announcement_on_every_way() -> None:
    definition = hotline()
    del definition["steps"]["welcome"]["announces"]
    assert codes(definition) == [("recording-not-announced", "person")]
    definition = hotline()
    definition["safety"] = "person"
    assert ("recording-not-announced", "person") in codes(definition)


def test_text_needs_chinese() -> None:
    definition = hotline()
    definition["steps"]["menu"]["text"] = {"en": "Press 0"}
    assert codes(definition) == [("text-needs-zh-cn", "menu")]


def test_conditions_must_not_go_round() -> None:
    definition = hotline()
    definition["steps"]["brand"]["otherwise"] = "again"
    definition["steps"]["again"] = {**definition["steps"]["brand"], "otherwise": "menu", "then": "brand"}
    assert codes(definition) == [("circle-of-conditions", "brand"), ("circle-of-conditions", "again")]


def test_safety_must_lead_to_a_person_or_an_end() -> None:
    definition = hotline()
    definition["steps"]["sorry"] = {"kind": "say", "text": {"zh-CN": "对不起"}, "next": "sorry"}
    assert ("safety-leads-to-nobody", "sorry") in codes(definition)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=15,
)


@given(JSON)
def test_no_junk_gets_past_the_reader(junk: object) -> None:
    with pytest.raises(Invalid):
        LANGUAGE.read(junk)


NAMES = st.sampled_from(["a", "b", "c", "d"])
STEPS = st.one_of(
    st.builds(lambda to: {"kind": "say", "text": {"zh-CN": "好"}, "next": to}, NAMES),
    st.builds(
        lambda to: {"kind": "say", "text": {"zh-CN": "录音"}, "next": to, "announces": "recording"},
        NAMES,
    ),
    st.builds(
        lambda then, other: {
            "kind": "condition",
            "fact": "channel",
            "is_one_of": ["voice"],
            "then": then,
            "otherwise": other,
        },
        NAMES,
        NAMES,
    ),
    st.builds(
        lambda to, lost: {"kind": "enqueue", "queue": "q", "record": True, "next": to, "lost": lost}, NAMES, NAMES
    ),
    st.just({"kind": "hang_up"}),
)


@given(st.fixed_dictionaries(dict.fromkeys("abcd", STEPS)), NAMES, NAMES)
def test_a_recording_that_passes_the_check_was_announced_on_every_walk(
    steps: dict[str, Any], start: str, safety: str
) -> None:
    """Compared with walking every way of at most eight steps."""
    flow = LANGUAGE.read({"start": start, "safety": safety, "steps": steps})
    found = {problem.step for problem in problems(flow) if problem.code == "recording-not-announced"}

    def unannounced(name: str, depth: int) -> set[str]:
        step = flow.steps[name]
        if depth == 0 or (isinstance(step, Say) and step.announces):
            return set()
        here = {name} if isinstance(step, Enqueue) else set()
        return here.union(*(unannounced(to, depth - 1) for to in set(step.ways().values())))

    assert found == unannounced(start, 8) | unannounced(safety, 8)
    assert reachable(flow, start) <= set(steps)


@pytest.mark.parametrize("path", ["/..", "/a/../b", "/./a", "/a/%2e%2e/b", "/a/.%2E/b", "/../?a=b", "a"])
def test_a_path_leads_out_of_no_connection(path: str) -> None:
    definition = hotline()
    asks = {"kind": "business_call", "connection": "billing", "path": path, "ok": "sorry", "not_ok": "sorry"}
    definition["steps"]["asks"] = asks
    with pytest.raises(Invalid, match="flow-not-readable"):
        FlowLanguage().read(definition)
    definition["steps"]["asks"] = {**asks, "path": "/v1/lines.d/{number}?a=b"}
    FlowLanguage().read(definition)
