"""The process dies between a commit and what follows from it; the next one makes it good."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from careline.modules.contact.conversations.views import InteractionState
from tests.support.contacts import Contacts
from tests.support.office import Office

parse = datetime.fromisoformat


async def successor(contacts: Contacts, folder: Path) -> Contacts:
    """Another process on the same rows; the first one has heard nothing more since it was made deaf."""
    await contacts.routing.stop()
    office = Office(contacts.database, contacts.clock)
    office.tenant, office.other = contacts.office.tenant, contacts.office.other
    following = Contacts(office, folder)
    for tenant in (office.tenant, office.other):
        await following.routing.open_tenant(tenant.id)
    await following.bus.start()
    await following.settled()
    following.doors = contacts.doors
    return following


def deaf(contacts: Contacts) -> None:
    """From now on facts are stored and nobody in this process hears of them."""
    silence: Callable[[object], None] = lambda _: None  # noqa: E731
    contacts.database.on_committed(silence)


async def test_an_end_that_routing_was_not_told_of(contacts: Contacts, tmp_path: Path) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    said = (await contacts.says(guest, "谢谢，再见")).json()
    deaf(contacts)
    await contacts.doors.post(guest, "/visitor/end", None)
    assert await contacts.state_word(agent) == "engaged"

    following = await successor(contacts, tmp_path)
    assert await following.state_word(agent) == "after_contact_work"
    now = await following.interaction(interaction.id)
    assert now.state is InteractionState.AFTER_CONTACT_WORK
    assert now.wrap_up_deadline is not None
    stored = (await contacts.doors.get(guest, "/visitor/messages")).json()["items"]
    assert said in stored, "what was acknowledged is there"
    await following.stop()
    await following.bus.stop()
    following.office.identity.close()


async def test_an_acceptance_that_was_not_written_down(contacts: Contacts, tmp_path: Path) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.opened(guest)
    await contacts.asks_for_a_person(interaction)
    offer = contacts.offer_to(agent)
    assert agent.id is not None
    deaf(contacts)
    await contacts.routing.accept(agent.tenant_id, offer.id, agent_id=agent.id, token=offer.token)
    assert (await contacts.interaction(interaction.id)).state is InteractionState.QUEUED

    following = await successor(contacts, tmp_path)
    now = await following.interaction(interaction.id)
    assert (now.state, now.agent_id) == (InteractionState.TALKING, agent.id)
    assert (await contacts.replies(agent, interaction.conversation_id, "您好")).status_code == 201
    await following.stop()
    await following.bus.stop()
    following.office.identity.close()


async def test_times_are_those_of_the_facts_and_not_of_the_restart(contacts: Contacts, tmp_path: Path) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    chat = await contacts.opened(guest)
    await contacts.asks_for_a_person(chat)
    offer = contacts.offer_to(agent)
    caller, call = await contacts.call("13900001111")
    assert agent.id is not None
    contacts.clock.advance(5)
    deaf(contacts)
    taken_at = contacts.clock.now()
    await contacts.routing.accept(agent.tenant_id, offer.id, agent_id=agent.id, token=offer.token)
    await caller.hang_up()
    contacts.clock.advance(minutes=10)

    following = await successor(contacts, tmp_path)
    shown = (await contacts.doors.get(agent, f"/interactions/{chat.id}")).json()
    stretches = {one["kind"]: one for one in shown["segments"]}
    assert {parse(stretches[kind][end]) for kind, end in (("ring", "ended_at"), ("talk", "started_at"))} == {taken_at}
    assert (await following.interaction(call.id)).ended_at == taken_at
    await following.stop()
    await following.bus.stop()
    following.office.identity.close()


async def test_a_customer_who_left_while_nobody_listened_blocks_nobody(contacts: Contacts, tmp_path: Path) -> None:
    guest = await contacts.visitor()
    interaction = await contacts.opened(guest)
    await contacts.asks_for_a_person(interaction)
    deaf(contacts)
    await contacts.doors.post(guest, "/visitor/end", None)

    following = await successor(contacts, tmp_path)
    assert following.routing.position(interaction.tenant_id, interaction.id) is None
    agent = await following.agent()
    assert following.routing.offers_of(agent.tenant_id, agent.id or interaction.id) == []
    await following.stop()
    await following.bus.stop()
    following.office.identity.close()
