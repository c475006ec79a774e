"""A kind of job to try the table and the worker on."""

from datetime import timedelta
from uuid import uuid4

import msgspec

from careline.infra.database.database import Database
from careline.infra.jobs.jobs import JobContext, Jobs
from careline.kernel.tenancy import TenantId

HERE, THERE = TenantId(uuid4()), TenantId(uuid4())


class Note(msgspec.Struct, frozen=True, kw_only=True):
    text: str


class Recorder:
    """A handler that remembers what it was asked, and fails as often as told."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.contexts: list[JobContext] = []
        self.failures: list[Exception] = []

    async def __call__(self, payload: Note, context: JobContext) -> None:
        self.contexts.append(context)
        if self.failures:
            raise self.failures.pop(0)
        self.done.append(payload.text)


async def ask(
    jobs: Jobs, database: Database, text: str, *, key: str | None = None, after_s: float = 0, tenant: TenantId = HERE
) -> None:
    async with database.transaction(tenant) as tx:
        run_at = tx.now + timedelta(seconds=after_s)
        await jobs.schedule(tx, "test.note", Note(text=text), run_at=run_at, key=key)
