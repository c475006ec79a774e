"""Calls: who seems to call, the stretches of a call, and how many commits it costs to reach an agent."""

from careline.modules.contact.conversations.views import Channel, EndedBy, InteractionState
from careline.modules.core.routing.views import Media
from careline.modules.directory.customers.views import Assurance
from tests.support.contacts import Contacts


async def test_the_number_says_whom_to_expect_and_proves_nothing(contacts: Contacts) -> None:
    customer = await contacts.office.customer(name="王小敏")
    number = await contacts.office.customers.reveal(
        await contacts.office.staff("customer:reveal"), customer.id, "msisdn", customer.subscriptions[0].id
    )
    _, known = await contacts.call(number)
    assert (known.customer_id, known.assurance, known.channel) == (customer.id, Assurance.CALLER_NUMBER, Channel.VOICE)
    _, unknown = await contacts.call("13900001111")
    assert (unknown.customer_id, unknown.assurance) == (None, Assurance.CALLER_NUMBER)
    _, withheld = await contacts.call(None)
    assert (withheld.customer_id, withheld.assurance, withheld.number) == (None, Assurance.NONE, None)
    watcher = await contacts.office.staff("desk:use", "floor:view")
    shown = (await contacts.doors.get(watcher, f"/interactions/{known.id}")).text
    assert number not in shown
    assert "王*敏" in shown
    facts = [item.event for item in await contacts.office.log()]
    assert number not in str([fact for fact in facts if fact.name.startswith("conversations.")])


async def test_a_call_is_answered_ended_by_the_agent_and_wrapped_up(contacts: Contacts) -> None:
    agent = await contacts.agent()
    caller, _, interaction = await contacts.talk(agent)
    assert interaction.state is InteractionState.FLOW, "as it was when the call came"
    mine = (await contacts.doors.get(agent, "/inbox")).json()["mine"]
    assert [(item["media"], item["state"]) for item in mine] == [("voice", "talking")]
    contacts.clock.advance(90)
    assert (await contacts.doors.post(agent, f"/interactions/{interaction.id}/end", None)).status_code == 204
    await contacts.settled()
    wrapping = await contacts.interaction(interaction.id)
    assert (wrapping.state, wrapping.ended_at) == (InteractionState.AFTER_CONTACT_WORK, None)
    assert not caller.ended, "the flow may ask for a rating"
    await caller.hang_up()
    await contacts.settled()
    over = await contacts.interaction(interaction.id)
    assert (over.state, over.ended_by) == (InteractionState.AFTER_CONTACT_WORK, EndedBy.CUSTOMER)
    assert (await contacts.wraps_up(agent, interaction)).status_code == 204
    assert (await contacts.interaction(interaction.id)).state is InteractionState.CLOSED
    assert await contacts.state_word(agent) == "ready"
    shown = (await contacts.doors.get(agent, f"/interactions/{interaction.id}")).json()
    assert [segment["kind"] for segment in shown["segments"]] == ["flow", "queue", "ring", "talk", "wrap_up"]


async def test_a_caller_who_hangs_up_while_talking_leaves_after_contact_work(contacts: Contacts) -> None:
    agent = await contacts.agent()
    caller, _, interaction = await contacts.talk(agent)
    await caller.hang_up()
    await contacts.settled()
    over = await contacts.interaction(interaction.id)
    assert (over.state, over.agent_id) == (InteractionState.AFTER_CONTACT_WORK, agent.id)
    assert over.wrap_up_deadline is not None
    assert await contacts.state_word(agent) == "after_contact_work"


async def test_a_caller_who_gives_up_waiting_closes_the_contact(contacts: Contacts) -> None:
    caller, interaction = await contacts.call("13900001111")
    await contacts.asks_for_a_person(interaction, Media.VOICE)
    await caller.hang_up()
    await contacts.settled()
    closed = await contacts.interaction(interaction.id)
    assert (closed.state, closed.ended_by, closed.agent_id) == (InteractionState.CLOSED, EndedBy.CUSTOMER, None)
    assert closed.queue_id is not None


async def test_a_caller_whose_agent_was_lost_waits_again_beside_the_after_contact_work(contacts: Contacts) -> None:
    agent = await contacts.agent()
    _, phone, interaction = await contacts.talk(agent)
    await phone.hang_up()
    await contacts.settled()
    assert (await contacts.interaction(interaction.id)).state is InteractionState.AFTER_CONTACT_WORK
    async with contacts.database.transaction(interaction.tenant_id) as tx:
        await contacts.conversations.enter_queue(tx, interaction.id, "faults")
    assert (await contacts.interaction(interaction.id)).state is InteractionState.QUEUED
    assert (await contacts.wraps_up(agent, interaction)).status_code == 204
    assert (await contacts.interaction(interaction.id)).state is InteractionState.QUEUED, "the caller still waits"


async def test_a_caller_who_waits_again_and_leaves_keeps_no_agent_from_finishing(contacts: Contacts) -> None:
    agent = await contacts.agent()
    caller, phone, interaction = await contacts.talk(agent)
    await phone.hang_up()
    await contacts.settled()
    await contacts.asks_for_a_person(interaction, Media.VOICE)
    await caller.hang_up()
    await contacts.settled()
    assert (await contacts.interaction(interaction.id)).state is InteractionState.CLOSED
    assert (await contacts.wraps_up(agent, interaction)).status_code == 204
    assert await contacts.state_word(agent) == "ready"
    assert (await contacts.interaction(interaction.id)).disposition == "fault.solved"


async def test_a_caller_who_waits_again_before_the_end_of_the_talk_is_heard_leaves_after_contact_work(
    contacts: Contacts,
) -> None:
    agent = await contacts.agent()
    _, phone, interaction = await contacts.talk(agent)
    async with contacts.database.transaction(interaction.tenant_id) as tx:
        await contacts.conversations.enter_queue(tx, interaction.id, "faults")
    await phone.hang_up()
    await contacts.settled()
    assert await contacts.state_word(agent) == "after_contact_work"
    shown = (await contacts.doors.get(agent, f"/interactions/{interaction.id}")).json()
    kinds = [segment["kind"] for segment in shown["segments"]]
    assert kinds == ["flow", "queue", "ring", "talk", "wrap_up", "queue"]
    assert (await contacts.wraps_up(agent, interaction)).status_code == 204
    assert await contacts.state_word(agent) == "ready"
    assert (await contacts.interaction(interaction.id)).state is InteractionState.QUEUED


async def test_a_call_costs_no_commit_of_ours_before_the_agent_rings(contacts: Contacts) -> None:
    agent = await contacts.agent()
    phone = await contacts.phone_of(agent)
    before = contacts.database.commits
    _, interaction = await contacts.call("13900001111")
    assert contacts.database.commits - before == 1, "the call and its interaction are one"
    await contacts.asks_for_a_person(interaction, Media.VOICE)
    await phone.rings()
    assert contacts.database.commits - before <= 3
