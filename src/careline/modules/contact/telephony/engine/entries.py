"""Where a number leads a caller: the first of its rules that fits, or its own flow. Pure.

A rule fits when all of its conditions do. A condition that is left empty asks for nothing; a rule without any would
hide all that stand below it, and is refused.
"""

import enum
import re
from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec

from careline.kernel.errors import Invalid

MOST_RULES = 20
MOST_PREFIXES = 50
MOST_LEVELS = 10
LONGEST_PREFIX = 8
"""Digits. A whole number would be somebody's: who is somebody is told apart by ``levels``, in their own record."""

_PREFIX = re.compile(r"(\+[1-9][0-9]{0,6}|[0-9]{1,8})")
_CODE = re.compile(r"[a-z0-9_-]{1,40}")


class When(enum.StrEnum):
    """On which side of a calendar a rule fits."""

    OPEN = "open"
    CLOSED = "closed"


class EntryRule(msgspec.Struct, frozen=True, kw_only=True):
    """Lead to ``flow`` who calls while the calendar is open (or closed), from a number that begins so, as a customer
    of one of these levels."""

    flow: str
    calendar_id: UUID | None = None
    when: When = When.OPEN
    prefixes: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


class OverlapKind(enum.StrEnum):
    """``never``: whoever fits the later rule fits the earlier one; ``partly``: some fit both."""

    NEVER = "never"
    PARTLY = "partly"


class Overlap(msgspec.Struct, frozen=True, kw_only=True):
    """Two rules, counted from 0, that lead some callers to different flows; the earlier one has them."""

    kind: OverlapKind
    earlier: int
    later: int


def checked_rules(rules: Sequence[EntryRule]) -> tuple[EntryRule, ...]:
    """Rules that can be followed. Raises ``Invalid`` naming the rule and the field."""
    if len(rules) > MOST_RULES:
        raise Invalid("entry-rules-too-many", field="rules", max=MOST_RULES)
    return tuple(_checked(rule, f"rules/{index}") for index, rule in enumerate(rules))


def _checked(rule: EntryRule, place: str) -> EntryRule:
    if rule.calendar_id is None and not rule.prefixes and not rule.levels:
        raise Invalid("entry-rule-without-condition", field=place)
    if len(rule.prefixes) > MOST_PREFIXES:
        raise Invalid("prefixes-too-many", field=f"{place}/prefixes", max=MOST_PREFIXES)
    if len(rule.levels) > MOST_LEVELS:
        raise Invalid("levels-too-many", field=f"{place}/levels", max=MOST_LEVELS)
    for prefix in rule.prefixes:
        if not _PREFIX.fullmatch(prefix):
            raise Invalid("caller-prefix-unreadable", field=f"{place}/prefixes", value=prefix, max=LONGEST_PREFIX)
    for level in rule.levels:
        if not _CODE.fullmatch(level):
            raise Invalid("customer-level-unreadable", field=f"{place}/levels")
    return msgspec.structs.replace(
        rule, prefixes=tuple(dict.fromkeys(rule.prefixes)), levels=tuple(dict.fromkeys(rule.levels))
    )


def chosen(
    rules: Sequence[EntryRule],
    *,
    caller_number: str | None,
    level: str | None,
    is_open: Callable[[UUID], bool | None],
) -> int | None:
    """The index of the rule that has a caller; None when none has.

    ``caller_number`` is in the form that customers' numbers are kept in; a hidden one begins with nothing. ``is_open``
    answers None for a calendar that is not there: neither side of it is.
    """
    for index, rule in enumerate(rules):
        if rule.prefixes and (caller_number is None or not caller_number.startswith(rule.prefixes)):
            continue
        if rule.levels and level not in rule.levels:
            continue
        if rule.calendar_id is not None and is_open(rule.calendar_id) is not (rule.when is When.OPEN):
            continue
        return index
    return None


def overlaps(rules: Sequence[EntryRule]) -> list[Overlap]:
    """Pairs of rules with different flows that some caller fits both of, for whoever sets them to see.

    Two calendars may be open at once; that is not looked into.
    """
    found = []
    for later, low in enumerate(rules):
        for earlier, high in enumerate(rules[:later]):
            if _covers(high, low):
                found.append(Overlap(kind=OverlapKind.NEVER, earlier=earlier, later=later))
                break  # nobody comes so far: what stands between does not matter
            if high.flow != low.flow and _meet(high, low):
                found.append(Overlap(kind=OverlapKind.PARTLY, earlier=earlier, later=later))
    return found


def _covers(high: EntryRule, low: EntryRule) -> bool:
    same_hours = high.calendar_id is None or (high.calendar_id, high.when) == (low.calendar_id, low.when)
    prefixes = not high.prefixes or (
        bool(low.prefixes) and all(prefix.startswith(high.prefixes) for prefix in low.prefixes)
    )
    levels = not high.levels or (bool(low.levels) and set(low.levels) <= set(high.levels))
    return same_hours and prefixes and levels


def _meet(one: EntryRule, other: EntryRule) -> bool:
    if one.calendar_id is not None and one.calendar_id == other.calendar_id and one.when is not other.when:
        return False
    if one.levels and other.levels and not set(one.levels) & set(other.levels):
        return False
    if not one.prefixes or not other.prefixes:
        return True
    return any(mine.startswith(other.prefixes) for mine in one.prefixes) or any(
        theirs.startswith(one.prefixes) for theirs in other.prefixes
    )
