"""How fast somebody unknown may go, in memory: a burst, and then so many a second."""

from collections import OrderedDict
from collections.abc import Hashable

from careline.kernel.clock import Clock
from careline.kernel.errors import TooMany

REMEMBERED = 50_000
"""Keys kept; who was silent for longest is forgotten first, and would be allowed a full burst by then."""


class Pace:
    """A token bucket for each key."""

    def __init__(self, clock: Clock, *, burst: int, per_second: float, code: str) -> None:
        self._clock = clock
        self._burst = float(burst)
        self._per_second = per_second
        self._code = code
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def check(self, key: Hashable) -> None:
        """Count one more of this key. Raises ``TooMany`` when it is one too many now."""
        now = self._clock.monotonic()
        left, at = self._left.pop(key, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._per_second)
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left, now)
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        if not allowed:
            raise TooMany(self._code, retry_after=round((1 - left) / self._per_second, 1))
