"""A left message is work like any other: it waits for its queue to open, is offered, answered, written up and done."""

from typing import Any
from uuid import UUID

import pytest

from careline.kernel.tenancy import Actor
from careline.modules.care.letterbox import repository
from careline.modules.care.letterbox.services.answering import Answering
from careline.modules.care.letterbox.wiring import Below
from careline.modules.contact.conversations.views import Channel, InteractionState, InteractionView
from careline.modules.core.routing.services import agents as routing_agents
from careline.modules.core.routing.services.desks import Desks
from careline.modules.core.routing.views import Media, MediaRules, OfferView
from tests.modules.care.letterbox.conftest import Centre
from tests.support.waiting import until

READER = ("case:read", "case:write", "customer:reveal")


async def left(centre: Centre, **more: Any) -> tuple[Any, dict[str, Any], InteractionView]:
    """A visitor who has left a message, what they were told, and the contact in which it is to be answered."""
    guest = await centre.contacts.visitor()
    answer = await centre.leave(guest, await centre.asked(guest), **more)
    assert answer.status_code == 201, answer.text
    await until(lambda: centre.notice(guest, "message-left"), "the word that it was left")
    await centre.contacts.settled()
    return guest, answer.json(), await the_message(centre)


async def the_message(centre: Centre) -> InteractionView:
    tenant_id = centre.contacts.office.tenant.id
    waiting = await centre.contacts.conversations.open_interactions(tenant_id, Channel.MESSAGE)
    return waiting[-1]


def offers_to(centre: Centre, agent: Actor) -> list[OfferView]:
    assert agent.id is not None
    return centre.contacts.routing.offers_of(agent.tenant_id, agent.id)


async def opens(centre: Centre) -> None:
    await centre.set_queue(closed=False)


async def mine(centre: Centre, agent: Actor) -> list[dict[str, Any]]:
    answer = await centre.contacts.doors.get(agent, "/inbox")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["mine"]
    return items


async def takes(centre: Centre, agent: Actor) -> dict[str, Any]:
    answer = await centre.contacts.accepts(agent)
    assert answer.status_code == 200, answer.text
    item: dict[str, Any] = answer.json()
    return item


async def ends(centre: Centre, agent: Actor, interaction_id: UUID) -> None:
    answer = await centre.contacts.doors.post(agent, f"/interactions/{interaction_id}/end", {})
    assert answer.status_code == 204, answer.text
    await centre.contacts.settled()


async def case_of(centre: Centre, number: str) -> dict[str, Any]:
    anybody = await centre.contacts.office.staff(*READER)
    listed = (await centre.contacts.doors.get(anybody, f"/cases?q={number}")).json()["items"]
    (case,) = [case for case in listed if case["number"] == number]
    return dict((await centre.contacts.doors.get(anybody, f"/cases/{case['id']}")).json())


