"""The bus in one process: order, separation, retries."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from careline.infra.bus import subscription as subscription_file
from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.infra.database.log import load_cursor
from careline.kernel.events import Recorded
from tests.infra.facts import TENANT, Ended, Happened, do, logged, until
from tests.support.clock import FakeClock


@pytest.fixture
async def bus(database: Database) -> AsyncIterator[EventBus]:
    bus = EventBus(database)
    database.on_committed(bus.publish)
    yield bus
    await bus.stop()


async def test_facts_of_one_key_come_in_order_and_others_do_not_wait(database: Database, bus: EventBus) -> None:
    blocked, free = uuid4(), uuid4()
    go_on = asyncio.Event()
    seen: list[int] = []

    async def handler(event: Happened, recorded: Recorded) -> None:
        if recorded.subject == blocked:
            await go_on.wait()
        seen.append(event.number)

    bus.subscribe("test.seen", Happened, handler)
    await bus.start()
    for number in range(4):
        await do(database, number, subject=blocked if number % 2 else free)
    await until(lambda: seen == [0, 2])
    go_on.set()
    await bus.settled()

    assert seen == [0, 2, 1, 3]


async def test_a_key_of_ones_own(database: Database, bus: EventBus) -> None:
    running = most = 0

    async def handler(_event: Happened, _recorded: Recorded) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1

    bus.subscribe("test.one-by-one", Happened, handler, key=lambda *_: None)
    await bus.start()
    await asyncio.gather(*(do(database, number) for number in range(20)))
    await bus.settled()

    assert most == 1


async def test_a_handler_gets_what_another_process_would_read(database: Database, bus: EventBus) -> None:
    seen: list[Recorded] = []

    async def handler(event: Happened, recorded: Recorded) -> None:
        assert recorded.event is event
        seen.append(recorded)

    bus.subscribe("test.first", Happened, handler)
    bus.subscribe("test.second", (Happened, Ended), handler)
    await bus.start()
    emitted = Happened(number=7)
    async with database.transaction(TENANT) as tx:
        tx.emit(emitted, subject=uuid4())
    await bus.settled()

    assert [item.event for item in seen] == [emitted, emitted]
    assert all(item.event is not emitted for item in seen)


async def test_a_failing_subscriber_is_tried_again_and_stops_nobody(
    database: Database, bus: EventBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscription_file, "RETRY_AFTER_S", (0.001,))
    tries = {"durable": 0, "live": 0, "other": 0}

    async def durable(_event: Happened, _recorded: Recorded) -> None:
        tries["durable"] += 1
        if tries["durable"] < 4:
            raise RuntimeError("not yet")

    async def live(_event: Happened, _recorded: Recorded) -> None:
        tries["live"] += 1
        raise RuntimeError("screens do not matter that much")

    async def other(_event: Happened, _recorded: Recorded) -> None:
        tries["other"] += 1

    bus.subscribe("test.durable", Happened, durable)
    bus.subscribe("test.live", Happened, live, durable=False)
    bus.subscribe("test.other", Happened, other)
    await bus.start()
    await do(database, 1)
    await bus.settled()

    assert tries == {"durable": 4, "live": 1, "other": 1}


async def test_a_subscriber_has_its_own_name_and_comes_before_the_start(bus: EventBus) -> None:
    async def handler(_event: Happened, _recorded: Recorded) -> None:
        return None

    bus.subscribe("test.name", Happened, handler)
    with pytest.raises(ValueError, match=r"test\.name"):
        bus.subscribe("test.name", Ended, handler)  # type: ignore[arg-type]
    await bus.start()
    with pytest.raises(RuntimeError, match="before start"):
        bus.subscribe("test.later", Happened, handler)


async def test_a_handler_may_change_things_itself(database: Database, bus: EventBus) -> None:
    seen: list[int] = []

    async def handler(event: Happened, recorded: Recorded) -> None:
        seen.append(event.number)
        if event.number < 5:
            await do(database, event.number + 1, subject=recorded.subject)

    bus.subscribe("test.chain", Happened, handler)
    await bus.start()
    await do(database, 0)
    await bus.settled()

    assert seen == list(range(6))


async def test_the_tenant_of_a_fact_reaches_the_handler(database: Database, bus: EventBus) -> None:
    tenants = []

    async def handler(_event: Happened, recorded: Recorded) -> None:
        tenants.append(recorded.tenant_id)

    bus.subscribe("test.tenant", Happened, handler)
    await bus.start()
    await do(database, 0)
    await bus.settled()

    assert tenants == [TENANT]


async def test_who_is_told_at_once_hears_in_commit_order(database: Database, bus: EventBus) -> None:
    told: list[int] = []

    def listener(event: Happened, recorded: Recorded) -> None:
        assert recorded.tenant_id == TENANT
        told.append(event.number)
        if event.number == 1:
            raise RuntimeError("not this one")

    bus.tell("test.at-once", Happened, listener)
    await do(database, 0)
    await bus.start()
    for number in range(1, 4):
        await do(database, number)
        assert told[-1] == number

    assert told == [1, 2, 3]


async def test_who_is_told_at_once_hears_of_other_processes(
    database: Database, database_url: str, clock: FakeClock, bus: EventBus
) -> None:
    told: list[int] = []
    bus.tell("test.at-once", Happened, lambda event, _: told.append(event.number))
    await bus.start()
    other = Database(database_url, clock)
    await do(other, 1)
    await other.close()
    await bus.catch_up()
    await do(database, 2)
    await bus.catch_up()

    assert told == [1, 2]


async def test_what_is_not_wanted_is_not_handled_and_holds_up_nothing(database: Database, bus: EventBus) -> None:
    seen: list[int] = []

    async def handler(event: Happened, _recorded: Recorded) -> None:
        seen.append(event.number)

    bus.subscribe("test.odd", Happened, handler, wanted=lambda event: event.number % 2 == 1)
    await bus.start()
    for number in range(4):
        await do(database, number)
    await bus.settled()
    await bus.catch_up()
    await bus.save_cursors()

    assert seen == [1, 3]
    async with database.system_reading() as reading:
        cursor = await load_cursor(reading, "test.odd")
    assert (cursor.xid, cursor.position) >= max((item.xid, item.position) for item in await logged(database))


async def test_a_name_is_taken_once_however_it_hears(bus: EventBus) -> None:
    bus.tell("test.name", Happened, lambda *_: None)
    with pytest.raises(ValueError, match="exists"):
        bus.tell("test.name", Ended, lambda *_: None)
