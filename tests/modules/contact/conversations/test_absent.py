"""An agent who has gone keeps no customer."""

import asyncio

import msgspec
import pytest

from careline.kernel.tenancy import Actor, system_actor
from careline.modules.contact.conversations.states import InteractionState
from careline.modules.contact.conversations.views import InteractionView
from careline.modules.core.routing.events import ItemFinished
from careline.modules.core.routing.services.queue_settings import QueueKeeper
from careline.modules.core.routing.views import Chosen, Media
from tests.support.contacts import Contacts
from tests.support.waiting import until

AGENTS = "careline.modules.core.routing.services.agents"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk is missed at once."""
    monkeypatch.setattr(f"{AGENTS}.DESK_GRACE_S", 0.01)
    monkeypatch.setattr(f"{AGENTS}.HANDS_GRACE_S", 0.01)


async def presence(contacts: Contacts, agent: Actor, *, present: bool) -> None:
    assert agent.id is not None
    await contacts.routing.presence(agent.tenant_id, agent.id, present=present)


async def leaves(contacts: Contacts, agent: Actor, chat: InteractionView) -> None:
    """The agent signs out amid a chat, and stays away."""
    assert agent.id is not None
    await contacts.routing.choose(agent.tenant_id, agent.id, Chosen.OFFLINE, None)
    await presence(contacts, agent, present=True)
    await presence(contacts, agent, present=False)

    async def waits() -> bool:
        return (await contacts.interaction(chat.id)).state is InteractionState.QUEUED

    await until(waits)
    await contacts.settled()


async def notices(contacts: Contacts, guest: object) -> list[str]:
    answer = await contacts.doors.get(guest, "/visitor/messages?after=0")  # type: ignore[arg-type]
    return [item["code"] for item in answer.json()["items"] if item["kind"] == "notice"]


async def test_the_customer_of_a_chat_waits_for_another_agent_and_is_told(contacts: Contacts) -> None:
    gone, guest = await contacts.agent(), await contacts.visitor()
    chat = await contacts.chat(gone, guest)
    await leaves(contacts, gone, chat)
    assert (await contacts.interaction(chat.id)).state is InteractionState.QUEUED
    now = (await contacts.doors.get(guest, "/visitor/conversation")).json()
    assert (now["state"], now["queue_position"]) == ("queued", 1)
    assert (await contacts.says(guest, "还在吗")).status_code == 201

    other = await contacts.agent(name="李娜")
    assert (await contacts.accepts(other)).status_code == 200
    after = await contacts.interaction(chat.id)
    assert (after.state, after.agent_id) == (InteractionState.TALKING, other.id)
    assert await notices(contacts, guest) == ["agent-joined", "agent-away", "agent-joined"]
    assert (await contacts.replies(gone, chat.conversation_id, "我在")).status_code == 409
    assert (await contacts.replies(other, chat.conversation_id, "您好")).status_code == 201


async def test_they_go_before_who_came_after_their_talk_began(contacts: Contacts) -> None:
    gone = await contacts.agent()
    chat = await contacts.chat(gone, await contacts.visitor())
    contacts.clock.advance(minutes=1)
    later = await contacts.opened(await contacts.visitor(name="后来"))
    assert gone.id is not None
    await contacts.routing.choose(gone.tenant_id, gone.id, Chosen.NOT_READY, "break")
    await contacts.asks_for_a_person(later)
    contacts.clock.advance(minutes=1)
    await leaves(contacts, gone, chat)
    other = await contacts.agent(name="李娜")
    assert contacts.offer_to(other).interaction_id == chat.id


async def test_an_old_word_of_it_does_not_take_the_chat_from_who_has_it_now(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    chat = await contacts.chat(agent, guest)
    await leaves(contacts, agent, chat)
    [told] = [one for one in await contacts.office.log() if isinstance(one.event, ItemFinished)]
    await presence(contacts, agent, present=True)
    await contacts.ready(agent)
    assert (await contacts.accepts(agent)).status_code == 200

    contacts.bus._deliver(  # as after a crash
        next(one for one in contacts.bus._subscriptions if one.name == "conversations.follows-contacts"), told
    )
    await contacts.settled()
    assert (await contacts.interaction(chat.id)).state is InteractionState.TALKING
    assert (await notices(contacts, guest)).count("agent-away") == 1


async def test_a_chat_that_its_customer_ends_meanwhile_stays_ended(contacts: Contacts) -> None:
    gone, guest = await contacts.agent(), await contacts.visitor()
    chat = await contacts.chat(gone, guest)
    await presence(contacts, gone, present=True)
    await presence(contacts, gone, present=False)
    assert (await contacts.doors.post(guest, "/visitor/end", None)).status_code == 204
    await asyncio.sleep(0.1)
    await contacts.settled()
    after = await contacts.interaction(chat.id)
    assert after.ended_at is not None
    assert "agent-away" not in await notices(contacts, guest)


async def test_they_wait_again_also_when_their_queue_takes_no_more_chats_since(contacts: Contacts) -> None:
    gone, guest = await contacts.agent(), await contacts.visitor()
    chat = await contacts.chat(gone, guest)
    office = contacts.office
    keeper = QueueKeeper(contacts.database, office.people, office.identity, office.hours)
    [queue] = await keeper.queues(system_actor(gone.tenant_id))
    calls_only = msgspec.structs.replace(queue.settings, media=[Media.VOICE])
    await keeper.change(system_actor(gone.tenant_id), queue.id, calls_only)
    await (await contacts.shards.of(gone.tenant_id)).learn_queues()
    await leaves(contacts, gone, chat)
    assert (await contacts.doors.get(guest, "/visitor/conversation")).json()["state"] == "queued"
