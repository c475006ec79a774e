"""How contacts went through flows: counted from the event log into hours, so that a month costs no more than a day.

The counts and the place up to which the log was read are stored in one transaction: no step is missed or counted
twice, whenever the process dies (docs/adr/0010-figures-from-events.md).
"""

import asyncio
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

from careline.infra.database.database import Database
from careline.infra.database.log import load_cursor, locked_cursor, read_after, store_cursor
from careline.kernel.errors import Invalid
from careline.kernel.tenancy import TenantId
from careline.modules.contact.flows.engine.interpreter import LEFT
from careline.modules.contact.flows.events import StepTaken
from careline.modules.contact.flows.repository import journeys
from careline.modules.contact.flows.repository.journeys import Taken
from careline.modules.contact.flows.services.studio import Studio
from careline.modules.contact.flows.views import Journeys, StepTraffic

SUBSCRIBER = "flows.counts-steps"
BATCH = 500
LONGEST = timedelta(days=366)
_HOUR = timedelta(hours=1)


class JourneyCounter:
    """Reads the log when somebody asks, and now and then, so that there is never much to read."""

    def __init__(self, database: Database, studio: Studio) -> None:
        self._database = database
        self._studio = studio
        self._turn = asyncio.Lock()

    async def catch_up(self) -> None:
        """Read the log to its present end."""
        async with self._turn:
            while await self._read_on():
                pass

    async def of(
        self, tenant_id: TenantId, code: str, version: int | None, since: datetime, until: datetime
    ) -> Journeys:
        """How many took each way of a version, by default the one in force, within the hours of a time.

        Raises ``flow-not-found``, "time-range-not-usable".
        """
        begin, end = _whole_hours(since, until)
        view = await self._studio.flow(tenant_id, code)
        asked = version or view.published_version or view.newest_version
        await self.catch_up()
        async with self._database.reading(tenant_id) as reading:
            rows = await journeys.counts(reading, code, asked, begin, end)
        ways: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for row in rows:
            ways[row.step][row.way] = int(row.contacts)
        steps = [
            StepTraffic(step=step, reached=_reached(taken), left=taken.get(LEFT, 0), ways=taken)
            for step, taken in ways.items()
        ]
        return Journeys(code=code, version=asked, since=begin, until=end, steps=steps)

    async def _read_on(self) -> bool:
        """Read one batch; whether there may be more."""
        async with self._database.system_glance() as reading:
            cursor = await load_cursor(reading, SUBSCRIBER)
            entries = await read_after(reading, cursor, limit=BATCH, names=[StepTaken.name])
        if not entries:
            return False
        counted: defaultdict[TenantId, Counter[Taken]] = defaultdict(Counter)
        for entry in entries:
            recorded = entry.recorded
            if recorded is not None and isinstance(recorded.event, StepTaken):
                event = recorded.event
                slot = recorded.occurred_at.replace(minute=0, second=0, microsecond=0)
                taken = Taken(event.flow_code, event.version, slot, event.step, event.way)
                counted[recorded.tenant_id][taken] += 1
        async with self._database.system_transaction() as tx:
            if await locked_cursor(tx, SUBSCRIBER) != cursor:
                return True  # somebody else has read on
            for tenant_id, counts in counted.items():
                await journeys.add(tx, tenant_id, counts)
            await store_cursor(tx, SUBSCRIBER, entries[-1].cursor)
        return len(entries) == BATCH


def _reached(ways: dict[str, int]) -> int:
    """How often a step was reached. Who asked for a person left it again by how their waiting ended."""
    return ways["queued"] if "queued" in ways else sum(ways.values())


def _whole_hours(since: datetime, until: datetime) -> tuple[datetime, datetime]:
    if since.tzinfo is None or until.tzinfo is None or not since < until or until - since > LONGEST:
        raise Invalid("time-range-not-usable", field="until", days=LONGEST.days)
    begin = since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    end = until.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return begin, end if end == until else end + _HOUR
