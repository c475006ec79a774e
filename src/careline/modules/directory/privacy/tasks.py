"""What is done of requests while nobody waits for it."""

from datetime import timedelta

from careline.infra.jobs.jobs import JobContext, Jobs
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.privacy.facade import Privacy
from careline.modules.directory.privacy.services.requests import ERASE, EXPORT, Work

EXPIRES_EVERY = timedelta(minutes=30)
ATTEMPTS = 30
"""Two hours: a store that is away comes back. After three (``rules.STUCK_AFTER``) people see it, and it begins anew."""

GOES_ON_EVERY = timedelta(minutes=30)


def register(jobs: Jobs, privacy: Privacy, identity: Identity) -> None:
    """Make copies, erase, and remove copies after their time."""

    async def export(work: Work, context: JobContext) -> None:
        await privacy.make_copy(context.tenant_id, work.request_id)

    async def erase(work: Work, context: JobContext) -> None:
        await privacy.work_on_erasure(context.tenant_id, work.request_id)

    async def expire(_context: JobContext) -> None:
        for tenant in await identity.tenants():
            await privacy.expire_copies(tenant.id)

    async def go_on(_context: JobContext) -> None:
        for tenant in await identity.tenants():
            await privacy.go_on(tenant.id)

    jobs.register(EXPORT, Work, export, attempts=ATTEMPTS)
    jobs.register(ERASE, Work, erase, attempts=ATTEMPTS)
    jobs.every("privacy.expires-copies", EXPIRES_EVERY, expire)
    jobs.every("privacy.goes-on", GOES_ON_EVERY, go_on)
