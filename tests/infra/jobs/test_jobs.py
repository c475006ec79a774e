"""Jobs on both databases: one for each commit, tried again, given up, and taken over from the dead."""

import asyncio
from datetime import timedelta

import pytest

from careline.infra.database.database import Database
from careline.infra.jobs.jobs import JobContext, Jobs
from careline.kernel.errors import Conflict, PermanentFailure, TransientFailure
from tests.infra.jobs.notes import HERE, THERE, Note, Recorder, ask
from tests.support.clock import FakeClock


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
