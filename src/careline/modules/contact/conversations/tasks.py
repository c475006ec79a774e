"""What conversations do again and again."""

from datetime import timedelta

from careline.infra.jobs.jobs import JobContext, Jobs
from careline.modules.contact.conversations.services.files import Files
from careline.modules.contact.conversations.services.visitors import Visitors
from careline.modules.directory.identity.facade import Identity

EVERY = timedelta(minutes=10)
TIDIES_EVERY = timedelta(minutes=30)


def register(jobs: Jobs, visitors: Visitors, files: Files, identity: Identity) -> None:
    """Remove visitors whose token is over (name and number are personal, and nobody needs them any more), and files
    that no message carries."""

    async def forget_visitors(_context: JobContext) -> None:
        await visitors.forget_expired()

    async def tidy_files(_context: JobContext) -> None:
        for tenant in await identity.tenants():
            await files.tidy(tenant.id)

    jobs.every("conversations.forgets-visitors", EVERY, forget_visitors)
    jobs.every("conversations.tidies-files", TIDIES_EVERY, tidy_files)
