"""What flows do again and again."""

from datetime import timedelta

from careline.infra.database.database import Database
from careline.infra.jobs.jobs import JobContext, Jobs
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.conversations.views import Channel
from careline.modules.contact.flows.repository import flows as repository
from careline.modules.contact.flows.services.journeys import JourneyCounter
from careline.modules.directory.identity.facade import Identity

EVERY = timedelta(hours=1)

COUNTED_EVERY = timedelta(minutes=10)

KEPT_FOR = timedelta(days=1)
"""A place serves to take its contact up after a restart and for nothing else, so it outlives the contact by no more.
What was done with the customer stands in the journey and in the log."""

AT_ONCE = 500
"""In one transaction, so that nobody else waits long for their turn to write."""


def register(jobs: Jobs, database: Database, identity: Identity, conversations: Conversations) -> None:
    """Remove the places of contacts that are over."""

    async def forget_runs(_context: JobContext) -> None:
        for tenant in await identity.tenants():
            open_now = [
                contact.id
                for channel in Channel
                for contact in await conversations.open_interactions(tenant.id, channel)
            ]
            removed = AT_ONCE
            while removed == AT_ONCE:
                async with database.transaction(tenant.id) as tx:
                    removed = await repository.forget_runs(tx, before=tx.now - KEPT_FOR, live=open_now, limit=AT_ONCE)

    jobs.every("flows.forgets-places", EVERY, forget_runs)


def count_steps(jobs: Jobs, counter: JourneyCounter) -> None:
    """Count the steps that contacts took, so that who asks has little to wait for."""

    async def count(_context: JobContext) -> None:
        await counter.catch_up()

    jobs.every("flows.counts-steps", COUNTED_EVERY, count)
