"""Frozen records that hours hands out."""

from datetime import datetime
from uuid import UUID

import msgspec

from careline.modules.core.hours.rules.official import OfficialYear, official_days
from careline.modules.core.hours.rules.opening import Calendar, DatedException, Span, is_open, next_change, next_opening

__all__ = [
    "Calendar",
    "DatedException",
    "OfficialYear",
    "Span",
    "is_open",
    "next_change",
    "next_opening",
    "official_days",
]


class CalendarView(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar of the tenant. ``version`` is the one that was looked at; who changes it says it."""

    id: UUID
    name: str
    calendar: Calendar
    version: int


class CalendarNow(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar, whether it is open now, and when that changes; None for never."""

    view: CalendarView
    open_now: bool
    changes_at: datetime | None
