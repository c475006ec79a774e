"""What the endpoints of hours take and give."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from careline.modules.core.hours.views import Calendar, CalendarNow, OfficialYear

Minute = Annotated[int, Field(ge=0, le=1440, description="Minutes since midnight; 1440 is the midnight after")]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class _Whole(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)


class SpanShown(_Whole):
    """A stretch of a day, from its first minute until before its last."""

    start: Minute
    end: Minute


class ExceptionShown(_Whole):
    """A day that is not as its weekday says: as another weekday (``like``, 0 is Monday), or with its own times."""

    day: Day
    name: Annotated[str, Field(max_length=200)]
    like: Annotated[int, Field(ge=0, le=6)] | None = None
    spans: Annotated[list[SpanShown], Field(max_length=50)] = []


class CalendarWanted(_Whole):
    """A calendar as it shall be: times of each weekday, Monday first."""

    name: Annotated[str, Field(max_length=400)]
    time_zone: Annotated[str, Field(max_length=80)]
    weekly: Annotated[list[Annotated[list[SpanShown], Field(max_length=50)]], Field(min_length=7, max_length=7)]
    exceptions: Annotated[list[ExceptionShown], Field(max_length=1000)]

    def calendar(self) -> Calendar:
        """As hours takes it."""
        told = self.model_dump(mode="json", include={"time_zone", "weekly", "exceptions"})
        return msgspec.convert(told, Calendar)


class CalendarChangeWanted(CalendarWanted):
    """A calendar as it shall be, and the version that was looked at."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class CalendarShown(CalendarWanted):
    """A calendar, whether it is open now, and when that changes; null for never."""

    id: UUID
    version: int
    open_now: bool
    changes_at: datetime | None

    @classmethod
    def of(cls, now: CalendarNow) -> "CalendarShown":
        """From the record of hours."""
        view = now.view
        told = msgspec.to_builtins(view.calendar)
        return cls.model_validate(
            {
                **told,
                "id": view.id,
                "name": view.name,
                "version": view.version,
                "open_now": now.open_now,
                "changes_at": now.changes_at,
            }
        )


class CalendarList(BaseModel):
    """Calendars, by name; all on one page."""

    items: list[CalendarShown]
    next: str | None = None


class OfficialYearShown(BaseModel):
    """The holidays of a country in a year, and where they were published."""

    country: str
    year: int
    source: str
    days: list[ExceptionShown]

    @classmethod
    def of(cls, year: OfficialYear) -> "OfficialYearShown":
        """From the record of hours."""
        return cls.model_validate(msgspec.to_builtins(year))


class OfficialYearList(BaseModel):
    """What is known, the latest year first."""

    items: list[OfficialYearShown]
