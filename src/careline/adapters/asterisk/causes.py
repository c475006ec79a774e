"""Why a leg ended: causes of ITU-T Q.850 as Asterisk reports them, to and from the few that matter to us."""

from careline.modules.contact.telephony.ports import EndCause

# Q.850 cause -> ours. What is not named here is FAILED.
_FROM_Q850 = {
    16: EndCause.NORMAL,  # normal call clearing
    31: EndCause.NORMAL,  # normal, unspecified
    17: EndCause.BUSY,
    18: EndCause.NO_ANSWER,  # no user responding
    19: EndCause.NO_ANSWER,  # alerting, nobody answers
    21: EndCause.REJECTED,
    1: EndCause.UNREACHABLE,  # unallocated number: the phone is not registered
    3: EndCause.UNREACHABLE,  # no route
    20: EndCause.UNREACHABLE,  # subscriber absent
    22: EndCause.UNREACHABLE,  # number changed
    27: EndCause.UNREACHABLE,  # destination out of order
}

_TO_Q850 = {
    EndCause.NORMAL: 16,
    EndCause.BUSY: 17,
    EndCause.NO_ANSWER: 19,
    EndCause.REJECTED: 21,
    EndCause.UNREACHABLE: 20,
    EndCause.FAILED: 41,  # temporary failure
}


def end_cause(q850: int, *, dialled: bool, answered: bool) -> EndCause:
    """Ours for a cause. A leg that we dialled and that ends 'normally', or without a cause, before it was answered
    was not answered in time: Asterisk clears it so when the ringing time is over."""
    if dialled and not answered and q850 in (0, 16):
        return EndCause.NO_ANSWER
    if q850 == 0:
        return EndCause.NORMAL
    return _FROM_Q850.get(q850, EndCause.FAILED)


def q850(cause: EndCause) -> int:
    """The cause to give when we end a leg."""
    return _TO_Q850[cause]
