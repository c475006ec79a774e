"""What happens to calls, and to the numbers that they come by.

Of calls the subject is the call's id, which is also the interaction's.
"""

from uuid import UUID

from careline.kernel.events import Event, register


class CallArrived(Event, frozen=True, kw_only=True):
    """A call reached one of our numbers and is stored."""

    name = "telephony.call-arrived"
    call_id: UUID
    node: str
    called_number: str


class CallConnected(Event, frozen=True, kw_only=True):
    """Caller and agent hear each other."""

    name = "telephony.call-connected"
    call_id: UUID
    agent_id: UUID


class CallHeld(Event, frozen=True, kw_only=True):
    """The agent put the caller on hold: they hear music."""

    name = "telephony.call-held"
    call_id: UUID
    agent_id: UUID


class CallResumed(Event, frozen=True, kw_only=True):
    """The agent took the caller back from hold. A hold whose talk ends is over without it."""

    name = "telephony.call-resumed"
    call_id: UUID
    agent_id: UUID


class CallEnded(Event, frozen=True, kw_only=True):
    """The caller's leg is gone. ``by``: caller, flow, agent, safety (handed to the safe dialplan), or
    unknown (found gone after a restart)."""

    name = "telephony.call-ended"
    call_id: UUID
    cause: str
    by: str


class CallRecovered(Event, frozen=True, kw_only=True):
    """After a restart the caller was found alive, and nobody runs their flow; somebody must take it up.

    ``connected``: they still talk with their agent.
    """

    name = "telephony.call-recovered"
    call_id: UUID
    connected: bool


class NumberChanged(Event, frozen=True, kw_only=True):
    """A number is new, leads elsewhere, or is ours no more. The subject is the number's id."""

    name = "telephony.number-changed"
    number_id: UUID


class RecordingStarted(Event, frozen=True, kw_only=True):
    """A recording began, after it had been announced."""

    name = "telephony.recording-started"
    call_id: UUID
    recording_id: UUID


class RecordingEnded(Event, frozen=True, kw_only=True):
    """A recording is complete, or (``lost``) nothing usable of it was left."""

    name = "telephony.recording-ended"
    call_id: UUID
    recording_id: UUID
    lost: bool


register(
    CallArrived,
    CallConnected,
    CallHeld,
    CallResumed,
    CallEnded,
    CallRecovered,
    NumberChanged,
    RecordingStarted,
    RecordingEnded,
)
