"""Where an interaction can go from where it is."""

from itertools import product

import pytest

from careline.modules.contact.conversations.states import LIVE, TRANSITIONS, InteractionState, after_contact, may_go

FLOW, QUEUED, TALKING, WRAPPING, CLOSED = InteractionState

ALLOWED = {
    (FLOW, QUEUED),
    (FLOW, CLOSED),
    (QUEUED, FLOW),
    (QUEUED, QUEUED),
    (QUEUED, TALKING),
    (QUEUED, CLOSED),
    (TALKING, QUEUED),
    (TALKING, WRAPPING),
    (WRAPPING, QUEUED),
    (WRAPPING, CLOSED),
}


@pytest.mark.parametrize(("state", "to"), list(product(InteractionState, repeat=2)))
def test_every_pair_is_decided(state: InteractionState, to: InteractionState) -> None:
    assert may_go(state, to) is ((state, to) in ALLOWED)


def test_every_state_can_come_to_its_end() -> None:
    for state in InteractionState:
        reached, edge = {state}, {state}
        while edge:
            edge = {to for one in edge for to in TRANSITIONS[one]} - reached
            reached |= edge
        assert CLOSED in reached


def test_who_talked_with_an_agent_leaves_them_work() -> None:
    assert {state: after_contact(state) for state in InteractionState} == {
        FLOW: CLOSED,
        QUEUED: CLOSED,
        TALKING: WRAPPING,
        WRAPPING: WRAPPING,
        CLOSED: CLOSED,
    }
    assert {FLOW, QUEUED, TALKING} == LIVE
