"""Decisions on calendars."""

from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.clock import Clock
from careline.kernel.errors import NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.kernel.text import checked_text
from careline.modules.core.hours import repository
from careline.modules.core.hours.events import CalendarChanged
from careline.modules.core.hours.rules.opening import checked_calendar, is_open, next_change
from careline.modules.core.hours.views import Calendar, CalendarNow, CalendarView
from careline.modules.directory.identity.facade import Identity


class HoursService:
    """Calendars are made and changed by administrators."""

    def __init__(self, database: Database, clock: Clock, identity: Identity) -> None:
        self._database = database
        self._clock = clock
        self._identity = identity

    async def calendars(self, tenant_id: TenantId) -> list[CalendarView]:
        """The tenant's calendars, by name."""
        async with self._database.reading(tenant_id) as reading:
            return await repository.calendars(reading)

    async def calendar(self, tenant_id: TenantId, calendar_id: UUID) -> CalendarView:
        """One calendar. Raises ``NotFound`` ("calendar-not-found")."""
        for view in await self.calendars(tenant_id):
            if view.id == calendar_id:
                return view
        raise NotFound("calendar-not-found", id=str(calendar_id))

    def now(self, view: CalendarView) -> CalendarNow:
        """Whether a calendar is open now."""
        at = self._clock.now()
        return CalendarNow(view=view, open_now=is_open(view.calendar, at), changes_at=next_change(view.calendar, at))

    async def make(self, actor: Actor, name: str, calendar: Calendar) -> CalendarView:
        """Make a calendar. Raises ``Invalid``, or ``Conflict`` ("calendar-name-taken")."""
        view = CalendarView(id=new_id(), name=_checked_name(name), calendar=checked_calendar(calendar), version=1)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await repository.insert_calendar(tx, view)
            tx.emit(CalendarChanged(calendar_id=view.id, version=1), subject=view.id)
            await self._identity.audit(tx, actor, "calendar.created", view.id)
        return view

    async def change(
        self, actor: Actor, calendar_id: UUID, name: str, calendar: Calendar, version: int
    ) -> CalendarView:
        """Set a calendar anew. Raises ``Conflict`` ("settings-changed") for an older ``version``."""
        await self.calendar(actor.tenant_id, calendar_id)
        view = CalendarView(
            id=calendar_id, name=_checked_name(name), calendar=checked_calendar(calendar), version=version + 1
        )
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await repository.change_calendar(tx, view)
            tx.emit(CalendarChanged(calendar_id=view.id, version=view.version), subject=view.id)
            await self._identity.audit(tx, actor, "calendar.changed", view.id)
        return view


def _checked_name(name: str) -> str:
    return checked_text(name, field="name", max_length=60)
