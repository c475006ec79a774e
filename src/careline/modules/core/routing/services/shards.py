"""The shards that this process owns."""

import asyncio
import logging
from collections.abc import Coroutine
from functools import partial
from typing import Any
from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.clock import Clock
from careline.kernel.errors import NotFound
from careline.kernel.tenancy import TenantId
from careline.modules.core.hours.facade import Hours
from careline.modules.core.routing.services.shard import Shard
from careline.modules.directory.people.facade import People

logger = logging.getLogger(__name__)


class Shards:
    """One shard for each tenant; taken over when the process starts or when a tenant is first seen."""

    def __init__(self, database: Database, clock: Clock, people: People, hours: Hours, owner: UUID) -> None:
        self.database = database
        self.clock = clock
        self._people = people
        self._hours = hours
        self._owner = owner
        self._shards: dict[TenantId, Shard] = {}
        self._opening = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def of(self, tenant_id: TenantId) -> Shard:
        """The tenant's shard, started when it was not."""
        shard = self._shards.get(tenant_id)
        if shard is None:
            async with self._opening:
                shard = self._shards.get(tenant_id)
                if shard is None:
                    shard = Shard(self.database, self.clock, self._people, self._hours, tenant_id, self._owner)
                    await shard.start(partial(self._shards.__setitem__, tenant_id, shard))
        return shard

    def is_running(self, tenant_id: TenantId) -> bool:
        """Whether the tenant's shard was started."""
        return tenant_id in self._shards

    def running(self, tenant_id: TenantId) -> Shard:
        """The tenant's shard, which must have been started."""
        shard = self._shards.get(tenant_id)
        if shard is None:
            raise NotFound("routing-not-started", tenant=str(tenant_id))
        return shard

    def are_lost(self) -> bool:
        """Whether another process took a shard from this one."""
        return any(shard.is_lost for shard in self._shards.values())

    async def forget(self, tenant_id: TenantId) -> None:
        """Drop a shard, so that it is rebuilt with new settings when it is next needed."""
        shard = self._shards.pop(tenant_id, None)
        if shard is not None:
            await shard.stop()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something after a commit, in a task of its own."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def settled(self) -> None:
        """Wait until what was begun after commits has ended."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def caught_up(self) -> None:
        """Until what was stored before, also by a commit whose answer was lost, has come to the engine."""
        await self.database.sure()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stop(self) -> None:
        """Let what was begun end, and stop keeping time."""
        await self.settled()
        for shard in self._shards.values():
            await shard.stop()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("routing after a commit failed; the item is routed after the rebuild", exc_info=error)
