"""A chat is passed on: to a queue, to a colleague, taken, refused, taken back; and nobody loses the customer."""

import asyncio
import itertools
from uuid import UUID, uuid4

import httpx
import pytest

from careline.infra.http import Visitor
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.states import InteractionState
from careline.modules.contact.conversations.views import InteractionView
from careline.modules.core.routing.events import ItemFinished, ItemQueued
from careline.modules.core.routing.views import Chosen, Media
from tests.modules.contact.conversations.test_live import Screen
from tests.support.contacts import QUEUE, Contacts, picked
from tests.support.office import code_of

NOTE = "客户要拆机，已核对身份"


async def passes_on(
    contacts: Contacts, agent: Actor, chat: InteractionView, *, queue: str | None = QUEUE, to: Actor | None = None
) -> httpx.Response:
    body = {"queue": None if to else queue, "agent_id": str(to.id) if to else None, "note": NOTE}
    answer = await contacts.doors.post(agent, f"/interactions/{chat.id}/transfer", body)
    await contacts.settled()
    return answer


async def takes_back(contacts: Contacts, agent: Actor, chat: InteractionView) -> httpx.Response:
    answer = await contacts.doors.delete(agent, f"/interactions/{chat.id}/transfer")
    await contacts.settled()
    return answer


async def two(contacts: Contacts) -> tuple[Actor, Actor, InteractionView, Visitor]:
    """A chat in the hands of the first of two agents."""
    first, guest = await contacts.agent(name="陈晓岚"), await contacts.visitor()
    chat = await contacts.chat(first, guest)
    return first, await contacts.agent(name="李娜"), chat, guest


async def notices(contacts: Contacts, guest: Visitor) -> list[str]:
    answer = await contacts.doors.get(guest, "/visitor/messages")
    return [item["code"] for item in answer.json()["items"] if item["kind"] == "notice"]


async def test_a_chat_goes_to_a_queue_and_the_next_one_knows_why(contacts: Contacts) -> None:
    first, second, chat, guest = await two(contacts)
    assert (await passes_on(contacts, first, chat)).status_code == 204
    waiting = (await contacts.doors.get(guest, "/visitor/conversation")).json()
    assert picked(waiting, "state", "agent_name") == ("queued", None)
    assert await notices(contacts, guest) == ["agent-joined", "passed-on-to-queue"]
    assert (await contacts.says(guest, "我还在")).status_code == 201
    assert (await contacts.replies(first, chat.conversation_id, "稍等")).status_code == 409

    card = (await contacts.doors.get(second, "/inbox")).json()["offers"][0]
    assert picked(card["transfer"], "from_name", "note", "ended_at") == ("陈晓岚", NOTE, None)
    assert (await contacts.accepts(second)).status_code == 200
    after = await contacts.interaction(chat.id)
    assert (after.state, after.agent_id) == (InteractionState.TALKING, second.id)
    assert await notices(contacts, guest) == ["agent-joined", "passed-on-to-queue", "agent-joined"]

    [mine] = (await contacts.doors.get(first, "/inbox")).json()["mine"]
    assert mine["state"] == "after_contact_work"
    assert picked(mine["transfer"], "outcome", "taken_by_name") == ("answered", "李娜")
    shown = (await contacts.doors.get(second, f"/interactions/{chat.id}")).json()
    assert [(one["kind"], one["agent_name"]) for one in shown["segments"]] == [
        ("flow", None),
        ("queue", None),
        ("ring", "陈晓岚"),
        ("talk", "陈晓岚"),
        ("wrap_up", "陈晓岚"),
        ("queue", None),
        ("ring", "李娜"),
        ("talk", "李娜"),
    ]


async def test_each_writes_up_their_own_part_and_the_last_closes_it(contacts: Contacts) -> None:
    first, second, chat, _ = await two(contacts)
    await passes_on(contacts, first, chat)
    await contacts.accepts(second)
    assert (await contacts.wraps_up(first, chat, "fault.visit", draft=True)).status_code == 204
    assert (await contacts.doors.get(second, f"/interactions/{chat.id}")).json()["disposition"] is None
    assert (await contacts.wraps_up(first, chat, "fault.visit")).status_code == 204
    assert (await contacts.interaction(chat.id)).state is InteractionState.TALKING
    assert await contacts.state_word(first) == "ready"

    await contacts.doors.post(second, f"/interactions/{chat.id}/end", None)
    await contacts.settled()
    assert (await contacts.wraps_up(second, chat, "fault.solved")).status_code == 204
    closed = await contacts.interaction(chat.id)
    assert (closed.state, closed.disposition) == (InteractionState.CLOSED, "fault.solved")
    seen = {who: (await contacts.doors.get(who, f"/interactions/{chat.id}")).json() for who in (first, second)}
    assert (seen[first]["disposition"]["code"], seen[second]["disposition"]["code"]) == ("fault.visit", "fault.solved")
    assert [one["code"] for one in seen[second]["write_ups"]] == ["fault.visit"]
    again = await contacts.wraps_up(first, chat, "fault.visit")
    assert again.status_code == 204, "said again because the answer was lost"


