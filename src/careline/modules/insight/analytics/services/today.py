"""What was counted today, kept for a moment, since many screens ask for the same."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from careline.infra.database.database import Database
from careline.kernel.clock import Clock
from careline.kernel.tenancy import TenantId
from careline.modules.directory.identity.facade import Identity
from careline.modules.insight.analytics.repository import counting
from careline.modules.insight.analytics.rules import Tally, day_of

KEPT_S = 1.0
"""Facts that another process has read are seen after so long."""

AGENTS_KEPT_S = 10.0
"""What each agent has done today is counted anew so often: that reads every contact of the day."""

ZONE_KEPT_S = 60.0

KEYS_A_QUEUE = 2
"""The sum of a queue's day – at most a hundred rows beside each other – takes as long as finding so many rows."""

MANY = 1_000_000
"""Of a tenant that was not counted yet it is not known how many queues there are."""

Counted = Mapping[UUID, Tally]
"""Today's counts of a tenant, by queue or by agent."""


class Today:
    """Counts today's facts of each tenant."""

    def __init__(self, database: Database, clock: Clock, identity: Identity) -> None:
        self._database = database
        self._clock = clock
        self._identity = identity
        self._kept: dict[TenantId, tuple[float, counting.Period, Counted]] = {}
        self._agents: dict[TenantId, tuple[float, counting.Period, Counted]] = {}
        self._keys: dict[TenantId, int] = {}
        self._zones: dict[TenantId, tuple[float, ZoneInfo]] = {}

    async def period(self, tenant_id: TenantId) -> tuple[datetime, datetime]:
        """Today, in the tenant's zone."""
        asked_at, zone = self._zones.get(tenant_id, (0.0, None))
        if zone is None or self._clock.monotonic() - asked_at > ZONE_KEPT_S:
            zone = ZoneInfo((await self._identity.tenant(tenant_id)).time_zone)
            self._zones[tenant_id] = (self._clock.monotonic(), zone)
        return day_of(self._clock.now(), zone)

    async def counted(self, tenant_id: TenantId) -> Counted:
        """Today's counts, at most a second old."""
        period = await self.period(tenant_id)
        kept = self._kept.get(tenant_id)
        if kept is not None:
            counted_at, of, counted = kept
            if self._clock.monotonic() - counted_at <= KEPT_S and of == period:
                return counted
        counted_at = self._clock.monotonic()
        async with self._database.glance(tenant_id, keys=self._keys.get(tenant_id, MANY)) as reading:
            counted = await counting.by_queue(reading, period)
        self._keys[tenant_id] = KEYS_A_QUEUE * len(counted)
        self._kept[tenant_id] = (counted_at, period, counted)
        return counted

    async def by_agent(self, tenant_id: TenantId) -> Counted:
        """Today's counts of each agent, at most some seconds old."""
        period = await self.period(tenant_id)
        kept = self._agents.get(tenant_id)
        if kept is not None and self._clock.monotonic() - kept[0] <= AGENTS_KEPT_S and kept[1] == period:
            return kept[2]
        counted_at = self._clock.monotonic()
        async with self._database.reading(tenant_id) as reading:
            counted = await counting.by_agent(reading, period)
        self._agents[tenant_id] = (counted_at, period, counted)
        return counted

    async def shift(self, tenant_id: TenantId, agent_id: UUID) -> Tally:
        """One agent's counts of today."""
        period = await self.period(tenant_id)
        async with self._database.reading(tenant_id) as reading:
            return await counting.of_agent(reading, period, agent_id)

    def forget(self, tenant_id: TenantId) -> None:
        """There are new facts."""
        self._kept.pop(tenant_id, None)
