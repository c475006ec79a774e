"""What a queue's settings may be, alone and together with the other queues. Pure."""

import enum
import re
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

import msgspec

from careline.kernel.errors import Invalid
from careline.kernel.text import checked_text
from careline.modules.core.routing.engine.model import LEVELS, Needs, Strategy

__all__ = ["USUAL_REASONS", "Overflow", "QueueRules", "Reason", "Relaxation", "Strategy"]

DAY_S = 86_400
MOST_STEPS = 8
MOST_NEEDS = 8
MOST_WAITING = 100_000
MOST_REASONS = 20
MOST_KINDS = 20

_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}\Z")


class Overflow(enum.StrEnum):
    """Where somebody goes whom a queue cannot keep: another queue, leaving a message, or a polite good-bye."""

    QUEUE = "queue"
    MESSAGE = "message"
    GOODBYE = "goodbye"


class Relaxation(msgspec.Struct, frozen=True, kw_only=True):
    """What gives way after so many seconds in the queue: levels off every need, skills no longer asked for, queues
    whose agents help."""

    after_s: int
    lower_by: int = 0
    drop: tuple[str, ...] = ()
    join: tuple[UUID, ...] = ()


class QueueRules(msgspec.Struct, frozen=True, kw_only=True):
    """How a queue is served, and what it does with those it cannot keep.

    ``priority_step_s``: how much waiting a level of priority is worth. ``preferred_wait_s``: how long somebody waits
    for the agent who served them last, when that one is signed in; 0 for not at all. ``max_waiting`` and ``max_wait_s``
    are None for no limit. ``closed`` is by hand; ``calendar_id`` says the hours, None for always.
    ``decline_pause_s``: how long somebody is not offered again to an agent who let them to others. ``set_aside_s``: how
    long an agent who did not answer gets nothing of the medium, None until they say ready again.
    """

    strategy: Strategy = Strategy.MOST_SKILLED
    priority_step_s: int = 60
    relaxation: tuple[Relaxation, ...] = ()
    preferred_wait_s: int = 0
    max_waiting: int | None = None
    max_wait_s: int | None = 1800
    overflow: Overflow = Overflow.GOODBYE
    overflow_to: UUID | None = None
    calendar_id: UUID | None = None
    closed: bool = False
    decline_pause_s: int = 60
    set_aside_s: int | None = None


def checked_code(code: str) -> str:
    """A queue's code, which flows name: it never changes."""
    if not _CODE.match(code):
        raise Invalid("queue-code-not-usable", field="code", allowed="a-z 0-9 _ -", max=40)
    return code


def check_number(value: float | None, field: str, least: float, most: float) -> None:
    """A number within its limits; None is no number to check."""
    if value is not None and not least <= value <= most:
        raise Invalid("number-out-of-range", field=field, min=least, max=most)


def checked_needs(needs: Iterable[tuple[str, int]], known: Collection[str]) -> Needs:
    """The skills asked for with the least proficiency; each once and known to the tenant."""
    found = tuple(needs)
    if len(found) > MOST_NEEDS:
        raise Invalid("needs-too-many", field="needs", max=MOST_NEEDS)
    if len({skill for skill, _ in found}) != len(found):
        raise Invalid("skill-twice", field="needs")
    for skill, level in found:
        if skill not in known:
            raise Invalid("skill-unknown", field="needs", skill=skill)
        check_number(level, "needs", 1, LEVELS)
    return found


