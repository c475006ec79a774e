"""Where a request is, and where it can go from there."""

import enum


class RequestState(enum.StrEnum):
    """``waiting`` for a second person; ``running``; ``ready`` to be downloaded; ``done``; ``refused``; ``expired``."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    DONE = "done"
    REFUSED = "refused"
    EXPIRED = "expired"


_S = RequestState

OPEN = frozenset({_S.WAITING, _S.RUNNING})
"""Something is still to be done by us."""

TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    # Expired at once: the person of a copy that waits or is being made was erased.
    _S.WAITING: frozenset({_S.RUNNING, _S.REFUSED, _S.EXPIRED}),
    _S.RUNNING: frozenset({_S.READY, _S.DONE, _S.EXPIRED}),
    _S.READY: frozenset({_S.EXPIRED}),
    _S.DONE: frozenset(),
    _S.REFUSED: frozenset(),
    _S.EXPIRED: frozenset(),
}


def before(state: RequestState) -> list[str]:
    """The states that lead to a state, for a change that happens in these only."""
    return [one.value for one, following in TRANSITIONS.items() if state in following]
