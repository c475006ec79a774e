"""Asking for work to be done later, and the worker that does it.

>>> jobs.register("surveys.invite", Invite, invite)  # async def invite(payload: Invite, context: JobContext) -> None
>>> await jobs.schedule(tx, "surveys.invite", Invite(...), run_at=tx.now + timedelta(hours=1), key=str(interaction_id))
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.infra.jobs import table
from careline.infra.jobs.table import NO_TENANT, Claimed, DeadJob
from careline.infra.telemetry.context import request_id
from careline.kernel.clock import Clock
from careline.kernel.errors import AdapterFailure, DomainError, PermanentFailure, TransientFailure
from careline.kernel.tenancy import TenantId

logger = logging.getLogger(__name__)

T = TypeVar("T")

LEASE = timedelta(seconds=30)
"""So long after a process died its jobs are taken by another; a job that runs longer has its lease renewed."""

POLL_S = 5.0
"""How often to look for jobs that another process asked for; our own wake the worker at once."""

FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 300.0
ERROR_LENGTH = 300


class JobContext(msgspec.Struct, frozen=True, kw_only=True):
    """What a handler is told besides its payload. ``attempt`` counts from 1; ``run_at`` is the wanted time."""

    id: UUID
    kind: str
    key: str | None
    run_at: datetime
    attempt: int
    tenant: TenantId | None

    @property
    def tenant_id(self) -> TenantId:
        """The tenant whose transaction asked for it. The system's own jobs have none, and asking is an error."""
        if self.tenant is None:
            raise LookupError(f"{self.kind} is a job of the system, not of a tenant")
        return self.tenant


Handler = Callable[[T, JobContext], Awaitable[None]]


class _Kind(msgspec.Struct, frozen=True, kw_only=True):
    shape: Any
    handler: Handler[Any]
    attempts: int | None
    every: timedelta | None = None


