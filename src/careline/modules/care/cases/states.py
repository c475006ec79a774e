"""Where a case can go from where it is, as one table."""

import enum


class CaseState(enum.StrEnum):
    """How far a case is. ``resolved`` is our word, ``closed`` means that nothing is left to say about it."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"


_S = CaseState

TRANSITIONS: dict[CaseState, tuple[CaseState, ...]] = {
    # Resolved at once: most consultations are answered while they are written down.
    _S.OPEN: (_S.IN_PROGRESS, _S.RESOLVED),
    # Back to open: put back for somebody else.
    _S.IN_PROGRESS: (_S.RESOLVED, _S.OPEN),
    # Back to in progress, here and below: re-opened, since it was not finished after all.
    _S.RESOLVED: (_S.CLOSED, _S.IN_PROGRESS),
    _S.CLOSED: (_S.IN_PROGRESS,),
}


def may_become(state: CaseState) -> tuple[CaseState, ...]:
    """The states that are one step away, the usual one first."""
    return TRANSITIONS[state]