async def test_it_waits_for_the_hours_and_is_answered_in_the_thread(centre: Centre) -> None:
    agent = await centre.contacts.agent(*READER)
    guest, receipt, message = await left(centre)
    await centre.is_over()
    assert (message.state, message.channel) == (InteractionState.QUEUED, Channel.MESSAGE)
    assert not offers_to(centre, agent), "the queue is closed"
    page = (await centre.contacts.doors.get(guest, "/visitor/conversation")).json()
    assert (page["state"], page["queue_position"]) == ("ended", None), "its customer does not wait"
    (queue,) = centre.contacts.routing.queues_now(agent.tenant_id)
    assert queue.waiting == 0
    assert {line.media: line.waiting for line in queue.lines} == {Media.VOICE: 0, Media.CHAT: 0, Media.MESSAGE: 1}

    centre.contacts.clock.advance(hours=9)
    await opens(centre)
    (offer,) = offers_to(centre, agent)
    assert (offer.media, offer.interaction_id, offer.waited_s) == (Media.MESSAGE, message.id, 9 * 3600)
    shown = (await centre.contacts.doors.get(agent, f"/interactions/{message.id}/left-message")).json()
    assert (shown["text"], shown["number"]) == ("宽带断了三天\n请上门", receipt["number"])
    assert shown["reach_masked"] == "138****6021"

    item = await takes(centre, agent)
    assert (item["media"], item["state"], item["interaction_id"]) == ("message", "answering", str(message.id))
    taken = await case_of(centre, receipt["number"])
    assert (taken["state"], taken["assignee"]["id"]) == ("in_progress", str(agent.id))
    page = (await centre.contacts.doors.get(guest, "/visitor/conversation")).json()
    assert (page["state"], page["agent_name"]) == ("chatting", "陈晓岚")
    revealed = await centre.contacts.doors.post(agent, f"/interactions/{message.id}/left-message/reveal", None)
    assert revealed.json() == {"value": "13812346021"}
    assert (await centre.contacts.replies(agent, message.conversation_id, "师傅明早上门")).status_code == 201
    assert (await centre.contacts.says(guest, "谢谢")).json()["interaction_id"] == str(message.id)
    said = [item["text"] for item in await centre.thread(guest) if item["author"] in ("agent", "customer")]
    assert said == ["宽带断了", "师傅明早上门", "谢谢"]

    await ends(centre, agent, message.id)
    assert [item["state"] for item in await mine(centre, agent)] == ["after_contact_work"]
    assert (await centre.contacts.wraps_up(agent, message)).status_code == 204
    assert not await mine(centre, agent)
    done = await case_of(centre, receipt["number"])
    assert (done["state"], done["history"][-1]["text"]) == ("resolved", "光猫重启后恢复")
    assert (await centre.contacts.interaction(message.id)).state is InteractionState.CLOSED
    assert [item["code"] for item in await centre.thread(guest)][-1] == "message-handled"
    assert (await centre.contacts.says(guest, "又断了")).json()["interaction_id"] != str(message.id)


async def test_it_is_one_agents_at_a_time_and_the_next_ones_when_declined(centre: Centre) -> None:
    one, other = await centre.contacts.agent(name="陈晓岚"), await centre.contacts.agent(name="赵强")
    _, _, message = await left(centre)
    await opens(centre)
    before = {agent.id: offers_to(centre, agent) for agent in (one, other)}
    assert sorted(len(offers) for offers in before.values()) == [0, 1]
    first, second = (one, other) if before[one.id] else (other, one)
    (offer,) = before[first.id]
    stranger = await centre.contacts.office.agent("desk:use")
    for who in (second, stranger):
        answer = await centre.contacts.doors.get(who, f"/interactions/{message.id}/left-message")
        assert answer.status_code == 403
    answer = await centre.contacts.doors.post(first, f"/offers/{offer.id}/decline", {"token": offer.token})
    assert answer.status_code == 204
    await centre.contacts.settled()
    assert not offers_to(centre, first)
    assert [offer.interaction_id for offer in offers_to(centre, second)] == [message.id]


async def test_closing_keeps_what_waits_and_a_restart_keeps_it_too(centre: Centre) -> None:
    _, _, message = await left(centre)
    await opens(centre)
    await centre.set_queue(closed=True)
    agent = await centre.contacts.agent()
    assert not offers_to(centre, agent)
    shard = await centre.contacts.shards.of(agent.tenant_id)
    for is_closed in (True, False):
        if not is_closed:
            await opens(centre)
            assert offers_to(centre, agent)
        shard._sound = False  # as after a crash: the next command finds nothing but the rows
        await shard.run(shard.pass_time)
        await centre.contacts.settled()
        offered = [offer.interaction_id for offer in offers_to(centre, agent)]
        assert offered == ([] if is_closed else [message.id])


async def test_who_takes_the_case_from_the_list_takes_it_out_of_the_queue(centre: Centre) -> None:
    boss = await centre.contacts.office.agent(*READER)
    _, receipt, message = await left(centre)
    case = await case_of(centre, receipt["number"])
    body = {"assignee_id": str(boss.id), "version": case["version"]}
    assert (await centre.contacts.doors.post(boss, f"/cases/{case['id']}/assign", body)).status_code == 200
    await centre.contacts.settled()
    agent = await centre.contacts.agent()
    await opens(centre)
    assert not offers_to(centre, agent)
    assert (await centre.contacts.interaction(message.id)).state is InteractionState.CLOSED
    (queue,) = centre.contacts.routing.queues_now(agent.tenant_id)
    assert [line.waiting for line in queue.lines] == [0, 0, 0]


