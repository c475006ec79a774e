"""Jobs on both databases: one for each commit, tried again, given up, and taken over from the dead."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from careline.infra.database.database import Database
from careline.infra.jobs import jobs as jobs_file
from careline.infra.jobs.jobs import JobContext, Jobs
from careline.infra.jobs.table import take
from careline.kernel.clock import SystemClock
from careline.kernel.errors import Conflict, PermanentFailure, TransientFailure
from careline.kernel.tenancy import TenantId
from tests.support.clock import FakeClock

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


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def jobs(database: Database, clock: FakeClock, recorder: Recorder) -> Jobs:
    jobs = Jobs(database, clock)
    jobs.register("test.note", Note, recorder, attempts=3)
    return jobs


async def ask(
    jobs: Jobs, database: Database, text: str, *, key: str | None = None, after_s: float = 0, tenant: TenantId = HERE
) -> None:
    async with database.transaction(tenant) as tx:
        run_at = tx.now + timedelta(seconds=after_s)
        await jobs.schedule(tx, "test.note", Note(text=text), run_at=run_at, key=key)


async def test_a_job_is_there_only_if_its_transaction_committed(
    jobs: Jobs, database: Database, recorder: Recorder
) -> None:
    async def ask_and_fail() -> None:
        async with database.transaction(HERE) as tx:
            await jobs.schedule(tx, "test.note", Note(text="undone"))
            raise Conflict("changed-my-mind")

    with pytest.raises(Conflict):
        await ask_and_fail()
    await ask(jobs, database, "done")

    assert await jobs.run_due() == 1
    assert recorder.done == ["done"]
    assert recorder.contexts[0].tenant_id == HERE
    assert await jobs.run_due() == 0


async def test_a_job_waits_for_its_time(jobs: Jobs, database: Database, recorder: Recorder, clock: FakeClock) -> None:
    await ask(jobs, database, "second", after_s=60)
    await ask(jobs, database, "first", after_s=59)
    await jobs.run_due()
    assert recorder.done == []
    clock.advance(59)
    await jobs.run_due()
    assert recorder.done == ["first"]
    clock.advance(1)
    await jobs.run_due()

    assert recorder.done == ["first", "second"]


async def test_of_one_key_the_latest_wish_counts(
    jobs: Jobs, database: Database, recorder: Recorder, clock: FakeClock
) -> None:
    await ask(jobs, database, "old", key="k", after_s=10)
    await ask(jobs, database, "new", key="k", after_s=60)
    await ask(jobs, database, "another tenant's", key="k", after_s=60, tenant=THERE)
    clock.advance(10)
    assert await jobs.run_due() == 0
    clock.advance(50)
    await jobs.run_due()

    assert sorted(recorder.done) == ["another tenant's", "new"]


async def test_a_cancelled_job_is_not_done(jobs: Jobs, database: Database, recorder: Recorder) -> None:
    await ask(jobs, database, "one", key="1")
    await ask(jobs, database, "two", key="2")
    async with database.transaction(THERE) as tx:
        assert not await jobs.cancel(tx, "test.note", "1")
    async with database.transaction(HERE) as tx:
        assert await jobs.cancel(tx, "test.note", "1")
    async with database.transaction(HERE) as tx:
        assert not await jobs.cancel(tx, "test.note", "1")
    await jobs.run_due()

    assert recorder.done == ["two"]


@pytest.mark.parametrize("fails", [False, True])
async def test_a_wish_that_comes_while_the_job_runs_is_not_lost(
    database: Database, clock: FakeClock, fails: bool
) -> None:
    jobs = Jobs(database, clock)
    seen: list[str] = []

    async def handler(payload: Note, _context: JobContext) -> None:
        seen.append(payload.text)
        if len(seen) == 1:
            async with database.transaction(HERE) as tx:
                await jobs.schedule(tx, "test.again", Note(text="new"), key="k")
            if fails:
                raise TransientFailure("later")

    jobs.register("test.again", Note, handler)
    async with database.transaction(HERE) as tx:
        await jobs.schedule(tx, "test.again", Note(text="old"), key="k")

    assert await jobs.run_due() == 2
    assert seen == ["old", "new"]


async def test_a_failing_job_is_tried_again_later_and_later_then_given_up(
    jobs: Jobs, database: Database, recorder: Recorder, clock: FakeClock
) -> None:
    recorder.failures = [Conflict("not-yet", at=n) for n in range(3)]
    await ask(jobs, database, "stubborn", key="k")
    assert await jobs.run_due() == 1
    assert await jobs.run_due() == 0
    clock.advance(1)
    assert await jobs.run_due() == 1
    clock.advance(1)
    assert await jobs.run_due() == 0
    clock.advance(1)
    assert await jobs.run_due() == 1
    clock.advance(hours=24)
    assert await jobs.run_due() == 0

    [dead] = await jobs.dead()
    assert (dead.kind, dead.key, dead.tenant_id, dead.attempts) == ("test.note", "k", HERE, 3)
    assert dead.last_error == "Conflict: not-yet(at=2)"
    assert [context.attempt for context in recorder.contexts] == [1, 2, 3]

    assert await jobs.revive(dead.id)
    assert not await jobs.revive(dead.id)
    await jobs.run_due()
    assert recorder.done == ["stubborn"]
    assert await jobs.dead() == []


async def test_a_dead_job_gives_way_to_a_new_wish_of_its_key(
    jobs: Jobs, database: Database, recorder: Recorder
) -> None:
    recorder.failures = [PermanentFailure("the number does not exist")]
    await ask(jobs, database, "dead", key="k")
    await jobs.run_due()
    assert [job.last_error for job in await jobs.dead()] == ["PermanentFailure: the number does not exist"]
    await ask(jobs, database, "new", key="k")
    await jobs.run_due()

    assert recorder.done == ["new"]
    assert await jobs.dead() == []


async def test_the_other_side_says_when_to_try_again(
    jobs: Jobs, database: Database, recorder: Recorder, clock: FakeClock
) -> None:
    recorder.failures = [TransientFailure("busy", retry_after=600)]
    await ask(jobs, database, "patient")
    await jobs.run_due()
    clock.advance(599)
    assert await jobs.run_due() == 0
    clock.advance(1)
    assert await jobs.run_due() == 1


async def test_an_error_that_is_not_ours_is_shown_by_its_kind_only(
    jobs: Jobs, database: Database, recorder: Recorder, clock: FakeClock
) -> None:
    recorder.failures = [ValueError("13812346021")] * 3
    await ask(jobs, database, "x")
    for _ in range(3):
        await jobs.run_due()
        clock.advance(10)

    assert [job.last_error for job in await jobs.dead()] == ["ValueError"]


async def test_a_payload_of_another_version_is_given_up(database: Database, clock: FakeClock) -> None:
    jobs = Jobs(database, clock)
    jobs.register("test.note", dict, lambda *_: asyncio.sleep(0))
    async with database.transaction(HERE) as tx:
        await jobs.schedule(tx, "test.note", {"other": 1})
    newer = Jobs(database, clock)
    recorder = Recorder()
    newer.register("test.note", Note, recorder)
    await newer.run_due()

    assert "another version" in (await newer.dead())[0].last_error
    assert recorder.contexts == []


async def test_an_unknown_kind_cannot_be_asked_for(jobs: Jobs, database: Database) -> None:
    with pytest.raises(ValueError, match="no handler"):
        async with database.transaction(HERE) as tx:
            await jobs.schedule(tx, "test.unknown", None)


async def test_a_job_whose_worker_died_is_taken_by_another(
    jobs: Jobs, database: Database, recorder: Recorder, clock: FakeClock
) -> None:
    await ask(jobs, database, "orphan")
    async with database.system_transaction() as tx:
        assert len(await take(tx, ["test.note"], until=tx.now + jobs_file.LEASE, limit=8)) == 1
    assert await jobs.run_due() == 0
    clock.advance(30)
    assert await jobs.run_due() == 1

    assert recorder.done == ["orphan"]
    assert recorder.contexts[0].attempt == 2


async def test_a_job_that_kills_its_worker_each_time_is_given_up(
    jobs: Jobs, database: Database, recorder: Recorder, clock: FakeClock
) -> None:
    await ask(jobs, database, "poison")
    for _ in range(3):
        async with database.system_transaction() as tx:
            await take(tx, ["test.note"], until=tx.now + jobs_file.LEASE, limit=8)
        clock.advance(30)
    await jobs.run_due()

    assert recorder.contexts == []
    assert [job.last_error for job in await jobs.dead()] == ["PermanentFailure: the process died while the job ran"]


async def test_who_lost_its_lease_does_not_end_the_job_of_who_took_it(database: Database, clock: FakeClock) -> None:
    slow, quick = Jobs(database, clock), Jobs(database, clock)
    go_on = asyncio.Event()
    seen: list[str] = []

    async def hang(_payload: Note, _context: JobContext) -> None:
        seen.append("slow")
        await go_on.wait()

    async def retry_later(_payload: Note, _context: JobContext) -> None:
        seen.append("quick")
        raise TransientFailure("later", retry_after=60)

    slow.register("test.note", Note, hang)
    quick.register("test.note", Note, retry_later)
    await ask(slow, database, "x")
    hanging = asyncio.create_task(slow.run_due())
    while not seen:
        await asyncio.sleep(0.01)
    clock.advance(31)
    assert await quick.run_due() == 1
    go_on.set()
    await hanging
    clock.advance(60)

    assert await quick.run_due() == 1
    assert seen == ["slow", "quick", "quick"]


async def test_a_long_job_keeps_its_lease(jobs: Jobs, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_file, "LEASE", timedelta(seconds=0.3))
    database = Database(database_url, SystemClock())
    runs = 0

    async def long(_payload: None, _context: JobContext) -> None:
        nonlocal runs
        runs += 1
        await asyncio.sleep(1)

    workers = [Jobs(database, SystemClock()) for _ in range(2)]
    for worker in workers:
        worker.register("test.long", type(None), long)
        await worker.start()
    async with database.transaction(HERE) as tx:
        await workers[0].schedule(tx, "test.long", None)
    await asyncio.sleep(1.2)
    for worker in workers:
        await worker.stop()
    await database.close()

    assert runs == 1


async def test_many_workers_do_each_job_once(database_url: str, jobs: Jobs) -> None:
    databases = [Database(database_url, SystemClock()) for _ in range(3)]
    workers = [Jobs(database, SystemClock()) for database in databases]
    done: list[str] = []
    finished = asyncio.Event()

    async def handler(payload: Note, _context: JobContext) -> None:
        await asyncio.sleep(0)
        done.append(payload.text)
        if len(done) >= 120:
            finished.set()

    for worker in workers:
        worker.register("test.note", Note, handler)
    async with databases[0].transaction(HERE) as tx:
        for number in range(120):
            await workers[0].schedule(tx, "test.note", Note(text=str(number)))
    for worker in workers:
        await worker.start()
    async with asyncio.timeout(20):
        await finished.wait()
    for worker in workers:
        await worker.stop()
    assert await workers[0].run_due() == 0
    for database in databases:
        await database.close()

    assert sorted(done, key=int) == [str(number) for number in range(120)]


async def test_the_worker_wakes_as_soon_as_a_job_is_committed(database_url: str) -> None:
    database = Database(database_url, SystemClock())
    jobs = Jobs(database, SystemClock())
    done = asyncio.Event()

    async def handler(_payload: Note, _context: JobContext) -> None:
        done.set()

    jobs.register("test.note", Note, handler)
    await jobs.start()
    await asyncio.sleep(0.2)  # it has found nothing to do and sleeps for seconds
    await ask(jobs, database, "now")
    async with asyncio.timeout(1):
        await done.wait()
    done.clear()
    await ask(jobs, database, "soon", after_s=0.3)
    async with asyncio.timeout(1.3):
        await done.wait()
    await jobs.stop()
    await database.close()


async def test_what_does_not_end_in_time_is_given_back(database: Database, clock: FakeClock) -> None:
    jobs, next_run = Jobs(database, clock), Jobs(database, clock)
    began = asyncio.Event()

    async def hang(_payload: Note, _context: JobContext) -> None:
        began.set()
        await asyncio.Event().wait()

    recorder = Recorder()
    jobs.register("test.note", Note, hang)
    next_run.register("test.note", Note, recorder)
    await jobs.start()
    await ask(jobs, database, "unfinished")
    await began.wait()
    await jobs.stop(patience_s=0.01)

    assert await next_run.run_due() == 1
    assert recorder.contexts[0].attempt == 1


async def test_what_recurs_runs_again_and_again_in_one_place(database: Database, clock: FakeClock) -> None:
    runs: list[int] = []
    fail = False

    async def sweep(context: JobContext) -> None:
        runs.append(context.attempt)
        assert context.tenant is None
        if fail:
            raise RuntimeError("broken")

    workers = [Jobs(database, clock) for _ in range(2)]
    for worker in workers:
        worker.every("test.sweep", timedelta(minutes=1), sweep)
    for _ in range(3):
        for worker in workers:
            await worker.run_due()
    assert runs == [1]
    clock.advance(minutes=10)
    for worker in workers:
        await worker.run_due()
    assert runs == [1, 1]
    fail = True
    for _ in range(20):
        clock.advance(minutes=1)
        await workers[0].run_due()
    assert len(runs) == 22
    assert await workers[0].dead() == []
    fail = False
    clock.advance(minutes=1)
    await workers[0].run_due()
    clock.advance(minutes=1)
    await workers[0].run_due()

    assert runs[-1] == 1


async def test_work_of_the_system_has_no_tenant(database: Database, clock: FakeClock) -> None:
    jobs = Jobs(database, clock)
    errors: list[str] = []

    async def sweep(context: JobContext) -> None:
        try:
            assert context.tenant_id
        except LookupError as error:
            errors.append(str(error))

    jobs.every("test.sweep", timedelta(minutes=1), sweep)
    await jobs.run_due()

    assert errors == ["test.sweep is a job of the system, not of a tenant"]