@pytest.mark.parametrize("by_limit", [False, True])
async def test_who_has_written_up_their_part_hears_no_more(contacts: Contacts, *, by_limit: bool) -> None:
    first, second, chat, guest = await two(contacts)
    screen, topics = (
        Screen(contacts, first),
        [f"{kind}:{chat.conversation_id}" for kind in ("conversation", "colleagues")],
    )
    assert all([await screen.follow(topic) for topic in topics])
    await passes_on(contacts, first, chat)
    await contacts.accepts(second)
    screen.heard()
    await contacts.says(guest, "我还在")
    await contacts.settled()
    assert "message.stored" in [name for name, _ in screen.events()], "still writing it up"
    if by_limit:
        await contacts.routing.wrapped_up(first.tenant_id, chat.id, agent_id=actor_id(first))
        await contacts.settled()
    else:
        await contacts.wraps_up(first, chat, "fault.visit")
    refused = [frame["topic"] for frame in screen.heard() if frame["t"] == "err"]
    assert sorted(refused) == sorted(topics)
    await contacts.says(guest, "我的卡号是")
    path = f"/conversations/{chat.conversation_id}/notes"
    await contacts.doors.post(second, path, {"client_id": str(uuid4()), "text": "只给同事看", "mentions": []})
    await contacts.settled()
    assert screen.events() == []


def actor_id(actor: Actor) -> UUID:
    assert actor.id is not None
    return actor.id


async def test_the_contact_is_open_until_the_first_has_written_up_too(contacts: Contacts) -> None:
    first, second, chat, _ = await two(contacts)
    await passes_on(contacts, first, chat)
    await contacts.accepts(second)
    await contacts.doors.post(second, f"/interactions/{chat.id}/end", None)
    await contacts.settled()
    await contacts.wraps_up(second, chat, "fault.solved")
    assert (await contacts.interaction(chat.id)).state is InteractionState.AFTER_CONTACT_WORK
    await contacts.wraps_up(first, chat, "other")
    closed = await contacts.interaction(chat.id)
    assert (closed.state, closed.disposition) == (InteractionState.CLOSED, "fault.solved")


async def test_a_chat_goes_to_the_colleague_who_was_chosen(contacts: Contacts) -> None:
    first, second, chat, guest = await two(contacts)
    await contacts.agent(name="王芳")
    assert (await passes_on(contacts, first, chat, to=second)).status_code == 204
    assert contacts.offer_to(second).interaction_id == chat.id
    card = (await contacts.doors.get(second, "/inbox")).json()["offers"][0]
    assert "passed-on-to-me" in [one["code"] for one in card["why"]]
    assert card["transfer"]["taken_over"] is False
    assert (await notices(contacts, guest))[-1] == "passed-on-to-agent"


async def test_whom_it_was_meant_for_refuses_and_another_gets_it(contacts: Contacts) -> None:
    first, second, chat, _ = await two(contacts)
    third = await contacts.agent(name="王芳")
    await passes_on(contacts, first, chat, to=second)
    offer = contacts.offer_to(second)
    answer = await contacts.doors.post(second, f"/offers/{offer.id}/decline", {"token": offer.token})
    assert answer.status_code == 204
    await contacts.settled()
    assert contacts.offer_to(third).interaction_id == chat.id, "not back to who passed it on"


async def test_a_colleague_who_is_full_is_waited_for_and_then_it_is_anybodys(contacts: Contacts) -> None:
    first, second, chat, _ = await two(contacts)
    await contacts.routing.choose(first.tenant_id, first.id, Chosen.NOT_READY, "break")  # type: ignore[arg-type]
    for _ in range(3):
        await contacts.chat(second, await contacts.visitor())
    third = await contacts.agent(name="王芳")
    assert (await passes_on(contacts, first, chat, to=second)).status_code == 204
    third_id = third.id
    assert third_id is not None
    assert contacts.routing.offers_of(chat.tenant_id, third_id) == []
    contacts.clock.advance(61)
    shard = await contacts.shards.of(chat.tenant_id)
    await shard.run(lambda engine, now: engine.tick(now))
    await contacts.settled()
    assert contacts.offer_to(third).interaction_id == chat.id