async def test_a_case_that_was_resolved_in_the_list_stays_so_when_the_message_is_taken_in_that_moment(
    centre: Centre,
) -> None:
    office, contacts = centre.contacts.office, centre.contacts
    boss, agent = await office.agent(*READER), await contacts.agent()
    _, receipt, message = await left(centre)
    case = await case_of(centre, receipt["number"])
    body = {"state": "resolved", "version": case["version"], "text": "已电话答复"}
    assert (await contacts.doors.post(boss, f"/cases/{case['id']}/state", body)).status_code == 200
    await contacts.settled()
    assert agent.id is not None
    below = Below(office.identity, contacts.routing, contacts.conversations, centre.cases.facade)
    await Answering(contacts.database, below).taken(agent.tenant_id, message.id, agent.id)
    after = await case_of(centre, receipt["number"])
    assert (after["state"], after["assignee"]) == ("resolved", None)


async def test_a_note_with_signs_that_no_case_keeps_resolves_the_case_all_the_same(centre: Centre) -> None:
    agent = await centre.contacts.agent(*READER)
    _, receipt, message = await left(centre)
    await opens(centre)
    await takes(centre, agent)
    await ends(centre, agent, message.id)
    body = {"disposition": "fault.solved", "note": "修好了\uffff", "draft": False}
    answer = await centre.contacts.doors.put(agent, f"/interactions/{message.id}/wrap-up", body)
    assert answer.status_code == 204, answer.text
    await centre.contacts.settled()
    done = await case_of(centre, receipt["number"])
    assert (done["state"], done["history"][-1]["text"]) == ("resolved", "修好了")


async def test_of_a_customer_who_was_erased_nothing_is_shown(centre: Centre) -> None:
    agent = await centre.contacts.agent(*READER)
    _, receipt, message = await left(centre)
    await opens(centre)
    await takes(centre, agent)
    case = await case_of(centre, receipt["number"])
    async with centre.contacts.database.transaction(agent.tenant_id) as tx:
        assert await repository.forget_senders(tx, (), [UUID(case["id"])]) == 1
    for path in (f"/cases/{case['id']}", f"/interactions/{message.id}"):
        answer = await centre.contacts.doors.get(agent, f"{path}/left-message")
        assert (answer.status_code, answer.json()) == (200, None)


async def test_a_chat_interrupts_it_and_it_is_theirs_again(centre: Centre) -> None:
    agent = await centre.contacts.agent()
    _, _, message = await left(centre)
    await opens(centre)
    await takes(centre, agent)
    guest = await centre.contacts.visitor()
    assert (await centre.contacts.says(guest, "查套餐")).status_code == 201
    await until(lambda: _some(offers_to(centre, agent)), "an offer of the chat")
    (offer,) = offers_to(centre, agent)
    assert offer.media is Media.CHAT
    assert {"code": "interrupts", "params": {"medium": "message"}} in [
        {"code": why.code, "params": why.params} for why in offer.why
    ]
    chat = await takes(centre, agent)
    assert {item["media"]: item["state"] for item in await mine(centre, agent)} == {
        "message": "parked",
        "chat": "chatting",
    }
    await ends(centre, agent, chat["interaction_id"])
    states = {item["media"]: item["state"] for item in await mine(centre, agent)}
    assert states == {"message": "parked", "chat": "after_contact_work"}
    chatted = await centre.contacts.interaction(UUID(chat["interaction_id"]))
    assert (await centre.contacts.wraps_up(agent, chatted)).status_code == 204
    assert [(item["state"], item["interaction_id"]) for item in await mine(centre, agent)] == [
        ("answering", str(message.id))
    ]


async def _some(found: list[OfferView]) -> bool:
    return bool(found)


async def test_what_interrupts_it_is_the_tenants_to_say(centre: Centre) -> None:
    office = centre.contacts.office
    boss = await office.staff("routing:manage")
    desks = Desks(centre.contacts.database, office.identity)
    rules = await desks.set_media_rules(boss, MediaRules(message_interrupted_by=(Media.VOICE,)))
    assert (rules.version, await desks.media_rules(boss.tenant_id)) == (1, rules)
    shard = await centre.contacts.shards.of(boss.tenant_id)
    agent = await centre.contacts.agent()
    await left(centre)
    await shard.learn_queues()
    await opens(centre)
    item = await takes(centre, agent)
    guest = await centre.contacts.visitor()
    assert (await centre.contacts.says(guest, "查套餐")).status_code == 201
    await until(lambda: _waiting(centre, agent), "a chat that waits")
    assert not offers_to(centre, agent)
    state = (await centre.contacts.doors.get(agent, "/inbox")).json()
    assert not state["offers"]
    medium = (await centre.contacts.routing.agent_state(agent.tenant_id, agent.id)).media[Media.CHAT]  # type: ignore[arg-type]
    assert medium.withheld == "other_media"
    await ends(centre, agent, item["interaction_id"])
    assert (await centre.contacts.wraps_up(agent, await the_contact(centre, item))).status_code == 204
    assert [offer.media for offer in offers_to(centre, agent)] == [Media.CHAT]


