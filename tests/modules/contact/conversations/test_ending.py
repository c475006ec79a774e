"""How contacts end, who is told, and what an agent has to say about it."""

import asyncio

import pytest

from careline.kernel.errors import Conflict
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.events import ContactEnded, InteractionClosed
from careline.modules.contact.conversations.views import (
    AgentDone,
    AgentJoined,
    CustomerLeft,
    CustomerSaid,
    EndedBy,
    InteractionState,
    InteractionView,
)
from tests.support.contacts import Contacts, picked
from tests.support.office import code_of
from tests.support.waiting import PATIENCE_S


async def names(contacts: Contacts, interaction: InteractionView) -> list[str]:
    return [
        item.event.name.removeprefix("conversations.")
        for item in await contacts.office.log()
        if item.subject == interaction.id and item.event.name.startswith("conversations.")
    ]


async def end(contacts: Contacts, agent: Actor, interaction: InteractionView) -> int:
    answer = await contacts.doors.post(agent, f"/interactions/{interaction.id}/end", None)
    await contacts.settled()
    return answer.status_code


async def test_a_customer_who_leaves_the_flow_closes_the_contact(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    interaction = await contacts.opened(guest)
    assert (await contacts.doors.post(guest, "/visitor/end", None)).status_code == 204
    assert (await contacts.doors.post(guest, "/visitor/end", None)).status_code == 204
    await contacts.settled()
    closed = await contacts.interaction(interaction.id)
    assert (closed.state, closed.ended_by, closed.agent_id) == (InteractionState.CLOSED, EndedBy.CUSTOMER, None)
    assert await names(contacts, interaction) == [
        "interaction-opened",
        "interaction-state-changed",
        "interaction-closed",
        "contact-ended",
    ]
    with pytest.raises(Conflict, match="interaction-not-queueable"):
        await contacts.asks_for_a_person(interaction)


async def test_a_customer_who_leaves_the_queue_is_offered_to_nobody(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    interaction = await contacts.opened(guest)
    await contacts.asks_for_a_person(interaction)
    assert contacts.routing.position(interaction.tenant_id, interaction.id) is not None
    await contacts.doors.post(guest, "/visitor/end", None)
    await contacts.settled()
    assert contacts.routing.position(interaction.tenant_id, interaction.id) is None
    agent = await contacts.agent()
    assert (await contacts.doors.get(agent, "/inbox")).json()["offers"] == []


async def test_a_visitor_who_goes_away_has_ended_nothing(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    contacts.clock.advance(hours=3)
    await contacts.settled()
    assert (await contacts.interaction(interaction.id)).state is InteractionState.TALKING
    assert (await contacts.says(guest, "我回来了")).json()["interaction_id"] == str(interaction.id)


async def test_writing_after_the_end_opens_another_interaction_of_the_conversation(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    first = await contacts.chat(agent, guest)
    assert await end(contacts, agent, first) == 204
    second = await contacts.opened(guest, "还有一个问题")
    assert (second.id != first.id, second.conversation_id) == (True, first.conversation_id)
    assert (second.state, (await contacts.interaction(first.id)).state) == (
        InteractionState.FLOW,
        InteractionState.AFTER_CONTACT_WORK,
    )
    # The agent who still writes down the first does not speak in the second.
    refused = await contacts.replies(agent, first.conversation_id, "我还在")
    assert (refused.status_code, code_of(refused)) == (409, "chat-ended")
    assert (await contacts.wraps_up(agent, first)).status_code == 204
    assert (await contacts.interaction(second.id)).state is InteractionState.FLOW


async def test_a_flow_ends_its_chat_and_says_nothing_into_a_closed_one(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    interaction = await contacts.opened(guest)
    said = await contacts.conversations.post_bot(interaction.tenant_id, interaction.id, "再见")
    assert (said.seq, said.author) == (2, "bot")
    for _ in range(2):
        await contacts.conversations.end(interaction.tenant_id, interaction.id, by="flow")
    closed = await contacts.interaction(interaction.id)
    assert (closed.state, closed.ended_by) == (InteractionState.CLOSED, EndedBy.FLOW)
    with pytest.raises(Conflict, match="chat-ended"):
        await contacts.conversations.post_bot(interaction.tenant_id, interaction.id, "还在吗")
    codes = [one["code"] for one in (await contacts.doors.get(guest, "/visitor/messages")).json()["items"]]
    assert codes == [None, None, "flow-ended"]


async def test_a_flow_may_speak_after_the_agent_until_the_customer_begins_anew(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    await end(contacts, agent, interaction)
    await contacts.conversations.post_bot(interaction.tenant_id, interaction.id, "请为这次服务打分")
    await contacts.opened(guest, "又有问题")
    with pytest.raises(Conflict, match="chat-ended"):
        await contacts.conversations.post_bot(interaction.tenant_id, interaction.id, "请打分")


async def test_the_flow_hears_what_happens_in_order(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    assert agent.id is not None
    interaction = await contacts.opened(guest, "第一句")
    signals = contacts.conversations.chat_signals(interaction.id)
    await contacts.says(guest, "1")
    await contacts.asks_for_a_person(interaction)
    await contacts.accepts(agent)
    await end(contacts, agent, interaction)
    heard = [await signals.get() for _ in range(3)]
    assert heard == [CustomerSaid(text="1", seq=2), AgentJoined(agent_id=agent.id), AgentDone(agent_id=agent.id)]
    signals.close()
    signals.close()


async def test_the_flow_hears_that_the_customer_left(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    interaction = await contacts.opened(guest)
    signals = contacts.conversations.chat_signals(interaction.id)
    await contacts.doors.post(guest, "/visitor/end", None)
    assert await asyncio.wait_for(signals.get(), PATIENCE_S) == CustomerLeft()


async def test_live_contacts_are_found_after_a_restart(contacts: Contacts) -> None:
    agent = await contacts.agent()
    talking = await contacts.chat(agent, await contacts.visitor())
    waiting, in_flow = [await contacts.opened(await contacts.visitor()) for _ in range(2)]
    left = await contacts.visitor()
    over = await contacts.opened(left)
    await contacts.doors.post(left, "/visitor/end", None)
    found = await contacts.conversations.open_interactions(talking.tenant_id, talking.channel)
    assert {item.id for item in found} == {talking.id, waiting.id, in_flow.id}
    assert over.id not in {item.id for item in found}
    assert await contacts.conversations.open_interactions(contacts.office.other.id, talking.channel) == []


async def test_a_draft_is_kept_and_the_final_word_closes(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    assert (await contacts.wraps_up(agent, interaction, None, draft=True)).status_code == 204
    early = await contacts.wraps_up(agent, interaction)
    assert (early.status_code, code_of(early)) == (409, "contact-not-over")
    await end(contacts, agent, interaction)
    assert (await contacts.wraps_up(agent, interaction, "fault.visit", draft=True)).status_code == 204
    assert (await contacts.interaction(interaction.id)).state is InteractionState.AFTER_CONTACT_WORK
    assert (await contacts.wraps_up(agent, interaction)).status_code == 204
    assert (await contacts.wraps_up(agent, interaction)).status_code == 204, "said again because the answer was lost"
    changed = await contacts.wraps_up(agent, interaction, "other")
    assert (changed.status_code, code_of(changed)) == (409, "nothing-to-wrap-up")
    assert (await contacts.interaction(interaction.id)).disposition == "fault.solved"
    closed = [item.event for item in await contacts.office.log() if isinstance(item.event, InteractionClosed)]
    assert [(event.disposition, event.agent_id, event.timed_out) for event in closed] == [
        ("fault.solved", agent.id, False)
    ]


async def test_a_disposition_is_a_leaf_of_the_tree(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    await end(contacts, agent, interaction)
    refusals = {None: "disposition-missing", "nonsense": "disposition-unknown", "fault": "disposition-not-a-leaf"}
    for code, refusal in refusals.items():
        answer = await contacts.wraps_up(agent, interaction, code)
        assert (answer.status_code, code_of(answer)) == (422, refusal)
    assert (await contacts.interaction(interaction.id)).state is InteractionState.AFTER_CONTACT_WORK


async def test_after_contact_work_ends_by_its_limit_and_keeps_the_draft(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    await end(contacts, agent, interaction)
    item = (await contacts.doors.get(agent, "/inbox")).json()["mine"][0]
    assert picked(item, "state", "waiting_for") == ("after_contact_work", None)
    assert item["acw_deadline"] is not None
    await contacts.wraps_up(agent, interaction, "fault.visit", draft=True)
    contacts.clock.advance(600)
    shard = await contacts.shards.of(interaction.tenant_id)
    await shard.run(lambda engine, now: engine.tick(now))
    await contacts.settled()
    closed = await contacts.interaction(interaction.id)
    assert (closed.state, closed.disposition) == (InteractionState.CLOSED, "fault.visit")
    facts = [item.event for item in await contacts.office.log() if isinstance(item.event, InteractionClosed)]
    assert [fact.timed_out for fact in facts] == [True]


async def test_a_customer_who_leaves_while_the_agent_accepts_leaves_nobody_busy(contacts: Contacts) -> None:
    agent = await contacts.agent()
    for round_ in range(6):
        guest = await contacts.visitor()
        interaction = await contacts.opened(guest)
        await contacts.asks_for_a_person(interaction)
        offer = contacts.offer_to(agent)
        taking = contacts.doors.post(agent, f"/offers/{offer.id}/accept", {"token": offer.token})
        leaving = contacts.doors.post(guest, "/visitor/end", None)
        both = (taking, leaving) if round_ % 2 else (leaving, taking)
        answers = await asyncio.gather(*both)
        await contacts.settled()
        assert {answer.status_code for answer in answers} <= {200, 204, 409}
        now = await contacts.interaction(interaction.id)
        if now.state is InteractionState.AFTER_CONTACT_WORK:
            assert (await contacts.wraps_up(agent, interaction)).status_code == 204
        assert (await contacts.interaction(interaction.id)).state is InteractionState.CLOSED
        assert await contacts.state_word(agent) == "ready"


async def test_every_fact_may_be_heard_again(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    await end(contacts, agent, interaction)
    await contacts.wraps_up(agent, interaction)
    before = await contacts.interaction(interaction.id)
    facts = await contacts.office.log()
    contacts.bus.publish(facts)
    await contacts.settled()
    assert await contacts.interaction(interaction.id) == before
    assert await contacts.state_word(agent) == "ready"
    after = await contacts.office.log()
    assert [item.event.name for item in after] == [item.event.name for item in facts]
    ended = [item for item in after if isinstance(item.event, ContactEnded)]
    assert len(ended) == 1
