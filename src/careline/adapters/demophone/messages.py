"""Short messages of the demo: sent into memory, read on the page of the demo's telephone."""

from collections import deque
from datetime import datetime

import msgspec

from careline.kernel.clock import Clock
from careline.kernel.tenancy import TenantId
from careline.modules.directory.customers.ports import Handed, NewText

KEPT = 100


class ShortMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What a telephone got. ``number`` is the one it was sent to; after ``until`` it is worth nothing."""

    number: str
    code: str
    sent_at: datetime
    until: datetime


class DemoMessages:
    """A ``TextSender`` that sends to nobody's telephone. Only for the demo, whose customers are made up."""

    is_ready = True

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: deque[ShortMessage] = deque(maxlen=KEPT)

    async def send(self, tenant_id: TenantId, text: NewText) -> Handed:
        """Keep it for the page: it is on the telephone already."""
        now = self._clock.now()
        self._kept.append(ShortMessage(number=text.number, code=text.code, sent_at=now, until=text.good_until))
        return Handed.DELIVERED

    def of(self, number: str) -> list[ShortMessage]:
        """What a number got and can still use, the latest first."""
        now = self._clock.now()
        return [one for one in reversed(self._kept) if one.number == number and one.until > now]
