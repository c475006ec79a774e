"""The statements on calendars."""

import msgspec
from sqlalchemy import insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uniqueness import conflict_when_taken
from careline.kernel.errors import Conflict
from careline.modules.core.hours.models import CalendarRow
from careline.modules.core.hours.views import Calendar, CalendarView

TAKEN = "calendar-name-taken"


async def calendars(reading: Reading) -> list[CalendarView]:
    """The tenant's calendars, by name."""
    statement = (
        select(CalendarRow.id, CalendarRow.name, CalendarRow.times, CalendarRow.version)
        .where(CalendarRow.tenant_id == reading.tenant_id)
        .order_by(CalendarRow.name)
    )
    return [
        CalendarView(id=row.id, name=row.name, calendar=msgspec.convert(row.times, Calendar), version=row.version)
        for row in (await reading.execute(statement)).all()
    ]


async def insert_calendar(tx: Transaction, view: CalendarView) -> None:
    """Add a calendar. Raises ``Conflict`` when its name is taken."""
    values = {"id": view.id, "name": view.name, "times": msgspec.to_builtins(view.calendar), "version": view.version}
    with conflict_when_taken(TAKEN, field="name"):
        await tx.execute(insert(CalendarRow).values(tenant_id=tx.tenant_id, **values))


async def change_calendar(tx: Transaction, view: CalendarView) -> None:
    """Set a calendar that is still at the version before. Raises ``Conflict`` when it is not, or the name is taken."""
    statement = update(CalendarRow).where(
        CalendarRow.tenant_id == tx.tenant_id, CalendarRow.id == view.id, CalendarRow.version == view.version - 1
    )
    values = {"name": view.name, "times": msgspec.to_builtins(view.calendar), "version": view.version}
    with conflict_when_taken(TAKEN, field="name"):
        changed = (await tx.execute(statement.values(**values))).rowcount
    if changed != 1:
        raise Conflict("settings-changed", field="version")
