"""Errors of telephony."""

from uuid import UUID

from careline.kernel.errors import Conflict


class CallGone(Conflict):
    """The caller hung up, or the call is not held by this process."""

    def __init__(self, call_id: UUID) -> None:
        super().__init__("call-gone", call_id=str(call_id))