async def test_the_sender_takes_it_back_while_nobody_has_it(contacts: Contacts) -> None:
    first, second, chat, _ = await two(contacts)
    await passes_on(contacts, first, chat)
    assert contacts.offer_to(second).interaction_id == chat.id
    back = await takes_back(contacts, first, chat)
    assert back.status_code == 200, back.text
    assert picked(back.json(), "state", "interaction_id") == ("chatting", str(chat.id))
    assert second.id is not None
    assert contacts.routing.offers_of(chat.tenant_id, second.id) == []
    assert (await contacts.replies(first, chat.conversation_id, "我继续帮您")).status_code == 201
    again = await takes_back(contacts, first, chat)
    assert (again.status_code, code_of(again)) == (409, "no-transfer")
    await contacts.doors.post(first, f"/interactions/{chat.id}/end", None)
    await contacts.settled()
    assert (await contacts.wraps_up(first, chat)).status_code == 204
    assert (await contacts.interaction(chat.id)).state is InteractionState.CLOSED
    assert await contacts.state_word(first) == "ready"


async def test_it_is_too_late_to_take_back_what_was_answered(contacts: Contacts) -> None:
    first, second, chat, _ = await two(contacts)
    await passes_on(contacts, first, chat)
    offer = contacts.offer_to(second)
    taken = contacts.doors.post(second, f"/offers/{offer.id}/accept", {"token": offer.token})
    back = contacts.doors.delete(first, f"/interactions/{chat.id}/transfer")
    answers = await asyncio.gather(taken, back)
    await contacts.settled()
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    after = await contacts.interaction(chat.id)
    winner = second if answers[0].status_code == 200 else first
    assert (after.state, after.agent_id) == (InteractionState.TALKING, winner.id)


async def test_two_clicks_pass_it_on_once(contacts: Contacts) -> None:
    first, second, chat, guest = await two(contacts)
    answers = await asyncio.gather(*(passes_on(contacts, first, chat) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert [code_of(answer) for answer in answers if answer.status_code == 409] == ["transfer-under-way"]
    assert (await notices(contacts, guest)).count("passed-on-to-queue") == 1
    assert second.id is not None
    assert len(contacts.routing.offers_of(chat.tenant_id, second.id)) == 1


async def test_it_goes_before_who_came_later(contacts: Contacts) -> None:
    first = await contacts.agent()
    chat = await contacts.chat(first, await contacts.visitor())
    contacts.clock.advance(minutes=1)
    await contacts.routing.choose(first.tenant_id, first.id, Chosen.NOT_READY, "break")  # type: ignore[arg-type]
    second = await contacts.agent(name="李娜")
    for _ in range(3):
        await contacts.chat(second, await contacts.visitor())
    later = await contacts.opened(await contacts.visitor(name="后来"))
    await contacts.asks_for_a_person(later)
    contacts.clock.advance(minutes=1)
    assert (await passes_on(contacts, first, chat)).status_code == 204
    places = [contacts.routing.place(chat.tenant_id, one.id) for one in (chat, later)]
    assert places == [1, 2]


async def test_the_customer_leaves_while_it_is_on_its_way(contacts: Contacts) -> None:
    first, second, chat, guest = await two(contacts)
    await passes_on(contacts, first, chat)
    await contacts.doors.post(guest, "/visitor/end", None)
    await contacts.settled()
    assert second.id is not None
    assert contacts.routing.offers_of(chat.tenant_id, second.id) == []
    [mine] = (await contacts.doors.get(first, "/inbox")).json()["mine"]
    assert mine["transfer"]["outcome"] == "left"
    back = await takes_back(contacts, first, chat)
    assert (back.status_code, code_of(back)) == (409, "no-transfer")
    assert (await contacts.wraps_up(first, chat)).status_code == 204
    assert await contacts.state_word(first) == "ready"


async def test_a_restart_in_between_loses_nothing(contacts: Contacts) -> None:
    first, second, chat, _ = await two(contacts)
    assert second.id is not None
    await contacts.routing.choose(second.tenant_id, second.id, Chosen.NOT_READY, "break")
    await passes_on(contacts, first, chat, to=None)
    await contacts.shards.forget(chat.tenant_id)
    await contacts.routing.open_tenant(chat.tenant_id)
    assert first.id is not None
    assert [one.state for one in contacts.routing.assignments_of(chat.tenant_id, first.id)] == ["after_contact_work"]
    await contacts.ready(second)
    offers = [contacts.routing.offers_of(chat.tenant_id, who.id or new_id()) for who in (first, second)]
    assert [one.interaction_id for one in itertools.chain(*offers)] == [chat.id]


async def test_whom_nobody_could_reach_is_not_chosen(contacts: Contacts) -> None:
    first, second, chat, guest = await two(contacts)
    assert second.id is not None
    await contacts.routing.choose(second.tenant_id, second.id, Chosen.NOT_READY, "meal")
    away = await passes_on(contacts, first, chat, to=second)
    assert (away.status_code, code_of(away)) == (409, "transfer-agent-away")
    self_ = await passes_on(contacts, first, chat, to=first)
    assert (self_.status_code, code_of(self_)) == (409, "transfer-to-oneself")
    nowhere = await passes_on(contacts, first, chat, queue="nowhere")
    assert (nowhere.status_code, code_of(nowhere)) == (422, "queue-unknown")
    for who in (first, second):
        await contacts.routing.choose(who.tenant_id, who.id, Chosen.OFFLINE, None)  # type: ignore[arg-type]
    empty = await passes_on(contacts, first, chat)
    assert (empty.status_code, code_of(empty)) == (409, "transfer-queue-empty")
    assert await notices(contacts, guest) == ["agent-joined"]
    assert (await contacts.interaction(chat.id)).agent_id == first.id


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"queue": QUEUE, "agent_id": str(new_id())},
        {"queue": "x" * 65},
        {"queue": QUEUE, "note": "长" * 2001},
        {"a": 1},
    ],
)
async def test_what_is_no_transfer_is_refused(contacts: Contacts, body: dict[str, object]) -> None:
    first, _, chat, _ = await two(contacts)
    answer = await contacts.doors.post(first, f"/interactions/{chat.id}/transfer", body)
    assert answer.status_code == 422, answer.text


