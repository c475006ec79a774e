"""A chat from the first word to the last, as customer and agent see it over HTTP."""

from uuid import uuid4

from careline.modules.contact.conversations.views import EndedBy, InteractionState
from tests.support.contacts import Contacts, picked
from tests.support.office import code_of


async def test_a_chat_reaches_an_agent_and_both_talk(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(name="陈晓岚"), await contacts.visitor(name="李辉")
    interaction = await contacts.opened(guest, "宽带断了")
    assert interaction.state is InteractionState.FLOW
    await contacts.asks_for_a_person(interaction)
    waiting = (await contacts.doors.get(guest, "/visitor/conversation")).json()
    assert picked(waiting, "state", "queue_position", "agent_name") == ("queued", 1, None)

    offer = (await contacts.doors.get(agent, "/inbox")).json()["offers"][0]
    assert offer["customer"] == {"id": None, "name_masked": "李*", "number_masked": None}
    assert offer["queue"]["name"] == "宽带报障"
    item = (await contacts.accepts(agent)).json()
    assert picked(item, "state", "last_text", "unread", "waiting_for") == ("chatting", "宽带断了", 1, "agent")

    said = await contacts.replies(agent, item["conversation_id"], "您好，我来看看")
    assert said.status_code == 201, said.text
    heard = (await contacts.doors.get(guest, "/visitor/messages")).json()
    assert [picked(one, "seq", "author", "author_name", "text", "code") for one in heard["items"]] == [
        (1, "customer", None, "宽带断了", None),
        (2, "system", None, "", "agent-joined"),
        (3, "agent", "陈晓岚", "您好，我来看看", None),
    ]
    seen = (await contacts.doors.get(guest, "/visitor/conversation")).json()
    assert picked(seen, "state", "agent_name", "last_seq", "rating_open") == ("chatting", "陈晓岚", 3, False)


async def test_a_chat_that_the_agent_ends_is_wrapped_up(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    ended = await contacts.doors.post(agent, f"/interactions/{interaction.id}/end", None)
    assert ended.status_code == 204
    await contacts.settled()
    assert await contacts.state_word(agent) == "after_contact_work"
    over = (await contacts.doors.get(guest, "/visitor/conversation")).json()
    assert picked(over, "state", "rating_open", "last_seq") == ("ended", True, 3)

    assert (await contacts.wraps_up(agent, interaction)).status_code == 204
    assert await contacts.state_word(agent) == "ready"
    closed = await contacts.interaction(interaction.id)
    assert (closed.state, closed.ended_by) == (InteractionState.CLOSED, EndedBy.AGENT)
    shown = (await contacts.doors.get(agent, f"/interactions/{interaction.id}")).json()
    assert [segment["kind"] for segment in shown["segments"]] == ["flow", "queue", "ring", "talk", "wrap_up"]
    assert all(segment["ended_at"] is not None for segment in shown["segments"])
    assert picked(shown["disposition"], "code", "note") == ("fault.solved", "光猫重启后恢复")
    assert [step["name"] for step in shown["disposition"]["path"]] == ["故障", "已解决"]


async def test_a_message_sent_again_is_the_same_message(contacts: Contacts) -> None:
    guest, client_id = await contacts.visitor(), uuid4()
    first = await contacts.says(guest, "在吗", client_id)
    again = await contacts.says(guest, "在吗", client_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = await contacts.says(guest, "还在吗", client_id)
    assert (other.status_code, code_of(other)) == (409, "client-id-taken")
    stored = (await contacts.doors.get(guest, "/visitor/messages")).json()["items"]
    assert [one["text"] for one in stored] == ["在吗"]


async def test_the_inbox_says_since_when_it_is_whose_turn(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    await contacts.replies(agent, str(interaction.conversation_id), "您好")

    async def turn() -> tuple[object, ...]:
        return picked((await contacts.doors.get(agent, "/inbox")).json()["mine"][0], "waiting_for", "waiting_since")

    async def at(number: int) -> str:
        said = (await contacts.doors.get(guest, "/visitor/messages")).json()["items"]
        return str(said[number]["at"])

    assert await turn() == ("customer", await at(-1))
    await contacts.says(guest, "断了三天了")
    first = await at(-1)
    contacts.clock.advance(30)
    await contacts.says(guest, "在吗")
    assert await turn() == ("agent", first)
    await contacts.replies(agent, str(interaction.conversation_id), "在的")
    assert await turn() == ("customer", await at(-1))


async def test_a_machines_words_are_no_answer(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.opened(guest, "宽带断了")
    await contacts.conversations.post_bot(interaction.tenant_id, interaction.id, "正在为您转接人工")
    await contacts.asks_for_a_person(interaction)
    item = (await contacts.accepts(agent)).json()
    assert picked(item, "last_text", "waiting_for") == ("宽带断了", "agent")


async def test_a_long_chat_is_read_from_its_end(contacts: Contacts) -> None:
    agent, guest, other = await contacts.agent(), await contacts.visitor(), await contacts.agent()
    interaction = await contacts.chat(agent, guest)
    for number in range(6):
        await contacts.says(guest, f"{number}")
    place = f"/conversations/{interaction.conversation_id}/messages"

    async def numbers(**query: int) -> list[int]:
        answer = await contacts.doors.get(agent, place, **query)
        assert answer.status_code == 200, answer.text
        return [one["seq"] for one in answer.json()["items"]]

    whole = await numbers()
    assert await numbers(before=2**31 - 1, limit=3) == whole[-3:]
    assert await numbers(before=whole[-3], limit=3) == whole[-6:-3]
    assert await numbers(before=whole[2], limit=100) == whole[:2]
    assert await numbers(before=1) == []
    assert (await contacts.doors.get(agent, place, before=0)).status_code == 422
    assert (await contacts.doors.get(other, place, before=9)).status_code == 403

    assert (await contacts.doors.get(agent, place)).json()["customer_read"] < whole[-1]
    await contacts.doors.post(guest, "/visitor/read", {"seq": whole[-1]})
    assert (await contacts.doors.get(agent, place, before=9)).json()["customer_read"] == whole[-1]