async def test_what_is_due_is_offered_beside_chats_and_rests_under_what_comes_later(centre: Centre) -> None:
    office = centre.contacts.office
    boss = await office.staff("routing:manage")
    rules = await Desks(centre.contacts.database, office.identity).set_media_rules(
        boss, MediaRules(message_beside_after_s=0)
    )
    await (await centre.contacts.shards.of(boss.tenant_id)).learn_queues()
    await left(centre)
    await opens(centre)
    assert (await centre.contacts.says(await centre.contacts.visitor(), "查套餐")).status_code == 201
    agent = await centre.contacts.agent()
    await until(lambda: _offered(centre, agent, 2), "an offer of the chat, and one of the message")
    chat, message = sorted(offers_to(centre, agent), key=lambda offer: offer.media is Media.MESSAGE)
    assert {why.code: why.params for why in message.why}["beside"] == {"medium": "chat"}
    for offer in (chat, message):
        assert (await centre.contacts.accepts(agent, offer)).status_code == 200
    states = {item["media"]: item["state"] for item in await mine(centre, agent)}
    assert states == {"message": "answering", "chat": "chatting"}, "a chat that was there before does not interrupt it"
    assert (await centre.contacts.says(await centre.contacts.visitor(), "查账单")).status_code == 201
    await until(lambda: _offered(centre, agent, 1), "an offer of the second chat")
    await takes(centre, agent)
    assert [item["state"] for item in await mine(centre, agent) if item["media"] == "message"] == ["parked"]
    assert (rules.message_beside_after_s, rules.version) == (0, 1)


async def _offered(centre: Centre, agent: Actor, many: int) -> bool:
    return len(offers_to(centre, agent)) == many


async def _waiting(centre: Centre, agent: Actor) -> bool:
    (queue,) = centre.contacts.routing.queues_now(agent.tenant_id)
    return queue.waiting == 1


async def the_contact(centre: Centre, item: dict[str, Any]) -> InteractionView:
    return await centre.contacts.interaction(UUID(item["interaction_id"]))


async def test_an_agent_who_is_gone_gives_it_back_and_has_it_first_when_back(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing_agents, "DESK_GRACE_S", 0.01)
    monkeypatch.setattr(routing_agents, "HANDS_GRACE_S", 0.01)
    agent = await centre.contacts.agent()
    _, _, message = await left(centre)
    await opens(centre)
    await takes(centre, agent)
    assert agent.id is not None
    await centre.contacts.routing.presence(agent.tenant_id, agent.id, present=True)
    await centre.contacts.routing.presence(agent.tenant_id, agent.id, present=False)

    async def given_back() -> bool:
        return (await centre.contacts.interaction(message.id)).state is InteractionState.QUEUED

    await until(given_back, "the message in its queue")
    await centre.contacts.settled()
    other = await centre.contacts.agent(name="赵强")
    assert not offers_to(centre, other), "it waits for the one who had it"
    await centre.contacts.routing.presence(agent.tenant_id, agent.id, present=True)
    await centre.contacts.settled()
    (offer,) = offers_to(centre, agent)
    assert "last-agent" in {why.code for why in offer.why}


async def test_a_queue_that_takes_none_leaves_the_case_to_the_list(centre: Centre) -> None:
    await centre.set_media(Media.VOICE, Media.CHAT)
    guest = await centre.contacts.visitor()
    answer = await centre.leave(guest, await centre.asked(guest))
    assert answer.status_code == 201, answer.text
    tenant_id = centre.contacts.office.tenant.id
    assert not await centre.contacts.conversations.open_interactions(tenant_id, Channel.MESSAGE)
    assert (await case_of(centre, answer.json()["number"]))["state"] == "open"
