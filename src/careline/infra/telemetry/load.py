"""How late this process is, and whether it is so late that newcomers are turned away.

Everything happens in one loop and is written by one writer: when they are late, every caller and agent inside waits for
each newcomer. So newcomers are told at once that nobody can serve them now, and those inside go on. Four times a second
it is measured by how much a timer is late, or how long somebody had to wait for a turn to write, if that is longer;
smoothed, so that a single long step turns nobody away.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import ClassVar

from careline.kernel.clock import Clock
from careline.kernel.errors import Unavailable

logger = logging.getLogger(__name__)

EVERY_S = 0.25
SMOOTHING = 0.3

HIGH_S = 0.2
HIGH_FOR_S = 3.0
"""Newcomers are turned away when the delay was above ``HIGH_S`` for so long …"""

LOW_S = 0.08
LOW_FOR_S = 5.0
"""… and let in again when it was below ``LOW_S`` for so long.

Moments in between do not count, and only one above ``HIGH_S`` lets the wait begin anew: else a step that is late
every few seconds would keep newcomers out for ever.
"""


class Overloaded(Unavailable):
    """Newcomers are turned away now. ``retry_after`` is in seconds."""

    retry_after: ClassVar[float] = 2 * LOW_FOR_S

    def __init__(self) -> None:
        super().__init__("overloaded", retry_after=self.retry_after)


class Load:
    """Watches the loop that it is started in. ``delay_s`` is how late it is now; ``turned_away`` counts newcomers.

    ``waited`` says how many seconds somebody had to wait for the loop's work elsewhere since it was asked last.
    """

    def __init__(self, clock: Clock, waited: Callable[[], float]) -> None:
        self._clock = clock
        self._waited = waited
        self._timer: asyncio.TimerHandle | None = None
        self._since: float | None = None
        self._noted_at = 0.0
        self._turned_away_before = 0
        self.delay_s = 0.0
        self.is_high = False
        self.turned_away = 0

    def admits(self) -> bool:
        """Whether somebody new may come in now; who may not is counted."""
        self.turned_away += self.is_high
        return not self.is_high

    async def start(self) -> None:
        """Begin to watch."""
        due = self._clock.monotonic() + EVERY_S
        self._timer = asyncio.get_running_loop().call_later(EVERY_S, self._sampled, due)

    async def stop(self) -> None:
        """Watch no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def noted(self, late_s: float) -> None:
        """Something was late by so much just now."""
        self.delay_s += SMOOTHING * (late_s - self.delay_s)
        beyond = self.delay_s < LOW_S if self.is_high else self.delay_s > HIGH_S
        now, before = self._clock.monotonic(), self._noted_at
        self._noted_at = now
        if not beyond:
            if not self.is_high or self.delay_s > HIGH_S:
                self._since = None
            elif self._since is not None:
                self._since += now - before
            return
        if self._since is None:
            self._since = now
        if now - self._since >= (LOW_FOR_S if self.is_high else HIGH_FOR_S):
            self._turn()

    def _turn(self) -> None:
        self.is_high = not self.is_high
        self._since = None
        if self.is_high:
            self._turned_away_before = self.turned_away
            logger.warning("overloaded: all is late by %.2f s, newcomers are turned away", self.delay_s)
        else:
            missed = self.turned_away - self._turned_away_before
            logger.warning("no longer overloaded: newcomers are let in again; %d were turned away", missed)

    def _sampled(self, due: float) -> None:
        now = self._clock.monotonic()
        self.noted(max(now - due, self._waited()))
        self._timer = asyncio.get_running_loop().call_later(EVERY_S, self._sampled, now + EVERY_S)
