"""What conversations do again and again."""

from datetime import timedelta

from careline.infra.jobs.jobs import JobContext, Jobs
from careline.modules.contact.conversations.services.visitors import Visitors

EVERY = timedelta(minutes=10)


def register(jobs: Jobs, visitors: Visitors) -> None:
    """Remove visitors whose token is over: name and number are personal, and nobody needs them any more."""

    async def forget_visitors(_context: JobContext) -> None:
        await visitors.forget_expired()

    jobs.every("conversations.forgets-visitors", EVERY, forget_visitors)
