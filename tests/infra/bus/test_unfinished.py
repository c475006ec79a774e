"""A fact that cannot be handled holds up its own key and nobody else, also over a restart and a kill at any line."""

import asyncio
import random
import sys
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from careline.infra.bus import subscription as subscription_file
from careline.infra.bus.places import Stuck, stuck
from careline.infra.bus.subscription import Subscription, Unfinished
from careline.infra.database.database import Database
from careline.infra.database.log import Cursor
from careline.infra.database.models import CursorRow, UnfinishedRow
from careline.kernel.clock import SystemClock
from careline.kernel.events import Recorded
from tests.infra.bus.killed_processes import fails, handled, key_of
from tests.infra.bus.test_nothing_lost import Process, stored_cursor
from tests.infra.facts import OTHER, TENANT, Happened, do, logged, until
from tests.support.waiting import PATIENCE_S


class Failing(Process):
    """A process whose subscriber cannot handle some facts."""

    def __init__(self, url: str, *numbers: int) -> None:
        super().__init__(url)
        self.fails = set(numbers)
        self.tries: list[int] = []

    async def _remember(self, event: Happened, recorded: Recorded) -> None:
        self.tries.append(event.number)
        if event.number in self.fails:
            raise LookupError("the text of an error may hold anything")
        await super()._remember(event, recorded)

    async def kept_up(self) -> None:
        """What happens every second."""
        await self.bus.catch_up()
        await self.bus.save_cursors()


async def stored(url: str) -> list[tuple[int, int, str | None]]:
    """As somebody who was not there sees it."""
    database = Database(url, SystemClock())
    async with database.system_reading() as reading:
        statement = select(UnfinishedRow.position, UnfinishedRow.attempts, UnfinishedRow.last_error)
        rows = (await reading.execute(statement.order_by(UnfinishedRow.position))).all()
    await database.close()
    return [tuple(row) for row in rows]


