"""The worker: leases, other workers, waking up, and an orderly end."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from careline.infra.database.database import Database
from careline.infra.jobs import jobs as jobs_file
from careline.infra.jobs import table
from careline.infra.jobs.jobs import JobContext, Jobs
from careline.infra.jobs.table import take
from careline.kernel.clock import SystemClock
from careline.kernel.errors import TransientFailure
from tests.infra.jobs.notes import HERE, Note, Recorder, ask
from tests.support.clock import FakeClock
from tests.support.waiting import PATIENCE_S, until


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


async def test_a_wish_for_later_waits_also_when_the_worker_of_the_one_before_died(
    jobs: Jobs, database: Database, recorder: Recorder, clock: FakeClock
) -> None:
    await ask(jobs, database, "old", key="k")
    async with database.system_transaction() as tx:
        assert len(await take(tx, ["test.note"], until=tx.now + jobs_file.LEASE, limit=8)) == 1
    await ask(jobs, database, "new", key="k", after_s=3600)
    clock.advance(30)
    assert (await jobs.run_due(), recorder.done) == (0, [])
    clock.advance(3600)
    await jobs.run_due()

    assert recorder.done == ["new"]


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


async def test_a_long_job_keeps_its_lease(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_file, "LEASE", timedelta(seconds=0.15))
    runs = renewed = 0
    over = asyncio.Event()
    renew = table.renew

    async def noted(*what: Any) -> bool:
        nonlocal renewed
        renewed += 1
        return await renew(*what)

    async def long(_payload: None, _context: JobContext) -> None:
        nonlocal runs
        runs += 1
        await over.wait()

    monkeypatch.setattr(table, "renew", noted)
    one, other = Jobs(database, clock), Jobs(database, clock)
    for worker in (one, other):
        worker.register("test.long", type(None), long)
    async with database.transaction(HERE) as tx:
        await one.schedule(tx, "test.long", None)
    working = asyncio.create_task(one.run_due())
    await until(lambda: runs)
    for _ in range(4):
        before = renewed
        await until(lambda before=before: renewed > before + 1, "lease that was renewed and stored")  # type: ignore[misc]
        clock.advance(0.1)
        assert await other.run_due() == 0
    over.set()
    await working

    assert runs == 1


async def test_a_lease_that_is_not_renewed_runs_out(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the test before this one would see if nothing were renewed."""
    lease = timedelta(seconds=0.15)
    monkeypatch.setattr(jobs_file, "LEASE", lease)
    jobs = Jobs(database, clock)
    jobs.register("test.note", Note, Recorder())
    await ask(jobs, database, "left")
    async with database.system_transaction() as tx:
        await take(tx, ["test.note"], until=tx.now + lease, limit=8)
    clock.advance(0.1)
    assert await jobs.run_due() == 0
    clock.advance(0.1)
    assert await jobs.run_due() == 1


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
    async with asyncio.timeout(PATIENCE_S):
        await finished.wait()
    for worker in workers:
        await worker.stop()
    assert await workers[0].run_due() == 0
    for database in databases:
        await database.close()

    assert sorted(done, key=int) == [str(number) for number in range(120)]


async def test_the_worker_wakes_as_soon_as_a_job_is_committed(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_file, "POLL_S", 3600.0)
    database = Database(database_url, SystemClock())
    jobs = Jobs(database, SystemClock())
    done = asyncio.Event()

    async def handler(_payload: Note, _context: JobContext) -> None:
        done.set()

    jobs.register("test.note", Note, handler)
    await jobs.start()
    await asyncio.sleep(0.1)  # it has found nothing to do and sleeps for an hour
    await ask(jobs, database, "now")
    async with asyncio.timeout(PATIENCE_S):
        await done.wait()
    done.clear()
    await ask(jobs, database, "soon", after_s=0.3)
    async with asyncio.timeout(PATIENCE_S):
        await done.wait()
    await jobs.stop()
    await database.close()


def has_minded(jobs: Jobs, clock: FakeClock) -> bool:
    """Whether a worker has put right what was put off by a time that came back, and by who was still busy then."""
    return jobs._seen == clock.now() and not jobs._began_before


async def test_a_clock_that_goes_back_stops_nothing(
    jobs: Jobs, database: Database, recorder: Recorder, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what recurs, nor what is tried again, nor what a worker that died had taken."""
    monkeypatch.setattr(jobs_file, "POLL_S", 0.01)
    swept = 0

    async def sweep(_context: JobContext) -> None:
        nonlocal swept
        swept += 1

    await ask(jobs, database, "orphan")
    async with database.system_transaction() as tx:
        await take(tx, ["test.note"], until=tx.now + jobs_file.LEASE, limit=8)
    recorder.failures.append(TransientFailure("later", retry_after=60))
    await ask(jobs, database, "retried")
    await ask(jobs, database, "wished", after_s=3600)
    jobs.every("test.sweep", timedelta(minutes=1), sweep)
    await jobs.start()
    await until(lambda: swept == 1 and not recorder.failures and not jobs._running)
    clock.set_back(hours=2)
    await until(lambda: has_minded(jobs, clock))
    clock.advance(minutes=6)
    await until(lambda: swept > 1 and len(recorder.done) == 2)
    await jobs.stop()

    assert sorted(recorder.done) == ["orphan", "retried"]


async def test_a_try_that_fails_while_the_clock_goes_back_is_made_again_in_time(
    jobs: Jobs, database: Database, recorder: Recorder, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its end is written with the old time, after everything else was put right."""
    monkeypatch.setattr(jobs_file, "POLL_S", 0.01)
    at_its_end = asyncio.Event()
    write = table.try_again

    async def slowly(*what: Any, **more: Any) -> None:
        at_its_end.set()
        await asyncio.sleep(0.3)  # so that the clock's going back is seen before; if not, it is put right just the same
        await write(*what, **more)

    monkeypatch.setattr(table, "try_again", slowly)
    recorder.failures.append(TransientFailure("later", retry_after=60))
    await ask(jobs, database, "retried")
    await jobs.start()
    await at_its_end.wait()
    clock.set_back(hours=2)
    await until(lambda: has_minded(jobs, clock) and not jobs._running)
    clock.advance(minutes=6)
    await until(lambda: recorder.done == ["retried"])
    await jobs.stop()


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