class Jobs:
    """Register kinds while the process is put together, then ``start``. ``slots`` run at once."""

    def __init__(self, database: Database, clock: Clock, *, slots: int = 8) -> None:
        self._database = database
        self._clock = clock
        self._slots = slots
        self._kinds: dict[str, _Kind] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._stopping = False
        self._seen = clock.now()
        self._began_before: set[asyncio.Task[None]] = set()
        """What ran while the clock went back, and may still write a time that it had read before."""

    def register(self, kind: str, shape: type[T], handler: Handler[T], *, attempts: int = 10) -> None:
        """Name who does the jobs of a kind (``<module>.<what>``, stable). It may see a job twice and must not mind.

        A payload is checked against ``shape``. After ``attempts`` failures (ten: within nine minutes) it is given up.
        """
        self._add(kind, _Kind(shape=shape, handler=handler, attempts=attempts))

    def every(self, kind: str, period: timedelta, work: Callable[[JobContext], Awaitable[None]]) -> None:
        """Do something of the system again and again, in one process at a time; missed times are not made up for."""

        async def handler(_payload: None, context: JobContext) -> None:
            await work(context)

        self._add(kind, _Kind(shape=type(None), handler=handler, attempts=None, every=period))

    async def schedule(
        self, tx: Transaction, kind: str, payload: object, *, run_at: datetime | None = None, key: str | None = None
    ) -> None:
        """Have a job done at a time, at once unless told, if ``tx`` commits.

        With a ``key`` there is one job of it for the tenant: asking again replaces payload and time. One that runs
        just now ends, and then runs again.
        """
        self._known(kind)
        await table.add(tx, tx.tenant_id, kind, _encoded(payload), run_at=run_at or tx.now, key=key)
        tx.on_commit(self._wake.set)

    async def cancel(self, tx: Transaction, kind: str, key: str) -> bool:
        """Have a job not done, if ``tx`` commits; whether there was one. One that runs just now runs to its end."""
        self._known(kind)
        return await table.remove(tx, tx.tenant_id, kind, key)

    async def dead(self, *, limit: int = 100) -> list[DeadJob]:
        """What was given up, the latest first, for the operator."""
        async with self._database.system_reading() as reading:
            return await table.dead(reading, limit=limit)

    async def revive(self, job_id: UUID) -> bool:
        """Try a dead job again with all its tries; whether there was one."""
        async with self._database.system_transaction() as tx:
            revived = await table.revive(tx, job_id)
            tx.on_commit(self._wake.set)
        return revived

    async def start(self) -> None:
        """Begin to work, and put in what recurs."""
        await self._ensure_recurring()
        self._worker = asyncio.create_task(self._work(), name="jobs")

    async def stop(self, *, patience_s: float = 5) -> None:
        """Take nothing more, let what runs end for some seconds, and give back the rest."""
        if self._worker is not None:
            self._stopping = True
            self._wake.set()
            await self._worker
            self._worker = None
        if self._running:
            _, left = await asyncio.wait(self._running, timeout=patience_s)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def run_due(self) -> int:
        """Do what is due now, and what becomes due by it, and return how many; for tests and the command line."""
        await self._ensure_recurring()
        done = 0
        while claimed := await self._take():
            await asyncio.gather(*(self._run(job) for job in claimed))
            done += len(claimed)
        return done

    def _add(self, kind: str, entry: _Kind) -> None:
        if kind in self._kinds:
            raise ValueError(f"jobs of kind {kind!r} have their handler already")
        self._kinds[kind] = entry

    def _known(self, kind: str) -> None:
        if kind not in self._kinds:
            raise ValueError(f"no handler is registered for jobs of kind {kind!r}")

    async def _ensure_recurring(self) -> None:
        recurring = {kind: entry.every for kind, entry in self._kinds.items() if entry.every is not None}
        if not recurring:
            return
        async with self._database.system_transaction() as tx:
            for kind, period in recurring.items():
                await table.ensure(tx, kind, latest=tx.now + period)

    async def _mind_the_clock(self) -> None:
        """When the clock has gone back, nothing that we ourselves put off waits until the old time comes round."""
        now = self._clock.now()
        went_back = now < self._seen
        over = bool(self._began_before) and self._began_before.isdisjoint(self._running)
        if went_back or over:
            began = set(self._running)  # who ends while the rows are put right may have written the old time after it
            async with self._database.system_transaction() as tx:
                retry = tx.now + timedelta(seconds=LONGEST_RETRY_S)
                await table.let_nothing_wait_longer(tx, lease=tx.now + LEASE, retry=retry)
            await self._ensure_recurring()
            self._began_before = began if went_back else set()
        self._seen = now

    async def _work(self) -> None:
        while not self._stopping:
            self._wake.clear()
            try:
                await self._mind_the_clock()
                claimed = await self._take() if len(self._running) < self._slots else []
                for job in claimed:
                    self._begin(job)
                wait_s = 0.0 if claimed else await self._idle_s()
            except Exception:
                logger.exception("the job table could not be read")
                wait_s = POLL_S
            if wait_s and not self._stopping:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait_s):
                        await self._wake.wait()

    def _begin(self, job: Claimed) -> None:
        task = asyncio.create_task(self._run(job), name=f"job {job.kind} {job.id}")
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._wake.set()

    async def _idle_s(self) -> float:
        """How long nothing needs to be done; when all slots are taken, until one of them wakes us."""
        if len(self._running) >= self._slots:
            return POLL_S
        async with self._database.system_reading() as reading:
            due = await table.next_due(reading, self._kinds)
        if due is None:
            return POLL_S
        # One that is due and was not taken is just being taken by another process: look again soon, not at once.
        return min(POLL_S, max(0.05, (due - self._clock.now()).total_seconds()))

    async def _take(self) -> list[Claimed]:
        # A look first: most of the time nothing is due, and a look is no write.
        async with self._database.system_reading() as reading:
            due = await table.next_due(reading, self._kinds)
        if due is None or due > self._clock.now():
            return []
        async with self._database.system_transaction() as tx:
            return await table.take(tx, self._kinds, until=tx.now + LEASE, limit=self._slots - len(self._running))

    async def _run(self, job: Claimed) -> None:
        entry = self._kinds[job.kind]
        token = request_id.set(f"job-{job.id}")
        renewing = asyncio.create_task(self._renew(job))
        try:
            if entry.attempts is not None and job.attempt > entry.attempts:
                # Nobody said how the last try ended: the process was killed each time, perhaps by this very job.
                raise PermanentFailure("the process died while the job ran")
            await entry.handler(_decoded(job, entry), _context(job))
        except asyncio.CancelledError:
            await asyncio.shield(self._settle(job, None, back=True))
            raise
        except Exception as error:
            if not isinstance(error, AdapterFailure):
                logger.exception("job %s failed", job.kind)
            await self._settle(job, error)
        else:
            await self._settle(job, None)
        finally:
            renewing.cancel()
            request_id.reset(token)

    async def _settle(self, job: Claimed, error: Exception | None, *, back: bool = False) -> None:
        """Write down how it ended; when that fails, the lease runs out and it is done again."""
        entry = self._kinds[job.kind]
        try:
            async with self._database.system_transaction() as tx:
                if back:
                    await table.try_again(tx, job, tx.now, attempts=job.attempt - 1, error=None)
                elif error is not None and _hopeless(job, entry, error):
                    await table.give_up(tx, job, _said(error))
                elif error is None and entry.every is not None:
                    await table.try_again(tx, job, tx.now + entry.every, attempts=0, error=None)
                elif error is None:
                    await table.finish(tx, job)
                else:
                    at = tx.now + _pause(job, entry, error)
                    await table.try_again(tx, job, at, attempts=job.attempt, error=_said(error))
        except Exception:
            logger.exception("the end of job %s could not be written", job.kind)

    async def _renew(self, job: Claimed) -> None:
        ours = True
        while ours:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            try:
                async with self._database.system_transaction() as tx:
                    ours = await table.renew(tx, job, tx.now + LEASE)
            except Exception:
                logger.exception("the lease of job %s could not be renewed", job.kind)


