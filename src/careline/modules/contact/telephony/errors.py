"""Errors of telephony."""

from uuid import UUID

from careline.kernel.errors import Conflict, Unavailable


class CallGone(Conflict):
    """The caller hung up, or the call is not held by this process."""

    def __init__(self, call_id: UUID) -> None:
        super().__init__("call-gone", call_id=str(call_id))


class RecordingUnavailable(Unavailable):
    """A recording is there and cannot be opened: its key is another one, it was changed, or the disk fails."""

    def __init__(self, recording_id: UUID) -> None:
        super().__init__("recording-unavailable", id=str(recording_id))