def checked_rules(rules: QueueRules, needs: Needs) -> QueueRules:
    """Rules that make sense by themselves."""
    check_number(rules.priority_step_s, "rules/priority_step_s", 0, DAY_S)
    check_number(rules.preferred_wait_s, "rules/preferred_wait_s", 0, 3600)
    check_number(rules.decline_pause_s, "rules/decline_pause_s", 0, 3600)
    check_number(rules.set_aside_s, "rules/set_aside_s", 5, DAY_S)
    check_number(rules.max_waiting, "rules/max_waiting", 0, MOST_WAITING)
    check_number(rules.max_wait_s, "rules/max_wait_s", 5, DAY_S)
    if (rules.overflow is Overflow.QUEUE) != (rules.overflow_to is not None):
        raise Invalid("overflow-queue-needed", field="rules/overflow_to")
    if len(rules.relaxation) > MOST_STEPS:
        raise Invalid("relaxation-steps-too-many", field="rules/relaxation", max=MOST_STEPS)
    before = 0
    for step in rules.relaxation:
        check_number(step.after_s, "rules/relaxation", 1, DAY_S)
        check_number(step.lower_by, "rules/relaxation", 0, LEVELS - 1)
        if step.after_s <= before:
            raise Invalid("relaxation-steps-not-ascending", field="rules/relaxation")
        before = step.after_s
        if not (step.lower_by or step.drop or step.join):
            raise Invalid("relaxation-step-empty", field="rules/relaxation", after_s=step.after_s)
        unknown = set(step.drop) - {skill for skill, _ in needs}
        if unknown:
            raise Invalid("relaxation-drops-no-need", field="rules/relaxation", skill=min(unknown))
    return rules


def check_together(queue_id: UUID, queues: Mapping[UUID, tuple[frozenset[str], QueueRules]]) -> None:
    """The media and rules of all queues: what ``queue_id`` names is there, takes what it sends, and leads to an end."""
    rules = queues[queue_id][1]
    joined = {other for step in rules.relaxation for other in step.join}
    if not joined <= queues.keys() - {queue_id}:
        raise Invalid("queue-cannot-help-itself" if queue_id in joined else "queue-unknown", field="rules/relaxation")
    if rules.overflow_to is not None and rules.overflow_to not in queues:
        raise Invalid("queue-unknown", field="rules/overflow_to")
    for other_id, (media, other) in queues.items():
        target = None if other.overflow_to is None else queues.get(other.overflow_to)
        if target is not None and not media <= target[0]:
            # Either this queue sends on what the other does not take, or another sends here what this does not take.
            raise Invalid(
                "overflow-takes-not-all-media", field="rules/overflow_to" if other_id == queue_id else "media"
            )
    seen = {queue_id}
    to = rules.overflow_to
    while to is not None:
        if to in seen:
            raise Invalid("overflow-in-a-circle", field="rules/overflow_to")
        seen.add(to)
        to = queues[to][1].overflow_to


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why an agent takes no work for now: ``code`` is stored and counted, the names are what people read."""

    code: str
    name: str
    name_en: str


USUAL_REASONS = (
    Reason(code="break", name="休息", name_en="Break"),
    Reason(code="meal", name="用餐", name_en="Meal"),
    Reason(code="training", name="培训", name_en="Training"),
    Reason(code="meeting", name="开会", name_en="Meeting"),
)
"""What a tenant begins with."""


def checked_reasons(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """At least one reason, each code once and both names there."""
    found = tuple(
        Reason(
            code=checked_code(reason.code),
            name=checked_text(reason.name, field="items", max_length=20),
            name_en=checked_text(reason.name_en, field="items", max_length=40),
        )
        for reason in reasons
    )
    check_number(len(found), "items", 1, MOST_REASONS)
    if len({reason.code for reason in found}) != len(found):
        raise Invalid("reason-twice", field="items")
    return found


def checked_kinds(kinds: Iterable[str]) -> list[str]:
    """The kinds of customers that a desk is kept for."""
    found = sorted(set(kinds))
    check_number(len(found), "kinds", 0, MOST_KINDS)
    for kind in found:
        if not _CODE.match(kind):
            raise Invalid("kind-not-usable", field="kinds", allowed="a-z 0-9 _ -", max=40)
    return found


def weakest_needs(needs: Needs, rules: QueueRules) -> Needs:
    """What is still asked for when every step has given way: who has this much belongs to the queue's agents."""
    dropped = {skill for step in rules.relaxation for skill in step.drop}
    lower = sum(step.lower_by for step in rules.relaxation)
    return tuple((skill, max(1, level - lower)) for skill, level in needs if skill not in dropped)
