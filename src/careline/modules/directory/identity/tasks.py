"""What identity does again and again."""

from datetime import timedelta

from careline.infra.jobs.jobs import JobContext, Jobs
from careline.modules.directory.identity.facade import Identity

EVERY = timedelta(minutes=1)


def register(jobs: Jobs, identity: Identity) -> None:
    """Seal audits, end sessions that are over, forget old failures."""

    async def keep_house(_context: JobContext) -> None:
        await identity.keep_house()

    jobs.every("identity.keeps-house", EVERY, keep_house)
