"""What can be known to be wrong with a flow before anybody runs it."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from careline.modules.contact.flows.engine import checking_assurance, checking_variables
from careline.modules.contact.flows.engine.carrying_out import cannot
from careline.modules.contact.flows.engine.flow import Flow
from careline.modules.contact.flows.engine.interpreter import DEEPEST
from careline.modules.contact.flows.engine.problems import Problem
from careline.modules.contact.flows.engine.steps import (
    CHINESE,
    Condition,
    Consent,
    Enqueue,
    HangUp,
    HoursStep,
    Return,
    Say,
    Set,
    Step,
    SubFlow,
    every_way,
)

CHANNELS = ("voice", "webchat")

MOST_PROBLEMS = 200
"""That are told at once. Who has mended these sees the others."""

_TAKE_NO_TIME = (Condition, Set, HoursStep)


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """A step that cannot do on a channel what it is for. It takes the way for having got nothing there.

    With a ``language``: what it says in that language nobody can read aloud, so that callers hear it in another.
    """

    channel: str
    step: str
    kind: str
    language: str = ""


def problems(flow: Flow, *, code: str = "", library: Mapping[str, Flow] | None = None) -> list[Problem]:
    """Everything that forbids publishing, in the order of the steps.

    ``library`` are the flows in force, by code, that this one (``code``) may call.
    """
    return list(itertools.islice(_problems(flow, code, library or {}), MOST_PROBLEMS))


def _problems(flow: Flow, code: str, known: Mapping[str, Flow]) -> Iterable[Problem]:
    found = [*_dangling(flow), *_unreadable_conditions(flow)] or _unknown_flows(flow, code, known)
    if found:
        return found
    return [
        *_unreachable(flow),
        *_without_chinese(flow),
        *_circles_of_no_time(flow),
        *_unannounced(flow),
        *_unsafe_safety(flow),
        *checking_variables.problems(flow, known),
        *checking_assurance.problems(flow, known),
    ]


def limits(
    flow: Flow,
    steps_of: Mapping[type[Step], frozenset[str]] | None = None,
    speaks: Callable[[str], bool] = lambda _: True,
) -> list[Limit]:
    """Which steps a channel cannot do. ``steps_of`` names for steps of other modules the channels they serve;
    ``speaks`` says whether there is a voice for a language."""
    elsewhere = steps_of or {}
    unable = [
        Limit(channel=channel, step=name, kind=_kind(step))
        for name, step in flow.steps.items()
        for channel in CHANNELS
        if cannot(step, channel) or channel not in elsewhere.get(type(step), CHANNELS)
    ]
    used = {name: _languages(step) for name, step in flow.steps.items()}
    dumb = {one for languages in used.values() for one in languages if not speaks(one)}
    unheard = [
        Limit(channel="voice", step=name, kind=_kind(flow.steps[name]), language=one)
        for name, languages in used.items()
        for one in languages
        if one in dumb
    ]
    return [*unable, *unheard][:MOST_PROBLEMS]


def _languages(step: Step) -> list[str]:
    """Those in which a step says something to callers, or lets them go on."""
    said = [language for text in step.texts() for language, words in text.items() if words]
    if isinstance(step, Set) and step.language is not None:
        said.append(step.language)
    return list(dict.fromkeys(said))


def _kind(step: Step) -> str:
    return str(step.__struct_config__.tag)


def reachable(flow: Flow, start: str) -> set[str]:
    """The steps that can be reached from one, itself included."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(every_way(flow.steps[name]).values())
    return seen


def called(flow: Flow) -> set[str]:
    """The codes of the flows that a flow calls."""
    return {step.flow for step in flow.steps.values() if isinstance(step, SubFlow)}


def _dangling(flow: Flow) -> list[Problem]:
    found = [
        Problem(code="step-missing", step=name, detail=target)
        for name, target in (("start", flow.start), ("safety", flow.safety))
        if target not in flow.steps
    ]
    for name, step in flow.steps.items():
        found += [
            Problem(code="way-leads-nowhere", step=name, detail=f"{label} → {target}")
            for label, target in every_way(step).items()
            if target not in flow.steps
        ]
    return found


