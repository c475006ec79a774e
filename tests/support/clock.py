"""Time that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""A Monday, nine in the morning in Beijing."""


class FakeClock:
    """A ``Clock`` whose two faces, wall and monotonic, move together."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float = 0, /, *, minutes: float = 0, hours: float = 0, days: float = 0) -> datetime:
        """Let time pass; the new present."""
        passed = timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)
        self._now += passed
        self._monotonic += passed.total_seconds()
        return self._now

    def set_back(self, *, hours: float) -> datetime:
        """Somebody puts the wall clock right; the monotonic one does not notice. The new present."""
        self._now -= timedelta(hours=hours)
        return self._now
