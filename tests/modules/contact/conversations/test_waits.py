"""Who waits is told about how long, once their queue has shown that it can be told."""

import asyncio
from typing import Any

from careline.infra.http import Visitor
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.views import InteractionView, Wait
from tests.modules.contact.conversations.test_live import Screen
from tests.support.contacts import Contacts

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
    async with asyncio.timeout(5):
        while True:
            await contacts.settled()
            for name, data in page.events():
                if name == "queue.position" and data["queue_position"] == 1:
                    return dict(data)
            await asyncio.sleep(0.005)
