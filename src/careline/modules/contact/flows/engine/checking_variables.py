"""Whether each gap of a flow has a value whenever its step is reached, and whether secrets stay where they may be."""

from collections.abc import Iterator, Mapping
from typing import Any

from careline.modules.contact.flows.engine.flow import Flow
from careline.modules.contact.flows.engine.problems import Problem
from careline.modules.contact.flows.engine.steps import (
    FACTS,
    BusinessCall,
    Collect,
    Condition,
    Return,
    Step,
    SubFlow,
    every_way,
)
from careline.modules.contact.flows.engine.values import BadGap, Gap, gaps

Library = Mapping[str, Flow]
Known = frozenset[str]


def problems(flow: Flow, library: Library) -> list[Problem]:
    """What is wrong with the variables of a flow whose calls are known to end."""
    found = list(_bad_gaps(flow))
    if found:
        return found
    secret, plain = _named(flow, library)
    return [
        *(Problem(code="secret-and-plain", step=flow.start, detail=name) for name in sorted(secret & plain)),
        *_leaking(flow, secret),
        *_leaking_below(flow, library, secret),
        *_unset(flow, library, secret | plain | frozenset(flow.expects)),
    ]


def _said(step: Step) -> list[str]:
    return [words for text in step.texts() for words in text.values()]


def _sent(content: Any) -> Iterator[str]:
    """The templates in the body of a business call."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for one in content.values():
            yield from _sent(one)
    elif isinstance(content, list):
        for one in content:
            yield from _sent(one)


def _body(step: Step) -> list[str]:
    return list(_sent(step.body)) if isinstance(step, BusinessCall) and step.body is not None else []


def _bad_gaps(flow: Flow) -> Iterator[Problem]:
    for name, step in flow.steps.items():
        if isinstance(step, BusinessCall):
            yield from _not_for_paths(name, step)
        for template in [*_said(step), *step.templates(), *_body(step)]:
            try:
                found = gaps(template)
            except BadGap as bad:
                yield Problem(code="gap-not-readable", step=name, detail=str(bad)[:60])
                continue
            yield from _unknown_facts(name, found, may=template in step.templates())


def _not_for_paths(name: str, step: BusinessCall) -> Iterator[Problem]:
    """A path takes variables as they are: what is read aloud in some way, and facts, are for others."""
    try:
        found = gaps(step.path)
    except BadGap:
        return
    for gap in found:
        if "." in gap.name:
            yield Problem(code="gap-not-for-path", step=name, detail=gap.name)
        elif gap.form != "text":
            yield Problem(code="gap-not-for-path", step=name, detail=f"{gap.name}|{gap.form}")


def _unknown_facts(name: str, found: list[Gap], *, may: bool) -> Iterator[Problem]:
    for gap in found:
        if "." in gap.name and not (may and gap.name in FACTS):
            yield Problem(code="fact-unknown", step=name, detail=gap.name)


def _named(flow: Flow, library: Library) -> tuple[Known, Known]:
    """The variables that are secret somewhere, and those that are plain somewhere, also in flows that are called."""
    secret: set[str] = set()
    plain: set[str] = set()
    for one in [flow, *_below(flow, library).values()]:
        for step in one.steps.values():
            for names in step.sets().values():
                (secret if isinstance(step, Collect) and step.secret else plain).update(names)
    return frozenset(secret), frozenset(plain)


def _below(flow: Flow, library: Library) -> dict[str, Flow]:
    """The flows that one calls, and those that these call, by code."""
    found: dict[str, Flow] = {}
    todo = [flow]
    while todo:
        for step in todo.pop().steps.values():
            if isinstance(step, SubFlow) and step.flow not in found:
                found[step.flow] = library[step.flow]
                todo.append(library[step.flow])
    return found


def _leaking(flow: Flow, secret: Known) -> Iterator[Problem]:
    for name, step in flow.steps.items():
        used = {gap.name for template in [*_said(step), *step.templates()] for gap in gaps(template)}
        if isinstance(step, Condition) and step.variable is not None:
            used.add(step.variable)
        yield from (Problem(code="secret-told", step=name, detail=one) for one in sorted(used & secret))


def _leaking_below(flow: Flow, library: Library, secret: Known) -> Iterator[Problem]:
    """A flow that is called cannot know that what it expects is secret."""
    if not secret:
        return
    below = _below(flow, library)
    leaks = {code: list(_leaking(one, secret)) for code, one in below.items()}
    told: dict[str, list[str]] = {}
    for name, step in flow.steps.items():
        if not isinstance(step, SubFlow):
            continue
        if step.flow not in told:
            reached = {step.flow, *_below(library[step.flow], library)}
            told[step.flow] = [
                f"{code}/{leak.step}: {leak.detail}" for code in below if code in reached for leak in leaks[code]
            ]
        yield from (Problem(code="secret-told", step=name, detail=detail) for detail in told[step.flow])


def _needed(step: Step, library: Library) -> list[str]:
    templates = [*_said(step), *step.templates(), *_body(step)]
    found = [gap.name for template in templates for gap in gaps(template) if "." not in gap.name]
    if isinstance(step, SubFlow):
        found += library[step.flow].expects
    return found


def _unset(flow: Flow, library: Library, anywhere: Known) -> Iterator[Problem]:
    """Gaps whose variable nobody sets, or not on every way that leads to them."""
    known = _known_at(flow, library, {})
    for name, step in flow.steps.items():
        for variable in dict.fromkeys(_needed(step, library)):
            if variable not in anywhere:
                yield Problem(code="variable-unknown", step=name, detail=variable)
            elif name in known and variable not in known[name]:
                yield Problem(code="variable-not-always-set", step=name, detail=variable)
        if isinstance(step, Condition) and step.variable is not None and step.variable not in anywhere:
            yield Problem(code="variable-unknown", step=name, detail=step.variable)


def _known_at(flow: Flow, library: Library, called: dict[str, dict[str, Known]]) -> dict[str, Known]:
    """By step, the variables that have a value however it was reached. A failure leads to safety from anywhere.

    ``called`` keeps the same of flows that are called, which is worked out once.
    """
    first = frozenset(flow.expects)
    known: dict[str, Known] = {flow.start: first, flow.safety: first}
    todo = dict.fromkeys((flow.start, flow.safety))
    while todo:
        name = next(iter(todo))
        del todo[name]
        step = flow.steps[name]
        for label, target in every_way(step).items():
            here = known[name] | _set_by(step, label, library, called)
            before = known.get(target)
            after = here if before is None else before & here
            if after != before:
                known[target] = after
                todo[target] = None
    return known


def _set_by(step: Step, label: str, library: Library, called: dict[str, dict[str, Known]]) -> Known:
    if not isinstance(step, SubFlow):
        return frozenset(step.sets().get(label, ()))
    if label == "failed":
        return frozenset()
    if step.flow not in called:
        called[step.flow] = _known_at(library[step.flow], library, called)
    known = called[step.flow]
    ends = [
        known[name]
        for name, one in library[step.flow].steps.items()
        if isinstance(one, Return) and name in known and _leads(one, step) == label
    ]
    return frozenset.intersection(*ends) if ends else frozenset()


def _leads(end: Return, step: SubFlow) -> str:
    return end.outcome if end.outcome in step.outcomes else "next"
