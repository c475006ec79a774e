"""Who waits in a queue that cannot keep them goes another way in their flow, to an end that is said."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from careline.kernel.tenancy import system_actor
from careline.modules.contact.conversations.views import InteractionState
from careline.modules.contact.flows import wiring
from careline.modules.core.routing.services.queue_settings import QueueKeeper
from tests.modules.contact.flows.test_language import LANGUAGE, codes, hotline
from tests.support.contacts import QUEUE, Contacts
from tests.support.waiting import until

WAYS = ("overflow", "closed", "message")


def asking(*ways: str) -> dict[str, Any]:
    """A flow that asks for a person at once, and ends with the name of the way that was taken."""
    title = {"zh-CN": "转人工"}
    person = {"kind": "enqueue", "title": title, "queue": QUEUE, "next": "next", "lost": "lost"} | {
        way: way for way in ways
    }
    ends = {way: {"kind": "hang_up", "text": {"zh-CN": way}} for way in ("next", "lost", *ways)}
    return {"start": "person", "safety": "lost", "steps": {"person": person, **ends}}


async def publish(contacts: Contacts, flows: wiring.FlowsModule, *ways: str, channel: str | None = None) -> None:
    actor = system_actor(contacts.office.tenant.id)
    await flows.facade.create(actor, "hotline", "热线", asking(*ways), entry_channel=channel)
    await flows.facade.publish(actor, "hotline")


async def set_queue(contacts: Contacts, **rules: Any) -> None:
    """What an administrator sets, and the shard hears."""
    actor = system_actor(contacts.office.tenant.id)
    keeper = QueueKeeper(contacts.database, contacts.office.people, contacts.office.identity, contacts.office.hours)
    (queue,) = await keeper.queues(actor)
    wanted = msgspec.structs.replace(queue.settings, rules=msgspec.structs.replace(queue.settings.rules, **rules))
    await keeper.change(actor, queue.id, wanted)
    await (await contacts.shards.of(actor.tenant_id)).learn_queues()
    await contacts.settled()


async def tick(contacts: Contacts) -> None:
    shard = await contacts.shards.of(contacts.office.tenant.id)
    await shard.run(shard.pass_time)
    await contacts.settled()


async def waits(contacts: Contacts, interaction_id: UUID) -> None:
    tenant_id = contacts.office.tenant.id
    await until(lambda: contacts.routing.place(tenant_id, interaction_id) == 1, "a place in the queue")


async def bot_said(contacts: Contacts, guest: Any) -> list[str]:
    answer = await contacts.doors.get(guest, "/visitor/messages?after=0")
    return [item["text"] for item in answer.json()["items"] if item["author"] == "bot"]


@pytest.mark.parametrize("then", ["goodbye", "message"])
@pytest.mark.parametrize(
    ("rules", "ways", "taken"),
    [
        ({"closed": True}, WAYS, {"goodbye": "closed", "message": "message"}),
        ({"max_waiting": 0}, WAYS, {"goodbye": "overflow", "message": "message"}),
        ({"closed": True}, ("overflow",), {"goodbye": "overflow", "message": "overflow"}),
        ({"closed": True}, (), {"goodbye": "lost", "message": "lost"}),
    ],
)
async def test_a_caller_is_told_at_once_and_not_left_waiting(
    contacts: Contacts,
    flows: wiring.FlowsModule,
    rules: dict[str, Any],
    ways: tuple[str, ...],
    taken: dict[str, str],
    then: str,
) -> None:
    await set_queue(contacts, **rules, overflow=then)
    await publish(contacts, flows, *ways)
    caller, interaction = await contacts.call("13812346021")
    await until(lambda: caller.ended, "the end of the call")
    await contacts.settled()
    assert caller.heard == [taken[then]]
    assert (await contacts.interaction(interaction.id)).state is InteractionState.CLOSED


async def test_nobody_waits_without_limit_when_nobody_is_signed_in(
    contacts: Contacts, flows: wiring.FlowsModule
) -> None:
    await publish(contacts, flows, "overflow")
    caller, interaction = await contacts.call("13812346021")
    await waits(contacts, interaction.id)
    await until(lambda: caller.music, "music")
    contacts.clock.advance(1799)
    await tick(contacts)
    assert caller.music
    assert not caller.ended
    contacts.clock.advance(1)
    await tick(contacts)
    await until(lambda: caller.ended, "the end of the call")
    assert caller.heard == ["overflow"]
    assert not caller.music


async def test_a_chat_that_waited_too_long_ends_with_a_word(contacts: Contacts, flows: wiring.FlowsModule) -> None:
    await set_queue(contacts, max_wait_s=60)
    await publish(contacts, flows, "overflow", channel="webchat")
    guest = await contacts.visitor()
    interaction = await contacts.opened(guest)
    await waits(contacts, interaction.id)
    contacts.clock.advance(61)
    await tick(contacts)
    await until(lambda: not flows.facade.running(), "the end of the flow")
    assert await bot_said(contacts, guest) == ["overflow"]
    assert (await contacts.interaction(interaction.id)).state is InteractionState.CLOSED


async def test_an_agent_who_comes_in_time_serves_the_chat_as_ever(
    contacts: Contacts, flows: wiring.FlowsModule
) -> None:
    await set_queue(contacts, max_wait_s=60)
    await publish(contacts, flows, "overflow", channel="webchat")
    guest = await contacts.visitor()
    interaction = await contacts.opened(guest)
    await waits(contacts, interaction.id)
    contacts.clock.advance(59)
    agent = await contacts.agent()
    await contacts.accepts(agent)
    contacts.clock.advance(600)
    await tick(contacts)
    assert (await contacts.interaction(interaction.id)).state is InteractionState.TALKING
    assert (await contacts.doors.post(agent, f"/interactions/{interaction.id}/end", {})).status_code == 204
    await until(lambda: not flows.facade.running(), "the end of the flow")
    journey = (await contacts.doors.get(agent, f"/interactions/{interaction.id}")).json()["journey"]
    assert [step["text"] for step in journey] == ["转人工"]  # once, when they asked, and not again when it was over


async def test_what_died_between_the_queue_and_the_flow_is_told_after_the_start(
    contacts: Contacts, flows: wiring.FlowsModule
) -> None:
    await set_queue(contacts, max_wait_s=60)
    await publish(contacts, flows, "overflow", channel="webchat")
    guest = await contacts.visitor()
    interaction = await contacts.opened(guest)
    await waits(contacts, interaction.id)
    await flows.facade.stop()
    contacts.clock.advance(61)
    await tick(contacts)
    assert (await contacts.interaction(interaction.id)).state is InteractionState.QUEUED
    await set_queue(contacts, closed=True)
    await flows.facade.resume_chats(contacts.office.tenant.id)
    await until(lambda: not flows.facade.running(), "the end of the flow")
    assert await bot_said(contacts, guest) == ["overflow"]


def test_ways_lead_somewhere() -> None:
    definition = hotline()
    definition["steps"]["person"]["closed"] = "nowhere"
    assert codes(definition) == [("way-leads-nowhere", "person")]
    definition["steps"]["person"]["closed"] = "sorry"
    assert codes(definition) == []
    assert LANGUAGE.read(definition).steps["person"].ways() == {"next": "bye", "lost": "sorry", "closed": "sorry"}
