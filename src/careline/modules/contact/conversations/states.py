"""Where an interaction can go from where it is."""

import enum


class InteractionState(enum.StrEnum):
    """Where an interaction is. ``flow``: a machine speaks with the customer; ``queued`` includes being offered."""

    FLOW = "flow"
    QUEUED = "queued"
    TALKING = "talking"
    AFTER_CONTACT_WORK = "after_contact_work"
    CLOSED = "closed"


_S = InteractionState

TRANSITIONS: dict[InteractionState, frozenset[InteractionState]] = {
    _S.FLOW: frozenset({_S.QUEUED, _S.CLOSED}),
    # Back to the flow when nobody is there or the queue is full; to itself when the queue is changed.
    _S.QUEUED: frozenset({_S.FLOW, _S.QUEUED, _S.TALKING, _S.CLOSED}),
    # To the queue when the agent of a chat has gone, or that of a call is lost and the flow hears it before we do.
    _S.TALKING: frozenset({_S.QUEUED, _S.AFTER_CONTACT_WORK}),
    # To the queue when the agent's phone broke and the caller, who is still there, waits for another one.
    _S.AFTER_CONTACT_WORK: frozenset({_S.QUEUED, _S.CLOSED}),
    _S.CLOSED: frozenset(),
}

LIVE = frozenset({_S.FLOW, _S.QUEUED, _S.TALKING})
"""The customer is being served or waits for it."""


def may_go(state: InteractionState, to: InteractionState) -> bool:
    """Whether the table allows this step."""
    return to in TRANSITIONS[state]


def after_contact(state: InteractionState) -> InteractionState:
    """Where the end of the customer's side leads: who talked with an agent leaves them after-contact work."""
    if state is _S.TALKING or state is _S.AFTER_CONTACT_WORK:
        return _S.AFTER_CONTACT_WORK
    return _S.CLOSED