@pytest.fixture(autouse=True)
def long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is not tried again before the test has looked."""
    monkeypatch.setattr(subscription_file, "RETRY_AFTER_S", (60.0,))


@pytest.fixture
def short_pauses(long_pauses: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscription_file, "RETRY_AFTER_S", (0.02,))


async def test_the_cursor_goes_on_and_the_key_waits(database_url: str) -> None:
    key = uuid4()
    process = Failing(database_url, 1)
    await process.start()
    for number in (1, 2, 3):
        await do(process.database, number, subject=key if number != 3 else None)
    await until(lambda: process.seen == [3])
    await process.kept_up()
    await process.kept_up()

    assert await stored_cursor(process.database) == 3
    assert await stored(database_url) == [(1, 1, "LookupError"), (2, 0, None)]
    async with process.database.system_reading() as reading:
        assert await stuck(reading) == [
            Stuck(subscriber="test.remembers", unfinished=2, position=1, attempts=1, last_error="LookupError")
        ]
    assert process.bus.held_up() == []
    await process.crash()


async def test_after_a_restart_only_what_was_unfinished_is_handled_in_order(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = uuid4()
    process = Failing(database_url, 1)
    await process.start()
    for number in (1, 2, 3):
        await do(process.database, number, subject=key if number != 3 else None)
    await until(lambda: process.seen == [3])
    await process.stop()

    monkeypatch.setattr(subscription_file, "RETRY_AFTER_S", (0.02,))
    writer = Database(database_url, SystemClock())
    await do(writer, 4, subject=key)
    await writer.close()
    process = Failing(database_url)
    await process.start()
    await process.bus.settled()
    await process.kept_up()

    assert process.seen == [1, 2, 4]
    assert await stored(database_url) == []
    await process.stop()


async def test_tries_are_counted_over_restarts_and_their_pauses_grow(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscription_file, "RETRY_AFTER_S", (0.0, 0.0, 60.0))
    process = Failing(database_url, 1)
    await process.start()
    await do(process.database, 1)
    await until(lambda: process.tries == [1, 1, 1])
    await process.stop()
    process = Failing(database_url)
    await process.start()  # does not wait for the pause
    await do(process.database, 2)
    await until(lambda: process.seen == [2])

    assert process.tries == [2], "the third pause lasts longer"
    assert await stored(database_url) == [(1, 3, "LookupError")]
    await process.stop()


@pytest.mark.usefixtures("short_pauses")
async def test_with_too_many_the_cursor_waits_and_says_so(
    database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(subscription_file, "MOST_KEPT", 2)
    process = Failing(database_url, 1, 3, 5)
    await process.start()
    for number in range(1, 7):
        await do(process.database, number)
    await until(lambda: process.seen == [2, 4, 6])
    await process.kept_up()
    await process.kept_up()

    assert await stored_cursor(process.database) == 4
    assert [position for position, _, _ in await stored(database_url)] == [1, 3]
    assert [(one.subscriber, one.unfinished) for one in process.bus.held_up()] == [("test.remembers", 3)]
    assert [record.message for record in caplog.records if "cursor" in record.message] == [
        "the cursor of test.remembers waits: it could not handle too many facts"
    ]
    process.fails.clear()
    await process.bus.settled()
    assert process.bus.held_up() == [], "it is over, also before the cursor was stored"
    await process.kept_up()
    assert await stored_cursor(process.database) == 6
    assert process.bus.held_up() == []
    assert await stored(database_url) == []
    await process.stop()


async def test_one_that_hangs_is_left_behind_too(database_url: str) -> None:
    process = Process(database_url)
    process.stuck_on = {1}
    await process.start()
    for number in (1, 2):
        await do(process.database, number)
    await until(lambda: process.seen == [2])
    await process.bus.catch_up()
    await process.bus.save_cursors()
    assert await stored_cursor(process.database) == 0, "it may be done in a moment"
    await process.bus.save_cursors()

    assert await stored_cursor(process.database) == 2
    assert await stored(database_url) == [(1, 0, None)]
    await process.crash()


async def test_who_does_not_want_it_any_more_forgets_it(database_url: str) -> None:
    process = Failing(database_url, 1)
    await process.start()
    await do(process.database, 1)
    await until(lambda: process.tries == [1])
    await process.stop()
    assert len(await stored(database_url)) == 1
    process = Failing(database_url)
    process.bus._subscriptions[0].wanted = lambda event: event.number > 1
    await process.start()
    await process.stop()

    assert process.seen == []
    assert await stored(database_url) == []


@pytest.mark.postgres
async def test_a_tenant_sees_its_own_unfinished_facts_only(postgres_tables_url: str) -> None:
    process = Failing(postgres_tables_url, 1)
    await process.start()
    await do(process.database, 1)
    await until(lambda: process.tries == [1])
    await process.kept_up()

    for tenant_id, seen in ((TENANT, 1), (OTHER, 0)):
        async with process.database.reading(tenant_id) as reading:
            assert len((await reading.execute(select(UnfinishedRow.position))).all()) == seen
    await process.stop()


@pytest.mark.usefixtures("short_pauses")
@pytest.mark.parametrize("seed", range(3))
async def test_failures_and_crashes_at_random_lose_nothing_and_keep_the_order(
    database_url: str, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(subscription_file, "MOST_KEPT", chance.choice((1, 3, 50)))
    keys = [uuid4() for _ in range(5)]
    first: list[tuple[int, UUID]] = []
    of_key: dict[int, UUID] = {}
    number = 0
    for round_ in range(6):
        process = Failing(database_url, *(range(number, number + 12, 5) if round_ < 5 else ()))
        await process.start()
        for _ in range(12 if round_ < 5 else 0):
            of_key[number] = chance.choice(keys)
            await do(process.database, number, subject=of_key[number])
            number += 1
            if chance.random() < 0.3:
                await process.kept_up()
        await asyncio.sleep(0.005)
        if round_ == 5:
            await process.bus.settled()
        await (process.crash() if chance.random() < 0.7 and round_ < 5 else process.stop())
        known = {one for one, _ in first}
        first += [(one, of_key[one]) for one in dict.fromkeys(process.seen) if one not in known]

    assert {one for one, _ in first} == set(range(60))
    for key in keys:
        mine = [one for one, its in first if its == key]
        assert mine == sorted(mine)


async def test_a_kill_at_any_line_loses_nothing_and_keeps_the_order(database_url: str) -> None:
    kills = 12
    processes = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.infra.bus.killed_processes", database_url, str(kills),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await processes.communicate()
    assert processes.returncode == 0
    ends = [line.split() for line in said.decode().splitlines()]
    assert len(ends) == kills
    assert sum(whole == "0" for _, whole in ends) > kills / 2, "most were killed"

    process = Process(database_url)
    process.bus._subscriptions.clear()
    process.bus._by_class.clear()
    seen: list[int] = []

    async def mended(event: Happened, _recorded: Recorded) -> None:
        await handled(process.database, event.number)
        seen.append(event.number)

    process.bus.subscribe("test.killed", Happened, mended)
    await process.start()
    await asyncio.wait_for(process.bus.settled(), PATIENCE_S)
    facts = [item.event.number for item in await logged(process.database) if isinstance(item.event, Happened)]
    async with process.database.system_reading() as reading:
        rows = await reading.execute(select(CursorRow).where(CursorRow.subscriber.startswith("handled ")))
        when = {int(row.subscriber.removeprefix("handled ")): row.position for row in rows.all()}
    await process.stop()

    assert sorted(when) == sorted(facts)
    assert {number for number in facts if fails(number)} <= set(seen)
    for key in {key_of(number) for number in facts}:
        times = [when[number] for number in facts if key_of(number) == key]
        assert times == sorted(times)
    assert await stored(database_url) == []


PLACES = st.lists(st.tuples(st.integers(1, 30), st.booleans(), st.integers(0, 2)), unique_by=lambda one: one[0])


@given(PLACES, st.integers(0, 30), st.integers(0, 30), st.integers(1, 4), st.booleans())
def test_what_is_not_done_stands_before_the_cursor_or_is_left_behind(
    unfinished: list[tuple[int, bool, int]], read_to: int, stored_to: int, most: int, ending: bool
) -> None:
    async def nobody(_event: Happened, _recorded: Recorded) -> None:
        raise AssertionError

    subscription = Subscription("test.pure", nobody, lambda *_: None, None, durable=True, from_now=False)
    subscription.stored = Cursor(0, stored_to)
    for position, lasting, attempts in unfinished:
        one = subscription.unfinished[Cursor(0, position)] = Unfinished(TENANT)
        one.lasting, one.attempts = lasting or position <= stored_to, attempts
    already = [Cursor(0, position) for position, _, _ in unfinished if position <= stored_to]
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(subscription_file, "MOST_KEPT", most)
        cursor, behind = subscription.reached(Cursor(0, read_to), ending=ending)

    assert subscription.stored <= cursor <= max(Cursor(0, read_to), subscription.stored)
    assert len(behind) <= max(most, len(already))
    assert set(behind) == {place for place in subscription.unfinished if place <= cursor}
    if subscription.is_full:
        assert len(behind) >= most
    elif ending:
        assert cursor == max(Cursor(0, read_to), subscription.stored)
