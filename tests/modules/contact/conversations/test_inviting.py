"""The agent of a chat asks a colleague in: to advise unseen, or to serve the customer together."""

import httpx

from careline.infra.http import Visitor
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.services import inviting
from careline.modules.contact.conversations.views import InteractionView
from tests.support.contacts import Contacts, picked
from tests.support.office import code_of


async def asks(contacts: Contacts, agent: Actor, chat: InteractionView, whom: object, role: str) -> httpx.Response:
    body = {"user_id": str(whom), "role": role}
    answer = await contacts.doors.post(agent, f"/conversations/{chat.conversation_id}/participants", body)
    await contacts.settled()
    return answer


async def goes(contacts: Contacts, actor: Actor, chat: InteractionView, who: object) -> httpx.Response:
    answer = await contacts.doors.delete(actor, f"/conversations/{chat.conversation_id}/participants/{who}")
    await contacts.settled()
    return answer


async def two(contacts: Contacts) -> tuple[Actor, Actor, InteractionView, Visitor]:
    first, guest = await contacts.agent(name="陈晓岚"), await contacts.visitor()
    chat = await contacts.chat(first, guest)
    return first, await contacts.agent(name="李娜"), chat, guest


async def notices(contacts: Contacts, guest: Visitor) -> list[str]:
    answer = await contacts.doors.get(guest, "/visitor/messages")
    return [item["code"] for item in answer.json()["items"] if item["kind"] == "notice"]


async def test_a_consultant_reads_notes_and_stays_unseen(contacts: Contacts) -> None:
    first, second, chat, guest = await two(contacts)
    assert (await asks(contacts, first, chat, second.id, "consultant")).status_code == 204
    [entry] = (await contacts.doors.get(second, "/inbox")).json()["asked_in"]
    assert picked(entry, "interaction_id", "role", "asked_by") == (str(chat.id), "consultant", "陈晓岚")
    assert (await contacts.doors.get(second, f"/interactions/{chat.id}")).status_code == 200
    said = await contacts.replies(second, chat.conversation_id, "您好")
    assert said.status_code == 403
    assert await notices(contacts, guest) == ["agent-joined"]
    assert (await contacts.doors.get(guest, "/visitor/conversation")).json()["agent_name"] == "陈晓岚"
    assert await contacts.state_word(second) == "ready", "advising takes no room"


async def test_a_colleague_serves_the_customer_and_leaves_again(contacts: Contacts) -> None:
    first, second, chat, guest = await two(contacts)
    assert (await asks(contacts, first, chat, second.id, "consultant")).status_code == 204
    assert (await asks(contacts, first, chat, second.id, "colleague")).status_code == 204
    assert (await contacts.replies(second, chat.conversation_id, "我来补充")).status_code == 201
    assert (await goes(contacts, second, chat, second.id)).status_code == 204
    assert await notices(contacts, guest) == ["agent-joined", "colleague-joined", "colleague-left"]
    assert (await contacts.doors.get(second, "/inbox")).json()["asked_in"] == []
    again = await goes(contacts, second, chat, second.id)
    assert (again.status_code, code_of(again)) == (409, "participant-not-present")
    assert (await contacts.replies(first, chat.conversation_id, "我还在")).status_code == 201


async def test_only_its_agent_asks_in_and_lets_go(contacts: Contacts) -> None:
    first, second, chat, _ = await two(contacts)
    third = await contacts.agent(name="王芳")
    foreign = await contacts.office.agent("desk:use", "floor:view", tenant=contacts.office.other)
    assert (await asks(contacts, second, chat, third.id, "consultant")).status_code == 403
    assert (await asks(contacts, foreign, chat, third.id, "consultant")).status_code == 404
    await asks(contacts, first, chat, second.id, "colleague")
    assert (await asks(contacts, second, chat, third.id, "consultant")).status_code == 403
    await asks(contacts, first, chat, third.id, "consultant")
    assert (await goes(contacts, second, chat, third.id)).status_code == 403
    assert (await goes(contacts, foreign, chat, third.id)).status_code == 404
    assert (await goes(contacts, first, chat, third.id)).status_code == 204


async def test_who_is_away_unknown_or_of_another_house_is_not_asked(contacts: Contacts) -> None:
    first, second, chat, _ = await two(contacts)
    away = await contacts.office.agent("desk:use", name="没来的")
    foreign = await contacts.office.agent("desk:use", tenant=contacts.office.other)
    answer = await asks(contacts, first, chat, away.id, "consultant")
    assert (answer.status_code, code_of(answer)) == (409, "invited-agent-away")
    for unknown in (foreign.id, new_id()):
        assert (await asks(contacts, first, chat, unknown, "consultant")).status_code == 404
    for role in ("agent", "supervisor_joined", "x"):
        assert (await asks(contacts, first, chat, second.id, role)).status_code == 422


async def test_neither_a_chat_nor_a_colleague_is_asked_too_much(contacts: Contacts) -> None:
    first, second, chat, _ = await two(contacts)
    for _ in range(inviting.MOST_IN_ONE_CHAT):
        other = await contacts.agent(name="同事")
        assert (await asks(contacts, first, chat, other.id, "consultant")).status_code == 204
    full = await asks(contacts, first, chat, second.id, "consultant")
    assert (full.status_code, code_of(full)) == (409, "too-many-participants")


async def test_colleagues_are_found_by_name_and_number(contacts: Contacts) -> None:
    first, _, _, _ = await two(contacts)
    await contacts.office.agent("desk:use", name="李没来")
    found = (await contacts.doors.get(first, "/colleagues", q="李")).json()
    assert [picked(one, "name", "state") for one in found] == [("李娜", "ready")]
    assert (await contacts.doors.get(first, "/colleagues", q=found[0]["number"])).json() == found
