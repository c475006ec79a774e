"""Rules of a number: the first that fits has the caller, and what overlaps is told."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.kernel.errors import Invalid
from careline.modules.contact.telephony.engine.entries import (
    MOST_RULES,
    EntryRule,
    Overlap,
    OverlapKind,
    When,
    checked_rules,
    chosen,
    overlaps,
)

DAY, NIGHT = uuid4(), uuid4()
CALENDARS = (DAY, NIGHT)
LEVELS = ("standard", "gold", "diamond")

rules_of = st.lists(
    st.builds(
        EntryRule,
        flow=st.sampled_from(["a", "b", "c"]),
        calendar_id=st.sampled_from([None, *CALENDARS]),
        when=st.sampled_from(When),
        prefixes=st.lists(st.text("13", min_size=1, max_size=3), max_size=2).map(tuple),
        levels=st.lists(st.sampled_from(LEVELS), max_size=2).map(tuple),
    ),
    max_size=6,
)
callers = st.one_of(st.none(), st.text("139", min_size=3, max_size=5))
levels = st.sampled_from([None, *LEVELS])
opens = st.fixed_dictionaries({calendar: st.booleans() for calendar in CALENDARS})


def choose(
    rules: list[EntryRule], number: str | None = None, level: str | None = None, opens: dict[UUID, bool] | None = None
) -> int | None:
    return chosen(rules, caller_number=number, level=level, is_open=lambda one: (opens or {}).get(one))


def test_all_conditions_of_a_rule_have_to_fit_and_the_first_such_rule_has_the_caller() -> None:
    rules = [
        EntryRule(flow="night", calendar_id=DAY, when=When.CLOSED),
        EntryRule(flow="important", levels=("gold", "diamond"), prefixes=("138",)),
        EntryRule(flow="day", calendar_id=DAY),
    ]
    assert choose(rules, "13812346021", "gold", {DAY: False}) == 0
    assert choose(rules, "13812346021", "gold", {DAY: True}) == 1
    assert choose(rules, "13912346021", "gold", {DAY: True}) == 2
    assert choose(rules, None, "gold", {DAY: True}) == 2
    assert choose(rules, "13912346021") is None, "a calendar that is not there is neither open nor closed"


@given(rules_of, callers, levels, opens)
def test_where_a_rule_is_said_to_have_nobody_it_has_nobody(
    rules: list[EntryRule], number: str | None, level: str | None, opens: dict[UUID, bool]
) -> None:
    told = overlaps(rules)
    has = choose(rules, number, level, opens)
    assert has not in {one.later for one in told if one.kind is OverlapKind.NEVER}
    assert all(one.earlier < one.later for one in told)
    if has is None:
        return
    # Whoever fits a later rule with another flow as well is a caller that the two overlap in.
    for later in range(has + 1, len(rules)):
        if rules[later].flow != rules[has].flow and choose([rules[later]], number, level, opens) == 0:
            never = {one.later for one in told if one.kind is OverlapKind.NEVER}
            assert later in never or any((one.earlier, one.later) == (has, later) for one in told)


def test_what_overlaps_is_told_by_pair() -> None:
    gold = EntryRule(flow="a", levels=("gold",))
    assert overlaps([gold, EntryRule(flow="b", prefixes=("138",))]) == [
        Overlap(kind=OverlapKind.PARTLY, earlier=0, later=1)
    ]
    assert overlaps([gold, EntryRule(flow="b", levels=("diamond",))]) == []
    assert overlaps([gold, EntryRule(flow="b", levels=("gold",), prefixes=("138",))]) == [
        Overlap(kind=OverlapKind.NEVER, earlier=0, later=1)
    ]
    closed = EntryRule(flow="a", calendar_id=DAY, when=When.CLOSED)
    assert overlaps([closed, EntryRule(flow="b", calendar_id=DAY, prefixes=("138",))]) == []


@pytest.mark.parametrize(
    ("rules", "code", "field"),
    [
        ([EntryRule(flow="a")], "entry-rule-without-condition", "rules/0"),
        ([EntryRule(flow="a", levels=("gold",))] * (MOST_RULES + 1), "entry-rules-too-many", "rules"),
        ([EntryRule(flow="a", prefixes=("13812346021",))], "caller-prefix-unreadable", "rules/0/prefixes"),
        ([EntryRule(flow="a", prefixes=("",))], "caller-prefix-unreadable", "rules/0/prefixes"),
        ([EntryRule(flow="a", prefixes=("1",) * 51)], "prefixes-too-many", "rules/0/prefixes"),
        ([EntryRule(flow="a", levels=("Gold card",))], "customer-level-unreadable", "rules/0/levels"),
    ],
)
def test_what_cannot_be_followed_is_refused(rules: list[EntryRule], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_rules(rules)
    assert (refused.value.code, refused.value.field) == (code, field)
