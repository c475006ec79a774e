"""What customers do again and again."""

from datetime import timedelta

from careline.infra.jobs.jobs import JobContext, Jobs
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.services.merging import SETTLE, Settle

TERMS_EVERY = timedelta(hours=1)
CODES_EVERY = timedelta(minutes=10)


def register(jobs: Jobs, customers: Customers) -> None:
    """Let customers be found whom an older version stored; forget codes that are over."""

    async def catch_up(_context: JobContext) -> None:
        await customers.catch_up()

    async def forget_codes(_context: JobContext) -> None:
        await customers.forget_codes()

    async def settle(wanted: Settle, context: JobContext) -> None:
        await customers.settle_merge(context.tenant_id, wanted.absorbed_id)

    jobs.register(SETTLE, Settle, settle)
    jobs.every("customers.makes-terms", TERMS_EVERY, catch_up)
    jobs.every("customers.forgets-codes", CODES_EVERY, forget_codes)
