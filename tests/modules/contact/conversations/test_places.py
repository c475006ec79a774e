"""Who waits sees their place go down, and thousands who wait cost little more each than ten do."""

import asyncio
from itertools import pairwise
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from careline.infra.realtime.hub import Hub
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.services.places import MOST_A_ROUND, Places
from careline.modules.contact.conversations.views import Wait
from tests.modules.contact.conversations.test_live import Screen
from tests.support.clock import FakeClock
from tests.support.contacts import Contacts
from tests.support.waiting import until

TENANT, QUEUE = TenantId(uuid4()), uuid4()


class Line:
    """A queue of chats that are all looked at, and what is told of them."""

    def __init__(self, waiting: int) -> None:
        self.waiting = [uuid4() for _ in range(waiting)]
        self.told: dict[UUID, list[int]] = {one: [] for one in self.waiting}
        self.looks = 0
        self.places = Places(cast(Hub, self), FakeClock(), self._place_of, self._wait_at, round_s=0)
        for one in self.waiting:
            self.places.waits(TENANT, one, one, QUEUE)

    def _place_of(self, _tenant_id: TenantId, interaction_id: UUID) -> int | None:
        self.looks += 1
        try:
            return self.waiting.index(interaction_id) + 1
        except ValueError:
            return None

    def _wait_at(self, _tenant_id: TenantId, queue_id: UUID, place: int) -> Wait | None:
        assert queue_id == QUEUE
        return Wait(word="about", minutes=place)

    def publish(self, _tenant: object, topic: str, name: str, data: Any, _at: object, *, coalesce: bool) -> None:
        assert (name, coalesce, topic) == ("queue.position", True, f"conversation:{data['interaction_id']}")
        assert data["wait"].minutes == data["queue_position"]
        self.told[data["interaction_id"]].append(data["queue_position"])

    async def quiet(self) -> None:
        """Until no round is to come."""
        while self.places._timer is not None:
            await asyncio.sleep(0)

    async def serve(self) -> None:
        """The first one goes to an agent."""
        self.places.leaves(self.waiting.pop(0))
        self.places.moved(TENANT, QUEUE)
        await self.quiet()


async def test_each_step_is_told_to_the_first_ten() -> None:
    line = Line(10)
    await line.quiet()
    last = line.waiting[-1]
    for _ in range(9):
        await line.serve()
    assert line.told[last] == [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]


@pytest.mark.slow
async def test_further_back_a_tenth_is_worth_a_word() -> None:
    line = Line(200)
    await line.quiet()
    last = line.waiting[-1]
    for _ in range(199):
        await line.serve()
    told = line.told[last]
    assert told[0] == 200
    assert told[-10:] == [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert told == sorted(told, reverse=True)
    assert all((before - after) <= max(1, before / 9) for before, after in pairwise(told)), told


@pytest.mark.slow
async def test_four_times_as_many_cost_little_more_than_four_times() -> None:
    work: list[int] = []
    for waiting in (300, 1200):
        line = Line(waiting)
        await line.quiet()
        for _ in range(waiting):
            await line.serve()
        assert len(line.places) == 0
        assert sum(len(told) for told in line.told.values()) <= line.looks
        work.append(line.looks)
    assert work[1] < 6 * work[0], f"{work}: the square would be 16 times"


async def test_many_moves_at_once_are_one_word() -> None:
    line = Line(10)
    await line.quiet()
    last = line.waiting[-1]
    for _ in range(6):
        line.places.leaves(line.waiting.pop(0))
        line.places.moved(TENANT, QUEUE)
    await line.quiet()
    assert line.told[last] == [10, 4]


async def test_a_round_is_bounded_and_the_rest_follow() -> None:
    line = Line(MOST_A_ROUND * 2 + 7)
    looked = []
    while line.places._timer is not None:
        before = line.looks
        await asyncio.sleep(0)
        looked.append(line.looks - before)
    assert max(looked) == MOST_A_ROUND
    assert all(len(told) == 1 for told in line.told.values())


async def test_who_waits_hears_the_others_leave(contacts: Contacts) -> None:
    guests = [await contacts.visitor() for _ in range(6)]
    waiting = []
    for guest in guests:
        waiting.append(await contacts.opened(guest))
        await contacts.asks_for_a_person(waiting[-1])
    page = Screen(contacts, guests[-1])
    assert await page.follow(f"conversation:{waiting[-1].conversation_id}")
    assert await positions(contacts, page, 6) == [6]

    await contacts.doors.post(guests[1], "/visitor/end", None)
    assert await positions(contacts, page, 5) == [5]
    await contacts.agent()
    assert await positions(contacts, page, 2) == [2], "three are offered to them"


async def positions(contacts: Contacts, page: Screen, last: int) -> list[int]:
    """The places that a page is told, until this one."""
    told: list[int] = []

    async def heard() -> bool:
        await contacts.settled()
        told.extend(data["queue_position"] for name, data in page.events() if name == "queue.position")
        return told[-1:] == [last]

    await until(heard, f"place {last}")
    return told
