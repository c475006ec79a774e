"""Whether each step that needs to know who speaks is led to only by ways on which that has become sure."""

from collections import deque
from collections.abc import Iterator, Mapping

from careline.modules.contact.flows.engine.assurance import LEVELS, satisfies, surer
from careline.modules.contact.flows.engine.flow import Flow
from careline.modules.contact.flows.engine.problems import Problem
from careline.modules.contact.flows.engine.steps import Condition, Return, Step, SubFlow, every_way

MOST_NAMED = 12
"""Steps of a way that are named; of a longer one its beginning and its end."""

Library = Mapping[str, Flow]
Known = dict[tuple[str, str], dict[str, str]]
"""By flow and how sure one is when it is called, how sure one is at least where it comes back, by the outcome."""

At = tuple[str, str]
"""A step, and how sure we are there."""


def problems(flow: Flow, library: Library) -> Iterator[Problem]:
    """Steps that are reached by a way on which nobody has proven enough, each with the shortest of these ways."""
    ways = _walked(flow, flow.expects_assurance, library, {})
    told: set[str] = set()
    for at in ways:
        name, level = at
        step = flow.steps[name]
        needed = library[step.flow].expects_assurance if isinstance(step, SubFlow) else step.needed()
        if name not in told and not satisfies(level, needed):
            told.add(name)
            yield Problem(code="assurance-not-reached", step=name, detail=f"{needed}: {_way_to(at, ways)}")


def _walked(flow: Flow, first: str, library: Library, known: Known) -> dict[At, At | None]:
    """Everywhere that one can be with how sure we are, each with where one came from by the shortest way."""
    came_from: dict[At, At | None] = {(flow.start, first): None}
    # A failure leads to safety from anywhere.
    came_from.setdefault((flow.safety, first), None)
    todo = deque(came_from)
    while todo:
        at = todo.popleft()
        name, level = at
        step = flow.steps[name]
        for label, target in every_way(step).items():
            found = _after(step, label, level, library, known)
            if found is not None and (target, found) not in came_from:
                came_from[target, found] = at
                todo.append((target, found))
    return came_from


def _after(step: Step, label: str, level: str, library: Library, known: Known) -> str | None:
    """How sure we are at least when a way is taken; None when nobody can take it."""
    if isinstance(step, SubFlow):
        if label == "failed":
            return level
        back = _back(step.flow, level, library, known)
        ends = [found for outcome, found in back.items() if (outcome if outcome in step.outcomes else "next") == label]
        return min(ends, key=LEVELS.index) if ends else None
    if isinstance(step, Condition) and step.fact == "contact.assurance" and step.is_one_of and label == "then":
        listed = [one for one in step.is_one_of if one in LEVELS]
        return surer(level, min(listed, key=LEVELS.index)) if len(listed) == len(step.is_one_of) else level
    return surer(level, step.proves().get(label, level))


def _back(code: str, level: str, library: Library, known: Known) -> dict[str, str]:
    """How sure we are at least where a flow comes back that was called at a level, by its outcome."""
    key = (code, level)
    if key not in known:
        flow = library[code]
        found: dict[str, str] = {}
        for name, there in _walked(flow, level, library, known):
            step = flow.steps[name]
            if isinstance(step, Return):
                outcome = step.outcome or "next"
                found[outcome] = there if outcome not in found or satisfies(found[outcome], there) else found[outcome]
        known[key] = found
    return known[key]


def _way_to(at: At, came_from: Mapping[At, At | None]) -> str:
    names: list[str] = []
    here: At | None = at
    while here is not None:
        names.append(here[0])
        here = came_from[here]
    names.reverse()
    if len(names) > MOST_NAMED:
        half = MOST_NAMED // 2
        names = [*names[:half], "…", *names[-half:]]
    return " → ".join(names)
