"""Instants inside the engine: whole microseconds since 1970-01-01 UTC, so that order and sums are exact.

Datetimes stay at the door; they are aware, and a naive one is a mistake of the programmer (``TypeError``).
"""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000


def to_us(at: datetime) -> int:
    """Microseconds since the epoch of an aware datetime."""
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def from_us(us: int) -> datetime:
    """The aware UTC datetime of an instant."""
    return EPOCH + timedelta(microseconds=us)


def seconds_us(seconds: float) -> int:
    """A duration in seconds as whole microseconds."""
    return round(seconds * SECOND)
