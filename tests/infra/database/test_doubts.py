"""A commit whose answer was lost is found out about: nothing is done twice, and nothing stays undone."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from careline.infra.database import doubts
from careline.infra.database.database import Database
from careline.infra.database.failures import DatabaseUnreachable, why_unusable
from careline.infra.database.models import CursorRow
from careline.kernel.events import Recorded
from tests.infra.facts import TENANT, change, do, logged, numbers, stored_rows
from tests.support.clock import FakeClock
from tests.support.lost_answers import NO_FACTS, LostAnswers
from tests.support.waiting import until

LONG = 10_000


@pytest.fixture
def answers(database: Database, monkeypatch: pytest.MonkeyPatch) -> LostAnswers:
    return LostAnswers(database, monkeypatch)


@pytest.fixture
def heard(database: Database) -> list[int]:
    found: list[int] = []

    def listen(recorded: Sequence[Recorded]) -> None:
        found.extend(numbers(list(recorded)))

    database.on_committed(listen)
    return found


async def do_and_remember(database: Database, number: int, memory: list[int]) -> None:
    async with database.transaction(TENANT) as tx:
        await change(tx, number)
        tx.on_commit(lambda: memory.append(number))


async def refused(work: Callable[[], object]) -> str:
    with pytest.raises(Exception) as raised:  # noqa: PT011 - the drivers' own, of two databases
        await work()  # type: ignore[misc]
    return why_unusable(raised.value) or ""


async def test_a_commit_that_went_through_is_done_though_nobody_said_so(
    database: Database, answers: LostAnswers, heard: list[int]
) -> None:
    memory: list[int] = []
    answers.plan("test.happened", goes_through=True)

    await do_and_remember(database, 1, memory)
    await do_and_remember(database, 2, memory)

    assert answers.lost == 1
    assert (await stored_rows(database), memory, heard) == ({1, 2}, [1, 2], [1, 2])


async def test_a_commit_that_did_not_go_through_is_an_error_and_leaves_nothing(
    database: Database, answers: LostAnswers, heard: list[int]
) -> None:
    memory: list[int] = []
    answers.plan("test.happened", goes_through=False)

    assert await refused(lambda: do_and_remember(database, 1, memory))
    await do_and_remember(database, 2, memory)

    assert answers.lost == 1
    assert (await stored_rows(database), memory, heard) == ({2}, [2], [2])
    assert not any(database.is_unpublished(item.id) for item in await logged(database))


@pytest.mark.parametrize("goes_through", [True, False])
async def test_nothing_begins_while_it_is_not_known_what_became_of_a_commit(
    database: Database, answers: LostAnswers, heard: list[int], goes_through: bool
) -> None:
    """Whoever tries again after an outage finds what was stored, and what the memory should have of it."""
    memory: list[int] = []
    answers.plan("test.happened", goes_through=goes_through, away_for=LONG)

    assert await refused(lambda: do_and_remember(database, 1, memory))
    assert await refused(lambda: do(database, 2)) == "Connection refused"
    assert (memory, heard) == ([], [])
    answers.away_for = 0
    rows = await stored_rows(database)

    assert rows == ({1} if goes_through else set())
    assert (memory, heard) == (([1], [1]) if goes_through else ([], []))


async def test_who_was_stopped_amid_a_commit_whose_answer_was_lost_leaves_it_to_the_next(
    database: Database, answers: LostAnswers
) -> None:
    memory: list[int] = []
    answers.plan("test.happened", goes_through=True, away_for=LONG)
    task = asyncio.create_task(do_and_remember(database, 1, memory))
    await until(lambda: answers.lost == 1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await until(lambda: bool(database._doubts))
    answers.away_for = 0

    await database.sure()
    assert memory == [1]


@pytest.mark.postgres
async def test_a_transaction_that_nobody_holds_any_more_is_ended(
    postgres_tables_url: str, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line is cut and the server has not noticed: it would hold the locks, and the answer, for hours."""
    database = Database(postgres_tables_url, clock)
    monkeypatch.setattr(doubts, "PAUSE_S", 0)
    async with database._connected() as connection:
        transaction = await connection.begin()
        its_number = text("SELECT pg_current_xact_id()::text::bigint")
        xid = (await connection.execute(its_number)).scalar_one()
        await database._doubts._until_ended(xid)
        with pytest.raises(DBAPIError):
            await connection.execute(its_number)
        await transaction.close()
    await database.close()


