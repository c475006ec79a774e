"""A commit whose answer was lost is found out about: nothing is done twice, and nothing stays undone."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from careline.infra.database import doubts
from careline.infra.database.database import Database
from careline.infra.database.failures import why_unusable
from careline.kernel.events import Recorded
from tests.infra.facts import TENANT, change, do, logged, numbers, stored_rows
from tests.support.clock import FakeClock
from tests.support.lost_answers import LostAnswers
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
