"""What happens to calendars. The subject is the calendar's id."""

from uuid import UUID

from careline.kernel.events import Event, register


class CalendarChanged(Event, frozen=True, kw_only=True):
    """A calendar is new, or has other times or another name."""

    name = "hours.calendar-changed"
    calendar_id: UUID
    version: int


register(CalendarChanged)
