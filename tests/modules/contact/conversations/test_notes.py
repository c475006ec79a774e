"""What colleagues write for each other in a conversation is read by them alone, whatever door a customer knocks at."""

import asyncio
import json
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from careline.infra.database.transaction import Transaction
from careline.infra.http import Visitor
from careline.infra.realtime.connection import Principal
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, ActorKind
from careline.modules.contact.conversations.repository.notes import NoteView
from careline.modules.contact.conversations.services import inviting
from careline.modules.contact.conversations.services.notes import Notes
from careline.modules.contact.conversations.states import WRITING_NOTES, ParticipantRole
from careline.modules.contact.conversations.views import InteractionView
from tests.support.contacts import Contacts, picked
from tests.support.office import code_of

SECRET = "客户情绪激动，历史投诉三次"


async def notes(
    contacts: Contacts, actor: Actor, chat: InteractionView, text: str = SECRET, *called: Actor, again: object = None
) -> httpx.Response:
    body = {"client_id": str(again or uuid4()), "text": text, "mentions": [str(one.id) for one in called]}
    answer = await contacts.doors.post(actor, f"/conversations/{chat.conversation_id}/notes", body)
    await contacts.settled()
    return answer


async def one_chat(contacts: Contacts) -> tuple[Actor, Visitor, InteractionView]:
    agent, guest = await contacts.agent(), await contacts.visitor()
    return agent, guest, await contacts.chat(agent, guest)


def told(contacts: Contacts) -> dict[str, list[str]]:
    """Every frame that the hub keeps, by topic."""
    kept = contacts.hub._memory._topics
    return {topic: [frame.text for frame in memory.frames()] for (_, topic), memory in kept.items()}


async def test_no_door_of_the_customers_shows_a_note(contacts: Contacts) -> None:
    agent, guest, chat = await one_chat(contacts)
    before = (await contacts.doors.get(guest, "/visitor/conversation")).json()["last_seq"]
    assert (await notes(contacts, agent, chat)).status_code == 201
    await contacts.replies(agent, chat.conversation_id, "您好")
    await contacts.doors.post(agent, f"/interactions/{chat.id}/end", None)
    await contacts.settled()

    app = FastAPI()
    app.include_router(contacts.module.router())
    read = [path for path, ways in app.openapi()["paths"].items() if "/visitor" in path and "get" in ways]
    assert len(read) >= 3
    for path in read:
        answer = await contacts.doors.get(guest, path, tenant="demo")
        assert SECRET not in answer.text, path
    now = (await contacts.doors.get(guest, "/visitor/conversation")).json()
    assert now["last_seq"] == before + 2, "not even a number tells of it"

    frames = told(contacts)
    assert SECRET not in json.dumps(frames[f"conversation:{chat.conversation_id}"], ensure_ascii=False)
    assert SECRET in "".join(frames[f"colleagues:{chat.conversation_id}"])
    assert [topic for topic, texts in frames.items() if any(SECRET in text for text in texts)] == [
        f"colleagues:{chat.conversation_id}"
    ]
    customer = Principal(actor=Actor(tenant_id=chat.tenant_id, kind=ActorKind.CUSTOMER, id=guest.id))
    assert not await contacts.hub._allowed(customer, f"colleagues:{chat.conversation_id}")
    for path in (f"/conversations/{chat.conversation_id}/notes", f"/interactions/{chat.id}"):
        assert (await contacts.doors.get(guest, path)).status_code == 401
    assert SECRET not in json.dumps([repr(one.event) for one in await contacts.office.log()], ensure_ascii=False)


async def test_colleagues_read_it_in_order_and_a_repetition_is_stored_once(contacts: Contacts) -> None:
    agent, _, chat = await one_chat(contacts)
    name = uuid4()
    first = await notes(contacts, agent, chat, "一", again=name)
    again = await notes(contacts, agent, chat, "一", again=name)
    other = await notes(contacts, agent, chat, "二", again=name)
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == again.json()
    await notes(contacts, agent, chat, "二")
    place = f"/conversations/{chat.conversation_id}/notes"
    page = (await contacts.doors.get(agent, place, limit=1)).json()
    rest = (await contacts.doors.get(agent, place, after=page["next"])).json()
    assert [picked(one, "text", "author_name") for one in page["items"] + rest["items"]] == [
        ("一", "陈晓岚"),
        ("二", "陈晓岚"),
    ]
    assert rest["next"] is None


@pytest.mark.parametrize("role", [role for role in ParticipantRole if role is not ParticipantRole.AGENT])
async def test_who_may_write_is_what_the_role_says(contacts: Contacts, role: ParticipantRole) -> None:
    agent, _, chat = await one_chat(contacts)
    other = await contacts.office.agent("desk:use", name="李娜")
    assert other.id is not None
    await contacts.conversations.bring(agent, chat.conversation_id, other.id, role)
    assert (await notes(contacts, other, chat)).status_code == (201 if role in WRITING_NOTES else 403)


