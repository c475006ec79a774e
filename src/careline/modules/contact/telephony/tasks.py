"""What telephony does again and again."""

from datetime import timedelta

from careline.infra.jobs.jobs import JobContext, Jobs
from careline.kernel.clock import Clock
from careline.modules.contact.telephony.ports import VoiceEngine
from careline.modules.contact.telephony.services.recording import Recorder
from careline.modules.contact.telephony.services.vault import Vault

SEALS_EVERY = timedelta(minutes=2)

ENDS_AFTER = timedelta(minutes=10)
"""A recording that is stored as running so long after its call is ended by nobody any more."""

UNTOUCHED_FOR = timedelta(hours=1)
"""Who records writes to the file all the time, also silence; a caller who is held without a sound is let go earlier."""


def register(jobs: Jobs, clock: Clock, engine: VoiceEngine, recorder: Recorder, vault: Vault) -> None:
    """End and seal recordings that a crash, a full disk, a lost node or a version before this left as they were."""

    async def seal_left(_context: JobContext) -> None:
        now = clock.now()
        await engine.finish_recordings(now - UNTOUCHED_FOR)
        await recorder.end_left(now - ENDS_AFTER)
        await vault.seal_left()

    jobs.every("telephony.seals-recordings", SEALS_EVERY, seal_left)