def _unreadable_conditions(flow: Flow) -> Iterator[Problem]:
    for name, step in flow.steps.items():
        if not isinstance(step, Condition):
            continue
        if (step.fact is None) == (step.variable is None):
            yield Problem(code="condition-needs-one-subject", step=name)
        if step.is_one_of is None and step.at_least is None and step.at_most is None:
            yield Problem(code="condition-needs-values", step=name)
        if (step.queue is not None) != (step.fact is not None and step.fact.startswith("queue.")):
            yield Problem(code="condition-queue", step=name)


def _unknown_flows(flow: Flow, code: str, library: Mapping[str, Flow]) -> list[Problem]:
    """Flows that are called and not in force, and circles and depths of calls."""
    wrong: dict[str, str | None] = {}
    found = []
    for name, step in flow.steps.items():
        if not isinstance(step, SubFlow):
            continue
        if step.flow not in wrong:
            wrong[step.flow] = _wrong_with(step.flow, code, library)
        problem = wrong[step.flow]
        if problem is not None:
            found.append(Problem(code=problem, step=name, detail=step.flow))
    return found


def _wrong_with(callee: str, code: str, library: Mapping[str, Flow]) -> str | None:
    """Why a flow may not be called."""
    if callee == code:
        return "sub-flow-circle"
    if callee not in library:
        return "sub-flow-unknown"
    if _leads_back(callee, code, library):
        return "sub-flow-circle"
    return "sub-flow-too-deep" if _is_deeper(callee, library, DEEPEST, {}) else None


def _leads_back(start: str, code: str, library: Mapping[str, Flow]) -> bool:
    seen: set[str] = set()
    todo = [start]
    while todo:
        one = todo.pop()
        if one == code:
            return True
        if one not in seen and one in library:
            seen.add(one)
            todo.extend(called(library[one]))
    return False


def _is_deeper(code: str, library: Mapping[str, Flow], left: int, known: dict[tuple[str, int], bool]) -> bool:
    """Whether more than ``left`` flows run within each other when this one is called. Each is looked at once a depth:
    that many call the same ones costs nothing."""
    if left == 0:
        return True
    if (code, left) not in known:
        below = called(library[code]) if code in library else ()
        known[code, left] = any(_is_deeper(one, library, left - 1, known) for one in below)
    return known[code, left]


def _unreachable(flow: Flow) -> list[Problem]:
    seen = reachable(flow, flow.start) | reachable(flow, flow.safety)
    return [Problem(code="step-unreachable", step=name) for name in flow.steps if name not in seen]


def _without_chinese(flow: Flow) -> list[Problem]:
    return [
        Problem(code="text-needs-zh-cn", step=name)
        for name, step in flow.steps.items()
        if any(not text.get(CHINESE, "").strip() for text in step.texts())
    ]


def _circles_of_no_time(flow: Flow) -> list[Problem]:
    """Conditions and the like take no time: a circle of nothing else would run for ever."""
    quick = {name: step for name, step in flow.steps.items() if isinstance(step, _TAKE_NO_TIME)}
    found = []
    for name in quick:
        seen: set[str] = set()
        todo = list(every_way(quick[name]).values())
        while todo:
            other = todo.pop()
            if other in quick and other not in seen:
                seen.add(other)
                todo.extend(every_way(quick[other]).values())
        if name in seen:
            found.append(Problem(code="circle-of-conditions", step=name))
    return found


def _unannounced(flow: Flow) -> list[Problem]:
    """Recording must have been announced on every way that leads to it."""
    seen: set[str] = set()
    todo = [flow.start, flow.safety]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        step = flow.steps[name]
        if isinstance(step, Say) and step.announces == "recording":
            # Who was told nothing because it failed goes on unannounced.
            todo.extend([] if step.failed is None else [step.failed])
            continue
        if isinstance(step, Consent) and step.recording:
            todo.extend([] if step.failed is None else [step.failed])
            continue
        todo.extend(every_way(step).values())
    return [
        Problem(code="recording-not-announced", step=name)
        for name in sorted(seen)
        if isinstance(step := flow.steps[name], Enqueue) and step.record
    ]


def _unsafe_safety(flow: Flow) -> list[Problem]:
    """The safety step must lead to a person or to an end."""
    ends = reachable(flow, flow.safety)
    if any(isinstance(flow.steps[name], Enqueue | HangUp | Return) for name in ends):
        return []
    return [Problem(code="safety-leads-to-nobody", step=flow.safety)]