async def test_only_its_agent_passes_a_chat_on(contacts: Contacts) -> None:
    _, second, chat, _ = await two(contacts)
    foreign = await contacts.office.agent("desk:use", "floor:view", tenant=contacts.office.other)
    assert (await passes_on(contacts, second, chat)).status_code == 403
    assert (await passes_on(contacts, foreign, chat)).status_code == 404
    assert (await takes_back(contacts, second, chat)).status_code == 409
    for who, status in ((second, 403), (foreign, 404)):
        answer = await contacts.doors.get(who, f"/interactions/{chat.id}/transfer-targets")
        assert answer.status_code == status


async def test_the_sender_sees_who_could_take_it(contacts: Contacts) -> None:
    first, second, chat, _ = await two(contacts)
    resting = await contacts.agent(name="王芳")
    await contacts.routing.choose(resting.tenant_id, resting.id, Chosen.NOT_READY, "meal")  # type: ignore[arg-type]
    await contacts.office.agent("desk:use", name="没来的")
    await contacts.chat(second, await contacts.visitor())

    async def listed(q: str = "") -> dict[str, list[dict[str, object]]]:
        answer = await contacts.doors.get(first, f"/interactions/{chat.id}/transfer-targets", q=q)
        assert answer.status_code == 200, answer.text
        found: dict[str, list[dict[str, object]]] = answer.json()
        return found

    found = await listed()
    assert [picked(one, "name", "used", "limit", "withheld") for one in found["agents"]] == [
        ("李娜", 1, 3, None),
        ("王芳", 0, 3, "not_ready"),
    ]
    assert [picked(one, "code", "waiting", "signed_in", "ready", "own") for one in found["queues"]] == [
        (QUEUE, 0, 2, 1, True)
    ]
    assert [one["name"] for one in (await listed("李"))["agents"]] == ["李娜"]
    assert (await listed("宽带"))["agents"] == []


async def test_one_contact_is_queued_again_and_finished_by_both(contacts: Contacts) -> None:
    first, second, chat, _ = await two(contacts)
    await passes_on(contacts, first, chat)
    await contacts.accepts(second)
    log = [one.event for one in await contacts.office.log()]
    assert [one.again for one in log if isinstance(one, ItemQueued)] == [False, True]
    assert [one.agent_id for one in log if isinstance(one, ItemFinished)] == [first.id]
    assert Media.CHAT in {one.media for one in log if isinstance(one, ItemQueued)}