async def quietly(database: Database, number: int, memory: list[int]) -> None:
    """A use case that says no fact, and has something to do once it is stored."""
    async with database.transaction(TENANT) as tx:
        await tx.execute(insert(CursorRow).values(subscriber=f"row {number}", xid=0, position=number))
        tx.on_commit(lambda: memory.append(number))


@pytest.mark.postgres
@pytest.mark.parametrize("goes_through", [True, False])
async def test_what_became_of_a_commit_without_facts_postgresql_knows(
    postgres_tables_url: str, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, goes_through: bool
) -> None:
    database, memory = Database(postgres_tables_url, clock), list[int]()
    answers = LostAnswers(database, monkeypatch)
    answers.plan(NO_FACTS, goes_through=goes_through)

    if goes_through:
        await quietly(database, 1, memory)
    else:
        assert await refused(lambda: quietly(database, 1, memory))

    assert (await stored_rows(database), memory) == (({1}, [1]) if goes_through else (set(), []))
    await database.close()


async def test_all_who_wait_for_a_doubt_are_told_by_one_try(
    database: Database, answers: LostAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that swallows what is sent to it takes seconds for every try."""
    answers.plan("test.happened", goes_through=True, away_for=LONG)
    assert await refused(lambda: do(database, 1))
    swallowing, tries = asyncio.Event(), 0

    @asynccontextmanager
    async def swallowed() -> AsyncIterator[AsyncConnection]:
        nonlocal tries
        tries += 1
        await swallowing.wait()
        if swallowing.is_set():
            raise DatabaseUnreachable("no answer")
        yield  # type: ignore[misc]

    monkeypatch.setattr(database._doubts, "_connected", swallowed)
    waiting = [asyncio.create_task(do(database, number)) for number in range(2, 22)]
    await until(lambda: tries > 0)
    swallowing.set()
    told = await asyncio.gather(*waiting, return_exceptions=True)

    assert [why_unusable(one) for one in told if isinstance(one, Exception)] == ["no answer"] * 20
    assert tries == 1


async def test_who_gives_up_waiting_for_a_doubt_ends_it_for_nobody_else(
    database: Database, answers: LostAnswers
) -> None:
    answers.plan("test.happened", goes_through=True, away_for=LONG)
    assert await refused(lambda: do(database, 1))
    answers.away_for = 0
    first, second = asyncio.create_task(database.sure()), asyncio.create_task(do(database, 2))
    await asyncio.sleep(0)
    first.cancel()
    await second
    assert await stored_rows(database) == {1, 2}


async def test_who_waited_for_a_turn_begins_after_the_doubt_that_came_up_meanwhile(
    sqlite_url: str, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The group before fails while the next waits to write: what the memory should have of it comes first."""
    database, memory, seen = Database(sqlite_url, clock), list[int](), list[list[int]]()
    answers = LostAnswers(database, monkeypatch)
    answers.plan("test.happened", goes_through=True)

    async def next_one() -> None:
        async with database.transaction(TENANT) as tx:
            seen.append(list(memory))
            await change(tx, 2)

    first = asyncio.create_task(do_and_remember(database, 1, memory))
    # Looked at in every round of the loop: with nothing to wait for on the disk a commit is over in a moment.
    await until(lambda: database._writer is not None and bool(database._writer._committing), every=0)
    await asyncio.gather(first, next_one())

    assert (seen, memory) == ([[1]], [1])
    await database.close()