async def test_who_is_mentioned_is_called_and_asked_in(contacts: Contacts) -> None:
    agent, guest, chat = await one_chat(contacts)
    other = await contacts.office.agent("desk:use", name="李娜")
    assert (await notes(contacts, agent, chat, "@李娜 帮看下光衰", other)).status_code == 201
    calls = [text for topic, texts in told(contacts).items() if topic == f"agent:{other.id}" for text in texts]
    assert any('"mentioned"' in text and "帮看下光衰" in text for text in calls)
    there = (await contacts.doors.get(other, f"/conversations/{chat.conversation_id}/participants")).json()
    assert [picked(one, "name", "role") for one in there] == [("陈晓岚", "agent"), ("李娜", "consultant")]
    heard = (await contacts.doors.get(guest, "/visitor/messages")).json()["items"]
    assert [one["code"] for one in heard if one["kind"] == "notice"] == ["agent-joined"]


async def test_a_note_can_be_written_until_the_part_is_written_up(contacts: Contacts) -> None:
    agent, _, chat = await one_chat(contacts)
    await contacts.doors.post(agent, f"/interactions/{chat.id}/end", None)
    await contacts.settled()
    assert (await notes(contacts, agent, chat)).status_code == 201
    await contacts.wraps_up(agent, chat)
    late = await notes(contacts, agent, chat)
    assert (late.status_code, code_of(late)) == (409, "chat-ended")


async def test_strangers_and_other_tenants_neither_read_nor_write(contacts: Contacts) -> None:
    _, guest, chat = await one_chat(contacts)
    stranger = await contacts.office.agent("desk:use", name="张三")
    foreign = await contacts.office.agent("desk:use", "floor:view", tenant=contacts.office.other)
    watcher = await contacts.office.staff("desk:use", "floor:view")
    place = f"/conversations/{chat.conversation_id}/notes"
    for who, status in ((stranger, 403), (watcher, 403), (foreign, 404)):
        assert (await contacts.doors.get(who, place)).status_code == status
        assert (await notes(contacts, who, chat)).status_code == status
    body = {"client_id": str(uuid4()), "text": SECRET}
    assert (await contacts.doors.post(guest, place, body)).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "  "},
        {"text": "a\x00b"},
        {"text": "长" * 4001},
        {"mentions": ["x"]},
        {"mentions": [str(new_id())]},
        {"b": 1},
    ],
)
async def test_what_is_no_note_is_refused(contacts: Contacts, wrong: dict[str, object]) -> None:
    agent, _, chat = await one_chat(contacts)
    body = {"client_id": str(uuid4()), "text": "好", **wrong}
    answer = await contacts.doors.post(agent, f"/conversations/{chat.conversation_id}/notes", body)
    assert answer.status_code == 422, answer.text


async def test_who_is_mentioned_is_asked_in_no_more_than_who_is_invited(contacts: Contacts) -> None:
    agent, _, chat = await one_chat(contacts)
    others = [await contacts.agent(name="同事") for _ in range(inviting.MOST_IN_ONE_CHAT + 1)]
    for other in others:
        assert (await notes(contacts, agent, chat, SECRET, other)).status_code == 201
    there = await contacts.conversations.participants(agent.tenant_id, chat.conversation_id)
    assert len(there) == 1 + inviting.MOST_IN_ONE_CHAT


async def test_a_note_of_who_writes_up_belongs_to_what_they_write_up(contacts: Contacts) -> None:
    agent, guest, chat = await one_chat(contacts)
    await contacts.doors.post(agent, f"/interactions/{chat.id}/end", None)
    await contacts.settled()
    contacts.clock.advance(5)
    again = await contacts.opened(guest, "还有一件事")
    assert again.id != chat.id
    assert (await notes(contacts, agent, chat)).json()["interaction_id"] == str(chat.id)


async def test_who_reads_on_after_a_note_misses_none_that_was_being_written(
    contacts: Contacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two write at one moment, and the one who began first ends last."""
    agent, helper = await contacts.agent(), await contacts.agent(name="李娜")
    assert helper.id is not None
    chat = await contacts.chat(agent, await contacts.visitor())
    await contacts.conversations.bring(agent, chat.conversation_id, helper.id, ParticipantRole.COLLEAGUE)
    path = f"/conversations/{chat.conversation_id}/notes"
    there, go, ask_in = asyncio.Event(), asyncio.Event(), Notes._ask_in

    async def slow(self: Notes, tx: Transaction, by: Actor, note: NoteView) -> None:
        if by.id == agent.id:
            there.set()
            await go.wait()
        await ask_in(self, tx, by, note)

    monkeypatch.setattr(Notes, "_ask_in", slow)

    async def writes(who: Actor, text: str) -> httpx.Response:
        return await contacts.doors.post(who, path, {"client_id": str(uuid4()), "text": text, "mentions": []})

    first = asyncio.ensure_future(writes(agent, "先开始"))
    await there.wait()
    second = asyncio.ensure_future(writes(helper, "后开始"))
    await asyncio.wait({second}, timeout=0.3)  # on a database with one writer it waits anyway
    seen = (await contacts.doors.get(helper, path)).json()["items"]
    go.set()
    assert [(await one).status_code for one in (first, second)] == [201, 201]
    after = {"after": seen[-1]["id"]} if seen else {}
    later = (await contacts.doors.get(helper, path, **after)).json()["items"]
    assert {one["text"] for one in seen + later} == {"先开始", "后开始"}
