"""A call interrupts a left message, which rests and is its agent's again; who talks is offered none."""

from typing import Any

from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.views import InteractionState, InteractionView
from careline.modules.core.routing.views import Media, NewItem
from tests.support.contacts import QUEUE, Contacts


async def a_message(contacts: Contacts) -> InteractionView:
    """What a customer left in a chat that is over."""
    asked_in = await contacts.opened(await contacts.visitor())
    await contacts.conversations.end(asked_in.tenant_id, asked_in.id, by="flow")
    async with contacts.database.transaction(asked_in.tenant_id) as tx:
        left = await contacts.conversations.open_message(tx, asked_in, QUEUE)
        item = NewItem(id=new_id(), interaction_id=left, media=Media.MESSAGE, queue=QUEUE, enqueued_at=tx.now)
        await contacts.routing.enqueue(tx, item)
    await contacts.settled()
    return await contacts.interaction(left)


async def in_hand(contacts: Contacts, agent: Actor) -> dict[str, str]:
    """The states of what an agent has, by medium."""
    mine = (await contacts.doors.get(agent, "/inbox")).json()["mine"]
    return {item["media"]: item["state"] for item in mine}


async def test_a_call_interrupts_a_left_message(contacts: Contacts) -> None:
    agent = await contacts.agent()
    message = await a_message(contacts)
    assert (await contacts.accepts(agent)).status_code == 200
    assert await in_hand(contacts, agent) == {"message": "answering"}
    caller, _, call = await contacts.talk(agent)
    assert await in_hand(contacts, agent) == {"message": "parked", "voice": "talking"}
    await caller.hang_up()
    await contacts.settled()
    assert await in_hand(contacts, agent) == {"message": "parked", "voice": "after_contact_work"}
    assert (await contacts.wraps_up(agent, call)).status_code == 204
    assert await in_hand(contacts, agent) == {"message": "answering"}
    assert (await contacts.interaction(message.id)).agent_id == agent.id


async def test_the_desk_is_told_that_the_clock_of_writing_up_stands(contacts: Contacts) -> None:
    agent = await contacts.agent()
    message = await a_message(contacts)
    assert (await contacts.accepts(agent)).status_code == 200
    assert (await contacts.doors.post(agent, f"/interactions/{message.id}/end", {})).status_code == 204
    await contacts.settled()
    assert [one is None for one in await clock(contacts, agent)] == [False, True], "it runs"
    caller, _, call = await contacts.talk(agent)
    deadline, left = await clock(contacts, agent)
    assert deadline is None
    assert left > 0
    await caller.hang_up()
    await contacts.settled()
    assert await clock(contacts, agent) == [None, left], "until the call is written up"
    assert (await contacts.wraps_up(agent, call)).status_code == 204
    assert [one is None for one in await clock(contacts, agent)] == [False, True], "it runs on"


async def clock(contacts: Contacts, agent: Actor) -> list[Any]:
    """When writing up the message ends by itself, and what is left while its clock stands."""
    mine = (await contacts.doors.get(agent, "/inbox")).json()["mine"]
    (item,) = [item for item in mine if item["media"] == "message"]
    assert item["state"] == "after_contact_work"
    return [item["acw_deadline"], item["acw_left_s"]]


async def test_who_talks_is_offered_no_message_until_that_is_over(contacts: Contacts) -> None:
    agent = await contacts.agent()
    assert agent.id is not None
    caller, _, call = await contacts.talk(agent)
    message = await a_message(contacts)
    assert not contacts.routing.offers_of(agent.tenant_id, agent.id)
    await caller.hang_up()
    await contacts.settled()
    assert (await contacts.wraps_up(agent, call)).status_code == 204
    assert contacts.offer_to(agent).interaction_id == message.id
    assert (await contacts.interaction(message.id)).state is InteractionState.QUEUED


async def test_a_customer_who_is_in_a_chat_meanwhile_is_spoken_to_when_it_is_over(contacts: Contacts) -> None:
    """Who has the message in hand has no say in a colleague's chat, and has the thread when that has ended."""
    other, agent = await contacts.agent(name="赵强"), await contacts.agent()
    guest = await contacts.visitor()
    asked_in = await contacts.opened(guest)
    await contacts.asks_for_a_person(asked_in)
    first = other if contacts.routing.offers_of(other.tenant_id, other.id or new_id()) else agent
    second = agent if first is other else other
    assert (await contacts.accepts(first)).status_code == 200
    async with contacts.database.transaction(asked_in.tenant_id) as tx:
        left = await contacts.conversations.open_message(tx, asked_in, QUEUE)
        item = NewItem(id=new_id(), interaction_id=left, media=Media.MESSAGE, queue=QUEUE, enqueued_at=tx.now)
        await contacts.routing.enqueue(tx, item)
    await contacts.settled()
    assert (await contacts.accepts(second)).status_code == 200
    refused = await contacts.replies(second, asked_in.conversation_id, "您好")
    assert refused.status_code in (403, 409)
    assert (await contacts.doors.post(first, f"/interactions/{asked_in.id}/end", {})).status_code == 204
    await contacts.settled()
    assert (await contacts.replies(second, asked_in.conversation_id, "您好")).status_code == 201
    assert (await contacts.doors.post(guest, "/visitor/end", {})).status_code == 204
    await contacts.settled()
    assert await in_hand(contacts, second) == {"message": "after_contact_work"}
