"""HTTP of hours."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from careline.infra.http import requires
from careline.kernel.tenancy import Actor
from careline.modules.core.hours.facade import Hours
from careline.modules.core.hours.rules.official import OFFICIAL
from careline.modules.core.hours.schemas import (
    CalendarChangeWanted,
    CalendarList,
    CalendarShown,
    CalendarWanted,
    OfficialYearList,
    OfficialYearShown,
)

Administrator = Annotated[Actor, requires("routing:manage")]


def build_router(hours: Hours) -> APIRouter:
    """For who sets when the centre works."""
    router = APIRouter(tags=["hours"])

    @router.get("/calendars")
    async def calendars(actor: Administrator) -> CalendarList:
        """The calendars, by name."""
        found = await hours.calendars(actor.tenant_id)
        return CalendarList(items=[CalendarShown.of(hours.now(view)) for view in found])

    @router.post("/calendars", status_code=201)
    async def make_calendar(wanted: CalendarWanted, actor: Administrator) -> CalendarShown:
        """Make a calendar."""
        return CalendarShown.of(hours.now(await hours.make(actor, wanted.name, wanted.calendar())))

    @router.get("/calendars/{calendar_id}")
    async def calendar(calendar_id: UUID, actor: Administrator) -> CalendarShown:
        """One calendar."""
        return CalendarShown.of(hours.now(await hours.calendar(actor.tenant_id, calendar_id)))

    @router.put("/calendars/{calendar_id}")
    async def change_calendar(calendar_id: UUID, wanted: CalendarChangeWanted, actor: Administrator) -> CalendarShown:
        """Set a calendar anew; what works by it follows at once."""
        view = await hours.change(actor, calendar_id, wanted.name, wanted.calendar(), wanted.version)
        return CalendarShown.of(hours.now(view))

    @router.get("/official-holidays")
    async def official_holidays(actor: Administrator) -> OfficialYearList:
        """Holidays and make-up working days as they were published, to be taken over and changed."""
        years = sorted(OFFICIAL, key=lambda one: -one.year)
        return OfficialYearList(items=[OfficialYearShown.of(year) for year in years])

    return router
