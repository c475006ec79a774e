"""Who waits is told about how long, once their queue has shown that it can be told."""

from typing import Any
from uuid import UUID

import pytest

from careline.infra.http import Visitor
from careline.kernel.events import Recorded
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.engine.waiting import QueueHistory
from careline.modules.contact.conversations.services.waits import Happened, Waits
from careline.modules.contact.conversations.views import InteractionView, Wait
from careline.modules.core.routing.events import ItemAssigned, ItemMoved, ItemQueued
from careline.modules.core.routing.views import Media
from tests.modules.contact.conversations.test_live import Screen
from tests.support.contacts import Contacts
from tests.support.waiting import until

TOOK_S = 480.0
CHATS = 3
"""At once, as many as an agent carries; the plain guess knows nothing of it and is three times too long."""


async def waits(contacts: Contacts) -> tuple[Visitor, InteractionView]:
    guest = await contacts.visitor()
    interaction = await contacts.opened(guest)
    await contacts.asks_for_a_person(interaction)
    return guest, interaction


async def ends(contacts: Contacts, agent: Actor, interaction: InteractionView) -> None:
    assert (await contacts.doors.post(agent, f"/interactions/{interaction.id}/end", None)).status_code == 204
    await contacts.settled()
    assert (await contacts.wraps_up(agent, interaction)).status_code == 204


async def a_morning(contacts: Contacts, agent: Actor, *, chats: int) -> list[tuple[Visitor, InteractionView]]:
    """One agent with three chats at once, each of eight minutes; somebody comes whenever one ends. Who still waits."""
    talking = []
    for _ in range(CHATS):
        talking.append((await waits(contacts))[1])
        await contacts.accepts(agent)
    waiting = [await waits(contacts) for _ in range(4)]
    for _ in range(chats):
        contacts.clock.advance(TOOK_S / CHATS)
        await ends(contacts, agent, talking.pop(0))
        talking.append(waiting.pop(0)[1])
        await contacts.accepts(agent)
        waiting.append(await waits(contacts))
    return waiting


async def test_the_wait_is_told_once_it_is_known(contacts: Contacts) -> None:
    agent = await contacts.agent()
    first = (await a_morning(contacts, agent, chats=1))[0][0]
    early = (await contacts.doors.get(first, "/visitor/conversation")).json()
    assert (early["state"], early["wait"]) == ("queued", None), "nothing is known yet"


async def test_a_queue_that_moves_steadily_says_so(contacts: Contacts) -> None:
    agent = await contacts.agent()
    waiting = await a_morning(contacts, agent, chats=18)
    guest, interaction = waiting[1]
    shown = (await contacts.doors.get(guest, "/visitor/conversation")).json()
    # Two steps of 160 seconds each.
    assert (shown["queue_position"], shown["wait"]) == (2, {"word": "about", "minutes": 5})
    assert contacts.conversations.expected_wait(guest.tenant_id, interaction.id) == Wait(word="about", minutes=5)
    assert contacts.conversations.expected_wait(contacts.office.other.id, interaction.id) is None

    page = Screen(contacts, guest)
    assert await page.follow(f"conversation:{interaction.conversation_id}")
    await contacts.doors.post(waiting[0][0], "/visitor/end", None)
    # One step of 160 seconds, and by now it is known that some give up.
    assert (await told(contacts, page))["wait"] == {"word": "about", "minutes": 2}


async def told(contacts: Contacts, page: Screen) -> dict[str, Any]:
    """What a page hears when its place is the first."""

    async def heard() -> list[dict[str, Any]]:
        await contacts.settled()
        return [data for name, data in page.events() if name == "queue.position" and data["queue_position"] == 1]

    first: dict[str, Any] = (await until(heard, "first place"))[0]
    return first


async def test_who_is_moved_to_another_queue_waits_there(contacts: Contacts) -> None:
    """Who is gone from a queue must not count as waiting there for ever, however they went."""
    steady, moved = (Watched(contacts) for _ in range(2))
    gone = new_id()
    moved.comes(gone)
    moved.goes_to_another(gone)
    for watched in (steady, moved):
        for _ in range(20):
            watched.comes(who := new_id())
            contacts.clock.advance(30)
            watched.is_taken(who)
            contacts.clock.advance(200)  # nobody waits
    assert steady.guess_s() == pytest.approx(30, rel=0.1)
    assert moved.guess_s() == pytest.approx(30, rel=0.1)
    assert not moved.history(moved.other).guess_s(1), "nothing is known there"


class Watched:
    """A queue that is watched by itself."""

    def __init__(self, contacts: Contacts) -> None:
        self.waits, self.clock = Waits(contacts.clock, contacts.routing), contacts.clock
        self.tenant_id, self.queue, self.other = contacts.office.tenant.id, new_id(), new_id()

    def comes(self, who: UUID) -> None:
        now = self.clock.now()
        self._heard(ItemQueued(item_id=who, interaction_id=who, media=Media.CHAT, queue_id=self.queue, enqueued_at=now))

    def is_taken(self, who: UUID) -> None:
        now = self.clock.now()
        self._heard(
            ItemAssigned(
                offer_id=who,
                item_id=who,
                interaction_id=who,
                agent_id=self.queue,
                media=Media.CHAT,
                queue_id=self.queue,
                enqueued_at=now,
                offered_at=now,
            )
        )

    def goes_to_another(self, who: UUID) -> None:
        self._heard(
            ItemMoved(
                item_id=who,
                interaction_id=who,
                media=Media.CHAT,
                from_queue_id=self.queue,
                queue_id=self.other,
                front=False,
            )
        )

    def guess_s(self) -> float | None:
        return self.history(self.queue).guess_s(1)

    def history(self, queue_id: UUID) -> QueueHistory:
        return self.waits._queues[self.tenant_id, queue_id].history

    def _heard(self, event: Happened) -> None:
        recorded = Recorded(
            id=new_id(),
            xid=1,
            position=1,
            tenant_id=self.tenant_id,
            occurred_at=self.clock.now(),
            subject=new_id(),
            actor="system",
            event=event,
        )
        self.waits.heard(event, recorded)
