"""The door of hours."""

from uuid import UUID

from careline.kernel.tenancy import Actor, TenantId
from careline.modules.core.hours.service import HoursService
from careline.modules.core.hours.views import Calendar, CalendarNow, CalendarView


class Hours:
    """When a centre works. With a calendar in hand, ``views.is_open`` and its sisters answer without asking here."""

    def __init__(self, service: HoursService) -> None:
        self._service = service

    async def calendars(self, tenant_id: TenantId) -> list[CalendarView]:
        """The tenant's calendars, by name."""
        return await self._service.calendars(tenant_id)

    async def calendar(self, tenant_id: TenantId, calendar_id: UUID) -> CalendarView:
        """One calendar. Raises ``NotFound`` ("calendar-not-found")."""
        return await self._service.calendar(tenant_id, calendar_id)

    def now(self, view: CalendarView) -> CalendarNow:
        """Whether a calendar is open now, and when that changes."""
        return self._service.now(view)

    async def make(self, actor: Actor, name: str, calendar: Calendar) -> CalendarView:
        """Make a calendar."""
        return await self._service.make(actor, name, calendar)

    async def change(
        self, actor: Actor, calendar_id: UUID, name: str, calendar: Calendar, version: int
    ) -> CalendarView:
        """Set a calendar anew."""
        return await self._service.change(actor, calendar_id, name, calendar, version)
