"""A supervisor listens, whispers, joins, takes over and leaves; nothing of a whisper passes a door to the customer."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from careline.infra.http import Visitor
from careline.infra.realtime.connection import Connection, Principal
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.views import InteractionView
from tests.modules.contact.supervision.conftest import Floor
from tests.support.office import code_of, without_permission

WHISPER = "先道歉，再查账单"
NAME = "周文静"
SAID = "您好，我是主管，我来帮您"


async def a_chat(floor: Floor) -> tuple[Actor, Visitor, InteractionView]:
    agent = await floor.contacts.agent()
    guest = await floor.contacts.visitor(name="王小敏")
    return agent, guest, await floor.contacts.chat(agent, guest)


async def come(floor: Floor, chat: InteractionView, presence: str, who: Actor | None = None) -> int:
    path = f"/floor/chats/{chat.id}/presence"
    answer = await floor.doors.put(who or floor.supervisor, path, {"presence": presence})
    await floor.contacts.settled()
    return answer.status_code


async def whispers(floor: Floor, chat: InteractionView) -> int:
    body = {"client_id": str(uuid4()), "text": WHISPER, "mentions": []}
    answer = await floor.contacts.doors.post(floor.supervisor, f"/conversations/{chat.conversation_id}/notes", body)
    await floor.contacts.settled()
    return answer.status_code


async def says(floor: Floor, chat: InteractionView) -> int:
    answer = await floor.contacts.replies(floor.supervisor, chat.conversation_id, SAID)
    await floor.contacts.settled()
    return answer.status_code


async def notes_of(floor: Floor, agent: Actor, chat: InteractionView) -> list[str]:
    answer = await floor.contacts.doors.get(agent, f"/conversations/{chat.conversation_id}/notes")
    return [item["text"] for item in answer.json()["items"]]


async def seen_by(floor: Floor, who: Actor, chat: InteractionView) -> list[str]:
    answer = await floor.contacts.doors.get(who, f"/conversations/{chat.conversation_id}/participants")
    assert all(one["name"] for one in answer.json())
    return [one["role"] for one in answer.json()]


async def follow(floor: Floor, who: Visitor | Actor, topic: str) -> Connection:
    actor = who.actor if isinstance(who, Visitor) else who
    connection = floor.contacts.hub.connect(Principal(actor=actor))
    assert connection is not None
    await floor.contacts.hub.handle(connection, json.dumps({"t": "sub", "topic": topic, "from": None}))
    return connection


def heard(connection: Connection) -> str:
    return json.dumps([json.loads(text) for text in connection._queue.values()], ensure_ascii=False)


async def customers_doors(floor: Floor, guest: Visitor) -> dict[str, str]:
    """Everything that a customer can ask for, as it is sent; what they keep of a chat is made of the messages."""
    found = {}
    for path in ("/visitor/messages", "/visitor/conversation"):
        answer = await floor.contacts.doors.get(guest, path)
        assert answer.status_code == 200, answer.text
        found[path] = json.dumps(answer.json(), ensure_ascii=False)
    return found


async def test_who_listens_reads_along_and_neither_side_is_told(floor: Floor) -> None:
    agent, guest, chat = await a_chat(floor)
    before = await customers_doors(floor, guest)
    assert await come(floor, chat, "listening") == 200

    read = await floor.contacts.doors.get(floor.supervisor, f"/conversations/{chat.conversation_id}/messages")
    assert "宽带断了" in read.text
    assert await customers_doors(floor, guest) == before
    assert await seen_by(floor, agent, chat) == ["agent"]
    assert await seen_by(floor, floor.supervisor, chat) == ["agent", "supervisor_listening"]
    assert await whispers(floor, chat) == 403
    assert await says(floor, chat) == 403
    assert (await floor.contacts.office.audited(chat.tenant_id))[-1] == "chat.listening"


async def test_a_whisper_reaches_the_agent_and_no_door_of_the_customer(floor: Floor) -> None:
    agent, guest, chat = await a_chat(floor)
    customer = await follow(floor, guest, f"conversation:{chat.conversation_id}")
    nosy = await follow(floor, guest, f"colleagues:{chat.conversation_id}")
    desk = await follow(floor, agent, f"colleagues:{chat.conversation_id}")
    assert await come(floor, chat, "whispering") == 200
    assert await whispers(floor, chat) in (200, 201)

    assert await notes_of(floor, agent, chat) == [WHISPER]
    assert WHISPER in heard(desk)
    assert await seen_by(floor, agent, chat) == ["agent", "supervisor_whispering"]
    for text in (heard(customer), heard(nosy), *(await customers_doors(floor, guest)).values()):
        assert WHISPER not in text
        assert "whisper" not in text
    assert '"t": "err"' in heard(nosy), "that topic is not theirs"
    assert await says(floor, chat) == 403


async def test_who_joins_is_seen_by_all_and_speaks(floor: Floor) -> None:
    agent, guest, chat = await a_chat(floor)
    assert await come(floor, chat, "listening") == 200
    assert await come(floor, chat, "joined") == 200
    assert await says(floor, chat) == 201

    doors = await customers_doors(floor, guest)
    assert SAID in doors["/visitor/messages"]
    assert "supervisor-joined" in doors["/visitor/messages"]
    assert NAME in doors["/visitor/messages"], "who speaks has a name, agent or not"
    assert await seen_by(floor, agent, chat) == ["agent", "supervisor_joined"]
    left = await floor.contacts.doors.get(floor.supervisor, f"/interactions/{chat.id}")
    assert left.status_code == 200
    gone = await floor.doors.raw(floor.supervisor, "DELETE", f"/floor/chats/{chat.id}/presence", b"")
    assert gone.status_code == 204
    assert await says(floor, chat) in (403, 409)
    assert await seen_by(floor, agent, chat) == ["agent"]
    again = await floor.doors.raw(floor.supervisor, "DELETE", f"/floor/chats/{chat.id}/presence", b"")
    assert (again.status_code, code_of(again)) == (409, "participant-not-present")
    audited = await floor.contacts.office.audited(chat.tenant_id)
    assert [one for one in audited if one.startswith("chat.")] == ["chat.listening", "chat.joined", "chat.left"]


async def test_a_chat_is_taken_over_through_the_supervisors_own_desk(floor: Floor) -> None:
    agent, _, chat = await a_chat(floor)
    supervisor = await floor.contacts.agent("floor:view", "floor:listen", name="周文静")
    answer = await floor.doors.post(supervisor, f"/floor/chats/{chat.id}/take-over", None)
    assert answer.status_code == 204, answer.text
    await floor.contacts.settled()
    assert floor.contacts.offer_to(supervisor).interaction_id == chat.id
    (card,) = (await floor.contacts.doors.get(supervisor, "/inbox")).json()["offers"]
    assert "taken-over-by-me" in [one["code"] for one in card["why"]], "nobody passed it on to them"
    assert (card["transfer"]["taken_over"], card["transfer"]["from_name"]) == (True, "陈晓岚")
    assert (await floor.contacts.accepts(supervisor)).status_code == 200

    now = await floor.contacts.interaction(chat.id)
    assert (now.state, now.agent_id) == ("talking", supervisor.id)
    assert await floor.contacts.state_word(agent) == "after_contact_work"
    assert "chat.taken-over" in await floor.contacts.office.audited(chat.tenant_id)


@pytest.mark.parametrize("presence", ["listening", "whispering", "joined"])
async def test_what_is_over_or_nobodys_is_not_listened_to(floor: Floor, presence: str) -> None:
    agent, guest, chat = await a_chat(floor)
    assert await come(floor, chat, presence, who=without_permission(floor.supervisor, "floor:listen")) == 403
    stranger = await floor.contacts.office.staff("floor:listen", tenant=floor.contacts.office.other)
    assert await come(floor, chat, presence, who=stranger) == 404
    mine = Actor(tenant_id=agent.tenant_id, kind=agent.kind, id=agent.id, permissions=frozenset({"floor:listen"}))
    assert await come(floor, chat, presence, who=mine) == 422
    waiting = await floor.contacts.opened(await floor.contacts.visitor(name="赵芳"))
    assert await come(floor, waiting, presence) == 409
    await floor.contacts.doors.post(guest, "/visitor/end", None)
    await floor.contacts.settled()
    assert await come(floor, chat, presence) == 409
    assert await come(floor, _like(chat, uuid4()), presence) == 404

    audited: list[Any] = await floor.contacts.office.audited(chat.tenant_id)
    assert not [one for one in audited if one.startswith("chat.")]


def _like(chat: InteractionView, interaction_id: UUID) -> InteractionView:
    return InteractionView(**{**{name: getattr(chat, name) for name in chat.__struct_fields__}, "id": interaction_id})


async def test_two_at_once_see_each_other_and_the_agent_sees_who_whispers(floor: Floor) -> None:
    agent, _, chat = await a_chat(floor)
    other = await floor.contacts.office.staff("desk:use", "floor:view", "floor:listen", name="沈波")
    assert await come(floor, chat, "listening", who=other) == 200
    assert await come(floor, chat, "whispering") == 200
    assert await whispers(floor, chat) in (200, 201)
    both = ["agent", "supervisor_listening", "supervisor_whispering"]
    assert await seen_by(floor, floor.supervisor, chat) == both
    assert await seen_by(floor, other, chat) == both
    assert await seen_by(floor, agent, chat) == ["agent", "supervisor_whispering"]
    assert await notes_of(floor, other, chat) == [WHISPER]
    gone = await floor.doors.raw(floor.supervisor, "DELETE", f"/floor/chats/{chat.id}/presence", b"")
    assert gone.status_code == 204
    assert await seen_by(floor, other, chat) == ["agent", "supervisor_listening"]
    assert await seen_by(floor, agent, chat) == ["agent"]


async def test_what_cannot_be_audited_is_not_done(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    agent, _, chat = await a_chat(floor)
    me = await floor.contacts.agent(name="周文静")
    boss = Actor(tenant_id=me.tenant_id, kind=me.kind, id=me.id, permissions=floor.supervisor.permissions)
    before = len(await floor.contacts.office.log())

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no audit now")

    monkeypatch.setattr(floor.contacts.office.identity.trail, "record", broken)
    assert await come(floor, chat, "whispering", boss) == 500
    assert (await floor.doors.post(boss, f"/floor/chats/{chat.id}/take-over", None)).status_code == 500
    await floor.contacts.settled()
    assert (await floor.contacts.interaction(chat.id)).agent_id == agent.id
    assert len(await floor.contacts.office.log()) == before
    monkeypatch.undo()
    assert await come(floor, chat, "joined", boss) == 200
    before = len(await floor.contacts.office.log())
    monkeypatch.setattr(floor.contacts.office.identity.trail, "record", broken)
    assert (await floor.doors.delete(boss, f"/floor/chats/{chat.id}/presence")).status_code == 500
    assert len(await floor.contacts.office.log()) == before
