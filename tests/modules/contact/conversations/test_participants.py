"""Who is in a conversation beside its agent, and what that lets them do."""

import pytest

from careline.infra.realtime.connection import Principal
from careline.kernel.errors import Conflict, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, ActorKind
from careline.modules.contact.conversations.states import SPEAKING, ParticipantRole
from careline.modules.contact.conversations.views import InteractionView
from tests.support.contacts import Contacts, picked

TOLD = {
    ParticipantRole.COLLEAGUE: ["colleague-joined"],
    ParticipantRole.SUPERVISOR_JOINED: ["supervisor-joined"],
}
"""What the customer reads of who comes; of all others nothing."""
OTHERS = [role for role in ParticipantRole if role is not ParticipantRole.AGENT]


async def brought(contacts: Contacts, role: ParticipantRole) -> tuple[Actor, Actor, InteractionView, object]:
    agent, guest = await contacts.agent(), await contacts.visitor()
    chat = await contacts.chat(agent, guest)
    other = await contacts.office.agent("desk:use", name="李娜")
    assert other.id is not None
    await contacts.conversations.bring(agent, chat.conversation_id, other.id, role)
    await contacts.settled()
    return agent, other, chat, guest


async def notices(contacts: Contacts, guest: object) -> list[str]:
    answer = await contacts.doors.get(guest, "/visitor/messages")  # type: ignore[arg-type]
    return [item["code"] for item in answer.json()["items"] if item["kind"] == "notice"]


def follower(actor: Actor) -> Principal:
    return Principal(actor=actor)


@pytest.mark.parametrize("role", OTHERS)
async def test_a_role_lets_them_read_and_some_speak(contacts: Contacts, role: ParticipantRole) -> None:
    agent, other, chat, guest = await brought(contacts, role)
    place = f"/conversations/{chat.conversation_id}"
    assert (await contacts.doors.get(other, f"{place}/messages")).status_code == 200
    said = await contacts.replies(other, chat.conversation_id, "我来说两句")
    assert said.status_code == (201 if role in SPEAKING else 403), said.text
    told = [code for code in await notices(contacts, guest) if code.endswith("-joined") and code != "agent-joined"]
    assert told == TOLD.get(role, [])
    heard = (await contacts.doors.get(guest, "/visitor/messages")).json()["items"]  # type: ignore[arg-type]
    assert ("我来说两句" in [one["text"] for one in heard]) is (role in SPEAKING)

    seen = (await contacts.doors.get(agent, f"{place}/participants")).json()
    hidden = role is ParticipantRole.SUPERVISOR_LISTENING
    assert [picked(one, "name", "role") for one in seen] == [
        ("陈晓岚", "agent"),
        *([] if hidden else [("李娜", role.value)]),
    ]


async def test_who_has_left_says_and_hears_no_more(contacts: Contacts) -> None:
    agent, other, chat, guest = await brought(contacts, ParticipantRole.COLLEAGUE)
    topics = [f"conversation:{chat.conversation_id}", f"colleagues:{chat.conversation_id}"]
    for topic in topics:
        assert await contacts.hub._allowed(follower(other), topic)
    assert other.id is not None
    await contacts.conversations.send_away(agent, chat.conversation_id, other.id)
    await contacts.settled()
    assert (await contacts.replies(other, chat.conversation_id, "还有")).status_code in (403, 409)
    for topic in topics:
        assert not await contacts.hub._allowed(follower(other), topic)
    assert await notices(contacts, guest) == ["agent-joined", "colleague-joined", "colleague-left"]
    with pytest.raises(Conflict, match="participant-not-present"):
        await contacts.conversations.send_away(agent, chat.conversation_id, other.id)


async def test_a_role_is_changed_and_the_customer_is_told_what_concerns_them(contacts: Contacts) -> None:
    agent, other, chat, guest = await brought(contacts, ParticipantRole.SUPERVISOR_LISTENING)
    assert other.id is not None
    for role in (ParticipantRole.SUPERVISOR_WHISPERING, ParticipantRole.SUPERVISOR_JOINED):
        await contacts.conversations.bring(other, chat.conversation_id, other.id, role)
    await contacts.conversations.bring(other, chat.conversation_id, other.id, ParticipantRole.SUPERVISOR_JOINED)
    assert await notices(contacts, guest) == ["agent-joined", "supervisor-joined"]
    there = await contacts.conversations.participants(chat.tenant_id, chat.conversation_id)
    assert [(one.user_id, one.role) for one in there] == [
        (agent.id, ParticipantRole.AGENT),
        (other.id, ParticipantRole.SUPERVISOR_JOINED),
    ]


async def test_with_the_contact_everybody_has_left(contacts: Contacts) -> None:
    agent, other, chat, _guest = await brought(contacts, ParticipantRole.CONSULTANT)
    await contacts.doors.post(agent, f"/interactions/{chat.id}/end", None)
    await contacts.settled()
    assert await contacts.conversations.participants(chat.tenant_id, chat.conversation_id) == []
    assert not await contacts.hub._allowed(follower(other), f"colleagues:{chat.conversation_id}")
    assert other.id is not None
    with pytest.raises(Conflict, match="chat-ended"):
        await contacts.conversations.bring(agent, chat.conversation_id, other.id, ParticipantRole.CONSULTANT)


async def test_customers_strangers_and_other_tenants_see_nobody(contacts: Contacts) -> None:
    agent, _, chat, guest = await brought(contacts, ParticipantRole.CONSULTANT)
    place = f"/conversations/{chat.conversation_id}/participants"
    stranger = await contacts.office.agent("desk:use", name="张三")
    foreign = await contacts.office.agent("desk:use", "floor:view", tenant=contacts.office.other)
    assert (await contacts.doors.get(stranger, place)).status_code == 403
    assert (await contacts.doors.get(foreign, place)).status_code == 404
    assert (await contacts.doors.get(guest, place)).status_code == 401  # type: ignore[arg-type]
    assert (await contacts.doors.get(agent, f"/conversations/{new_id()}/participants")).status_code == 404
    topic = f"colleagues:{chat.conversation_id}"
    visitor = Actor(tenant_id=chat.tenant_id, kind=ActorKind.CUSTOMER, id=guest.id)  # type: ignore[attr-defined]
    for actor in (visitor, stranger, foreign):
        assert not await contacts.hub._allowed(follower(actor), topic)
    with pytest.raises(NotFound, match="conversation-not-found"):
        await contacts.conversations.bring(foreign, chat.conversation_id, new_id(), ParticipantRole.CONSULTANT)
