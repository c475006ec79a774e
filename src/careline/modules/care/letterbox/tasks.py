"""What the letterbox does again and again."""

from datetime import timedelta

from careline.infra.jobs.jobs import JobContext, Jobs
from careline.modules.care.letterbox.services.letters import Letters

EVERY = timedelta(hours=6)


def register(jobs: Jobs, letters: Letters) -> None:
    """Forget how to reach people when it has served."""

    async def forget_reach(_context: JobContext) -> None:
        await letters.forget()

    jobs.every("letterbox.forgets-reach", EVERY, forget_reach)
