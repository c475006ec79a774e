"""Whoever has a left message in hand may put it off or pass it on; it is lost at no moment, and its case goes along."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from careline.infra.http import Visitor
from careline.kernel.tenancy import Actor
from careline.modules.care.letterbox.rules import MOST_TIMES
from careline.modules.care.letterbox.services.answering import Answering
from careline.modules.care.letterbox.wiring import Below
from careline.modules.contact.conversations.views import InteractionState, InteractionView
from careline.modules.core.routing.views import Media
from careline.modules.directory.customers.views import CustomerView
from tests.modules.care.letterbox.conftest import Centre
from tests.modules.care.letterbox.test_routed import (
    READER,
    case_of,
    ends,
    left,
    mine,
    offers_to,
    opens,
    takes,
    the_message,
)
from tests.modules.contact.conversations.test_password_forms import RIGHT, WRONG, ask, asked, number_of, provide, types


async def puts_off(centre: Centre, agent: Actor, message: InteractionView, **more: Any) -> Any:
    body = {"until": (centre.contacts.clock.now() + timedelta(hours=2)).isoformat(), "because": "客户在开会"} | more
    answer = await centre.contacts.doors.post(agent, f"/interactions/{message.id}/left-message/put-off", body)
    await centre.contacts.settled()
    return answer


async def passes_on(centre: Centre, agent: Actor, message: InteractionView, **target: Any) -> Any:
    body = {"queue": None, "agent_id": None, "note": "客户要宽带的人回电"} | target
    answer = await centre.contacts.doors.post(agent, f"/interactions/{message.id}/transfer", body)
    await centre.contacts.settled()
    return answer


async def in_hand(centre: Centre, agent: Actor) -> tuple[Any, dict[str, Any], InteractionView]:
    """A message that an agent has in hand: its sender, what they were told, and the contact."""
    guest, receipt, message = await left(centre)
    await opens(centre)
    await takes(centre, agent)
    return guest, receipt, message


async def test_it_comes_back_in_its_time_to_who_put_it_off_and_then_to_others(centre: Centre) -> None:
    agent = await centre.contacts.agent(*READER)
    guest, receipt, message = await in_hand(centre, agent)
    assert (await puts_off(centre, agent, message)).status_code == 204
    other = await centre.contacts.agent(name="赵强")
    assert not await mine(centre, agent), "there is nothing to write up yet"
    assert not offers_to(centre, agent)
    assert not offers_to(centre, other)
    assert (await centre.contacts.interaction(message.id)).state is InteractionState.QUEUED
    page = (await centre.contacts.doors.get(guest, "/visitor/conversation")).json()
    assert (page["state"], page["queue_position"]) == ("ended", None)
    (queue,) = centre.contacts.routing.queues_now(agent.tenant_id)
    assert [(line.waiting, line.put_off) for line in queue.lines if line.media is Media.MESSAGE] == [(1, 1)]
    (waiting,) = centre.contacts.routing.waiting(agent.tenant_id, queue.queue.id)
    assert waiting.put_off_until == centre.contacts.clock.now() + timedelta(hours=2)
    why = centre.contacts.routing.why(agent.tenant_id, message.id).why
    assert "waits-put-off" in {one.code for one in why}
    case = await case_of(centre, receipt["number"])
    assert (case["state"], case["assignee"]["id"]) == ("in_progress", str(agent.id))
    assert (case["history"][-1]["kind"], case["history"][-1]["text"]) == ("put_off", "客户在开会")

    centre.contacts.clock.advance(hours=2)
    await centre.tick()
    (offer,) = offers_to(centre, agent)
    assert not offers_to(centre, other)
    assert "last-agent" in {one.code for one in offer.why}
    shown = (await centre.contacts.doors.get(agent, f"/interactions/{message.id}/left-message")).json()
    assert (shown["put_off"]["because"], shown["put_off"]["by"]) == ("客户在开会", "陈晓岚")
    assert shown["put_off"]["left"] == MOST_TIMES - 1
    declined = await centre.contacts.doors.post(agent, f"/offers/{offer.id}/decline", {"token": offer.token})
    assert declined.status_code == 204
    await centre.contacts.settled()
    assert [one.interaction_id for one in offers_to(centre, other)] == [message.id]


async def test_what_was_put_off_outlasts_a_restart(centre: Centre) -> None:
    agent = await centre.contacts.agent()
    _, _, message = await in_hand(centre, agent)
    assert (await puts_off(centre, agent, message)).status_code == 204
    shard = await centre.contacts.shards.of(agent.tenant_id)
    before = shard.engine.snapshot().items
    shard._sound = False  # as after a crash: the next command finds nothing but the rows
    await centre.tick()
    assert shard.engine.snapshot().items == before
    assert not offers_to(centre, agent)
    centre.contacts.clock.advance(hours=2)
    await centre.tick()
    assert [one.interaction_id for one in offers_to(centre, agent)] == [message.id]


async def test_it_is_put_off_within_bounds_by_who_has_it_and_not_for_ever(centre: Centre) -> None:
    agent, other = await centre.contacts.agent(), await centre.contacts.office.agent("desk:use")
    _, _, message = await in_hand(centre, agent)
    now = centre.contacts.clock.now()
    for wrong, field in (
        ({"until": now.isoformat()}, "until"),
        ({"until": (now + timedelta(days=15)).isoformat()}, "until"),
        ({"because": "  "}, "because"),
        ({"because": "长" * 201}, "because"),
    ):
        answer = await puts_off(centre, agent, message, **wrong)
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert (await puts_off(centre, agent, message, until="9999-99-99")).status_code == 422
    for who, code in ((other, 403), (await centre.contacts.office.agent("case:read"), 403)):
        assert (await puts_off(centre, who, message)).status_code == code
    for _ in range(MOST_TIMES):
        soon = (centre.contacts.clock.now() + timedelta(minutes=1)).isoformat()
        assert (await puts_off(centre, agent, message, until=soon)).status_code == 204
        assert (await puts_off(centre, agent, message)).status_code == 409, "it is in nobody's hands"
        centre.contacts.clock.advance(minutes=1)
        await centre.tick()
        await takes(centre, agent)
    answer = await puts_off(centre, agent, message)
    assert (answer.status_code, answer.json()["code"]) == (409, "message-put-off-too-often")
    assert [item["state"] for item in await mine(centre, agent)] == ["answering"]


async def test_a_case_that_is_resolved_in_the_list_takes_out_what_was_put_off(centre: Centre) -> None:
    boss, agent = await centre.contacts.office.agent(*READER), await centre.contacts.agent()
    _, receipt, message = await in_hand(centre, agent)
    await puts_off(centre, agent, message)
    case = await case_of(centre, receipt["number"])
    below = Below(
        centre.contacts.office.identity, centre.contacts.routing, centre.contacts.conversations, centre.cases.facade
    )
    assert agent.id is not None
    await Answering(centre.contacts.database, below).case_taken(agent.tenant_id, UUID(case["id"]), agent.id)
    assert (await centre.contacts.interaction(message.id)).state is InteractionState.QUEUED, "the case is theirs by it"
    body = {"state": "resolved", "version": case["version"], "text": "已答复"}
    assert (await centre.contacts.doors.post(boss, f"/cases/{case['id']}/state", body)).status_code == 200
    await centre.contacts.settled()
    assert (await centre.contacts.interaction(message.id)).state is InteractionState.CLOSED


@pytest.mark.parametrize("by_name", [True, False])
async def test_it_is_passed_on_with_a_note_and_resolved_by_who_answers_it(centre: Centre, by_name: bool) -> None:
    one = await centre.contacts.agent(*READER)
    guest, receipt, message = await in_hand(centre, one)
    other = await centre.contacts.agent(*READER, name="赵强")
    listed = await centre.contacts.doors.get(one, f"/interactions/{message.id}/transfer-targets")
    assert [target["id"] for target in listed.json()["agents"]] == [str(other.id)]
    assert listed.json()["queues"][0]["waiting"] == 0
    target = {"agent_id": str(other.id)} if by_name else {"queue": "faults"}
    assert (await passes_on(centre, one, message, **target)).status_code == 204
    assert [item["state"] for item in await mine(centre, one)] == ["after_contact_work"]
    (offer,) = offers_to(centre, other)
    card = (await centre.contacts.doors.get(other, "/inbox")).json()["offers"][0]
    assert (card["transfer"]["note"], card["media"]) == ("客户要宽带的人回电", "message")
    assert offer.waited_s > 0 or centre.contacts.clock.now() == message.opened_at, "it keeps its age"
    assert (await centre.contacts.wraps_up(one, message)).status_code == 204
    await centre.contacts.settled()
    assert (await case_of(centre, receipt["number"]))["state"] == "in_progress", "who passed it on has not answered it"
    assert not await mine(centre, one)
    await takes(centre, other)
    taken = await case_of(centre, receipt["number"])
    assert (taken["state"], taken["assignee"]["id"]) == ("in_progress", str(other.id))
    assert (await centre.contacts.replies(other, message.conversation_id, "明早上门")).status_code == 201
    await ends(centre, other, message.id)
    assert (await centre.contacts.wraps_up(other, message)).status_code == 204
    assert (await case_of(centre, receipt["number"]))["state"] == "resolved"
    codes = [item["code"] for item in await centre.thread(guest) if item["code"]]
    assert codes[-3:] == [
        "message-passed-on-to-agent" if by_name else "message-passed-on-to-queue",
        "message-in-hand",
        "message-handled",
    ]


async def test_it_is_taken_back_while_nobody_has_it(centre: Centre) -> None:
    one = await centre.contacts.agent(*READER)
    other = await centre.contacts.agent(name="赵强")
    _, _, message = await left(centre)
    await opens(centre)
    first, second = (one, other) if offers_to(centre, one) else (other, one)
    await takes(centre, first)
    assert (await passes_on(centre, first, message, agent_id=str(second.id))).status_code == 204
    answer = await centre.contacts.doors.delete(first, f"/interactions/{message.id}/transfer")
    assert answer.status_code == 200, answer.text
    await centre.contacts.settled()
    assert [item["state"] for item in await mine(centre, first)] == ["answering"]
    assert not offers_to(centre, second)


async def test_who_was_answered_in_the_thread_may_say_how_it_was(centre: Centre) -> None:
    """There is a page to ask on. Who was called back is asked nothing: no way leads to them that they agreed to."""
    agent = await centre.contacts.agent()
    guest, _, message = await in_hand(centre, agent)
    assert (await centre.contacts.replies(agent, message.conversation_id, "师傅明早上门")).status_code == 201
    await ends(centre, agent, message.id)
    page = (await centre.contacts.doors.get(guest, "/visitor/conversation")).json()
    assert (page["state"], page["interaction_id"], page["rating_open"]) == ("ended", str(message.id), True)
    assert (await centre.contacts.wraps_up(agent, message)).status_code == 204
    await centre.set_queue(closed=True)
    silent, _, called = await in_hand(centre, agent)
    await ends(centre, agent, called.id)
    page = (await centre.contacts.doors.get(silent, "/visitor/conversation")).json()
    assert (page["state"], page["rating_open"]) == ("ended", False)
    assert page["interaction_id"] != str(called.id)


async def left_by_wang(centre: Centre) -> tuple[Actor, CustomerView, Visitor, InteractionView]:
    """An agent who may check, a customer with a service password, them as a visitor, and the message they left."""
    contacts = centre.contacts
    agent, wang = await contacts.agent("customer:password"), await contacts.office.customer()
    await provide(contacts, wang)
    guest = await contacts.visitor(msisdn=await number_of(contacts, wang))
    assert (await centre.leave(guest, await centre.asked(guest))).status_code == 201
    await contacts.settled()
    return agent, wang, guest, await the_message(centre)


async def test_a_form_for_the_service_password_is_filled_in_beside_a_message(centre: Centre) -> None:
    contacts = centre.contacts
    agent, wang, guest, message = await left_by_wang(centre)
    await opens(centre)
    await takes(centre, agent)
    form = await asked(contacts, agent, message, wang)
    assert (await types(contacts, guest, form, WRONG)).json()["done"] is False
    assert (await types(contacts, guest, form, RIGHT)).json()["done"] is True
    await puts_off(centre, agent, message)
    assert (await types(contacts, guest, form, RIGHT)).json()["code"] == "contact-over"


async def test_beside_a_chat_that_goes_on_a_message_shows_no_form(centre: Centre) -> None:
    contacts = centre.contacts
    agent, wang, guest, message = await left_by_wang(centre)
    await centre.is_over()
    assert (await contacts.says(guest, "还在吗")).status_code == 201
    await opens(centre)
    await takes(centre, agent)
    answer = await ask(contacts, agent, message, wang.subscriptions[0].id)
    assert (answer.status_code, answer.json()["code"]) == (409, "no-secure-form-here")
