"""What telephony does again and again."""

from datetime import timedelta

from careline.infra.jobs.jobs import JobContext, Jobs
from careline.modules.contact.telephony.services.vault import Vault

SEALS_EVERY = timedelta(minutes=2)


def register(jobs: Jobs, vault: Vault) -> None:
    """Seal recordings that a crash, a full disk or a version before this left plain."""

    async def seal_left(_context: JobContext) -> None:
        await vault.seal_left()

    jobs.every("telephony.seals-recordings", SEALS_EVERY, seal_left)