def _context(job: Claimed) -> JobContext:
    return JobContext(
        id=job.id,
        kind=job.kind,
        key=job.key,
        run_at=job.run_at,
        attempt=job.attempt,
        tenant=None if job.tenant_id == NO_TENANT else job.tenant_id,
    )


def _encoded(payload: object) -> str:
    return msgspec.json.encode(payload).decode()


def _decoded(job: Claimed, entry: _Kind) -> Any:
    try:
        return msgspec.json.decode(job.payload, type=entry.shape)
    except msgspec.DecodeError:
        raise PermanentFailure("its payload was written by another version of Careline") from None


def _hopeless(job: Claimed, entry: _Kind, error: Exception) -> bool:
    """Whether to give it up; what recurs never is."""
    return entry.attempts is not None and (job.attempt >= entry.attempts or isinstance(error, PermanentFailure))


def _pause(job: Claimed, entry: _Kind, error: Exception) -> timedelta:
    """How long to wait before the next try: as long as the other side asks for, else twice as long each time."""
    asked = error.retry_after if isinstance(error, TransientFailure) else None
    seconds = min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** min(job.attempt - 1, 16)) if asked is None else asked
    pause = timedelta(seconds=seconds)
    return pause if entry.every is None else min(pause, entry.every)


def _said(error: Exception) -> str:
    """What an operator may read: texts of our own errors; of any other its kind, since its text may hold anything."""
    kind = type(error).__name__
    ours = isinstance(error, DomainError | AdapterFailure)
    return f"{kind}: {error}"[:ERROR_LENGTH] if ours else kind
