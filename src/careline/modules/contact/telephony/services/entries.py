"""The numbers that lead to us, in memory, and where each leads whoever calls it now."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.errors import NotFound
from careline.kernel.events import Recorded
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony import repository
from careline.modules.contact.telephony.engine import entries as engine
from careline.modules.contact.telephony.events import NumberChanged
from careline.modules.contact.telephony.views import NumberView
from careline.modules.core.hours.facade import Hours
from careline.modules.core.hours.views import CalendarView, is_open
from careline.modules.directory.customers.facade import Customers

logger = logging.getLogger(__name__)

_LOOK_AGAIN = timedelta(seconds=2)
"""How long a number that is not known stays so without a look: scans must not become questions to the database."""


class Entries:
    """Whose a called number is, and which flow its caller begins with."""

    def __init__(self, database: Database, hours: Hours, customers: Customers) -> None:
        self._database = database
        self._hours = hours
        self._customers = customers
        self._numbers: dict[str, NumberView] = {}
        self._looked_at: datetime | None = None

    async def load(self) -> None:
        """Read the numbers anew."""
        async with self._database.system_reading() as reading:
            self._numbers = {item.number: item for item in await repository.all_numbers(reading)}

    def learn(self, number: NumberView) -> None:
        """A number is new or leads elsewhere; calls to it do so from now on."""
        self._numbers[number.number] = number

    def forget(self, number: str) -> None:
        """A number leads nowhere any more."""
        self._numbers.pop(number, None)

    async def changed(self, _event: NumberChanged, _recorded: Recorded) -> None:
        """Somebody changed numbers, perhaps in another process."""
        await self.load()

    def numbers(self) -> list[str]:
        """Every number that can be called."""
        return list(self._numbers)

    async def find(self, called: str, at: datetime) -> NumberView | None:
        """The number that was called, however the trunk writes it (with +86, without the 0 of its area)."""
        found = self._known(called)
        if found is None and (self._looked_at is None or at - self._looked_at > _LOOK_AGAIN):
            self._looked_at = at
            await self.load()
            found = self._known(called)
        return found

    def _known(self, called: str) -> NumberView | None:
        found = self._numbers.get(called)
        if found is None and (normal := self._customers.normal_number(called)) is not None:
            found = self._numbers.get(normal)
        return found

    async def flow_for(self, number: NumberView, caller_number: str | None, at: datetime) -> str:
        """The code of the flow that this caller begins with. A rule that cannot be asked costs nobody their call."""
        if not number.rules:
            return number.entry_flow
        try:
            chosen = await self._chosen(number, caller_number, at)
        except Exception:
            logger.exception("the rules of a number could not be asked; its own flow has the call")
            return number.entry_flow
        return number.entry_flow if chosen is None else number.rules[chosen].flow

    async def _chosen(self, number: NumberView, caller_number: str | None, at: datetime) -> int | None:
        calendars = await self._calendars(number) if any(rule.calendar_id for rule in number.rules) else {}

        def open_now(calendar_id: UUID) -> bool | None:
            view = calendars.get(calendar_id)
            return None if view is None else is_open(view.calendar, at)

        normal = None if caller_number is None else self._customers.normal_number(caller_number)
        level = None
        if normal is not None and any(rule.levels for rule in number.rules):
            level = await self._level(number.tenant_id, normal)
        return engine.chosen(number.rules, caller_number=normal, level=level, is_open=open_now)

    async def _calendars(self, number: NumberView) -> dict[UUID, CalendarView]:
        return {view.id: view for view in await self._hours.calendars(number.tenant_id)}

    async def _level(self, tenant_id: TenantId, number: str) -> str | None:
        """A caller's number shows whom to expect and proves nothing: it chooses a flow, and opens no door in it."""
        try:
            customer = await self._customers.by_msisdn(tenant_id, number)
        except NotFound:
            return None
        return None if customer is None else customer.level.value
