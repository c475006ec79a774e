"""What can be known to be wrong with a flow before anybody runs it."""

import msgspec

from careline.modules.contact.flows.engine.definition import CHINESE, Condition, Enqueue, Flow, HangUp, Say


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to mend. ``code`` is translated (``flow_problem.<code>``); ``step`` is where, ``detail`` what."""

    code: str
    step: str
    detail: str = ""


def problems(flow: Flow) -> list[Problem]:
    """Everything that forbids publishing, in the order of the steps."""
    found = _dangling(flow)
    if found:
        return found
    return [
        *_unreachable(flow),
        *_without_chinese(flow),
        *_circles_of_conditions(flow),
        *_unannounced(flow),
        *_unsafe_safety(flow),
    ]


def reachable(flow: Flow, start: str) -> set[str]:
    """The steps that can be reached from one, itself included."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(flow.steps[name].ways().values())
    return seen


def _dangling(flow: Flow) -> list[Problem]:
    found = [
        Problem(code="step-missing", step=name, detail=target)
        for name, target in (("start", flow.start), ("safety", flow.safety))
        if target not in flow.steps
    ]
    for name, step in flow.steps.items():
        found += [
            Problem(code="way-leads-nowhere", step=name, detail=f"{label} → {target}")
            for label, target in step.ways().items()
            if target not in flow.steps
        ]
    return found


def _unreachable(flow: Flow) -> list[Problem]:
    seen = reachable(flow, flow.start) | reachable(flow, flow.safety)
    return [Problem(code="step-unreachable", step=name) for name in flow.steps if name not in seen]


def _without_chinese(flow: Flow) -> list[Problem]:
    return [
        Problem(code="text-needs-zh-cn", step=name)
        for name, step in flow.steps.items()
        if any(not text.get(CHINESE, "").strip() for text in step.texts())
    ]


def _circles_of_conditions(flow: Flow) -> list[Problem]:
    """Conditions take no time: a circle of nothing else would run for ever."""
    conditions = {name: step for name, step in flow.steps.items() if isinstance(step, Condition)}
    found = []
    for name in conditions:
        seen: set[str] = set()
        todo = list(conditions[name].ways().values())
        while todo:
            other = todo.pop()
            if other in conditions and other not in seen:
                seen.add(other)
                todo.extend(conditions[other].ways().values())
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
            continue
        todo.extend(step.ways().values())
    return [
        Problem(code="recording-not-announced", step=name)
        for name in sorted(seen)
        if isinstance(step := flow.steps[name], Enqueue) and step.record
    ]


def _unsafe_safety(flow: Flow) -> list[Problem]:
    """The safety step must lead to a person or to an end."""
    ends = reachable(flow, flow.safety)
    if any(isinstance(flow.steps[name], Enqueue | HangUp) for name in ends):
        return []
    return [Problem(code="safety-leads-to-nobody", step=flow.safety)]
