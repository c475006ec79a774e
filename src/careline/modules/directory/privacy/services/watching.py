"""What should have been done and was not: tried again for as long as it takes, and told to who looks."""

import logging

from careline.infra.database.database import Database
from careline.infra.jobs.jobs import Jobs
from careline.kernel.tenancy import TenantId
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.privacy.repository import requests as repository
from careline.modules.directory.privacy.rules import STUCK_AFTER
from careline.modules.directory.privacy.services.requests import ERASE, EXPORT, Work
from careline.modules.directory.privacy.states import RequestState
from careline.modules.directory.privacy.views import RequestKind, Stuck

logger = logging.getLogger(__name__)


class Watching:
    """A job is given up after some hours, and one that was lost is never done: neither may keep what has to go."""

    def __init__(self, database: Database, identity: Identity, jobs: Jobs) -> None:
        self._database = database
        self._identity = identity
        self._jobs = jobs

    async def go_on(self, tenant_id: TenantId) -> int:
        """Ask once more for the work on what should have been done hours ago; how many requests that concerns."""
        async with self._database.reading(tenant_id) as reading:
            late = await repository.stuck(reading, reading.now - STUCK_AFTER)
        for request_id, kind, _ in late:
            logger.error("data request %s could not be carried out so far and is tried again", request_id)
            async with self._database.transaction(tenant_id) as tx:
                work = ERASE if kind is RequestKind.ERASURE else EXPORT
                await self._jobs.schedule(tx, work, Work(request_id), key=str(request_id))
        return len(late)

    async def stuck(self) -> Stuck:
        """How much of what should be done is not, of all tenants."""
        found = {"copies": 0, "erasures": 0, "kept": 0}
        for tenant in await self._identity.tenants():
            async with self._database.reading(tenant.id) as reading:
                late = await repository.stuck(reading, reading.now - STUCK_AFTER)
            for _, kind, state in late:
                runs = "copies" if kind is RequestKind.EXPORT else "erasures"
                found[runs if state is RequestState.RUNNING else "kept"] += 1
        return Stuck(**found)
