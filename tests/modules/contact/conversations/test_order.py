"""Messages from both sides and several tabs at once: each stored exactly once, in one order, without gaps."""

import asyncio
import json
import random
from uuid import UUID, uuid4

import httpx

from careline.infra.http import Visitor
from careline.kernel.tenancy import Actor
from tests.support.contacts import Contacts

SENDERS = ("visitor tab 1", "visitor tab 2", "agent tab 1", "agent tab 2")
SEEDS = range(10)


def sendings_of(seed: int) -> list[tuple[str, int, bool]]:
    """Who sends, which of their side's messages it is, and whether the next one waits for it.

    A side's tabs share the numbers, as a draft that is sent again does, so a message comes from two tabs and more
    than once.
    """
    chance = random.Random(seed)
    return [(chance.choice(SENDERS), chance.randrange(6), chance.random() < 0.4) for _ in range(chance.randint(5, 40))]


def text_of(side: str, number: int) -> str:
    return f"{side} 的第 {number} 句"


async def test_any_interleaving_of_sends_and_retries(contacts: Contacts) -> None:
    agent = await contacts.agent()
    for seed in SEEDS:
        await _play(contacts, agent, sendings_of(seed))


async def _play(contacts: Contacts, agent: Actor, sendings: list[tuple[str, int, bool]]) -> None:
    guest = await contacts.visitor()
    interaction = await contacts.chat(agent, guest, "开场")
    names: dict[tuple[str, int], UUID] = {}
    running: list[asyncio.Task[httpx.Response]] = []
    answers: dict[UUID, list[httpx.Response]] = {}

    async def send(sender: str, number: int) -> httpx.Response:
        side = sender.split()[0]
        name = names.setdefault((side, number), uuid4())
        if side == "visitor":
            answer = await contacts.says(guest, text_of(side, number), name)
        else:
            answer = await contacts.replies(
                agent,
                interaction.conversation_id,
                text_of(side, number),
                name,
            )
        answers.setdefault(name, []).append(answer)
        return answer

    for sender, number, wait in sendings:
        running.append(asyncio.create_task(send(sender, number)))
        if wait:
            await running[-1]
    await asyncio.gather(*running)

    stored = await _read_all(contacts, guest)
    assert [one["seq"] for one in stored] == list(range(1, len(stored) + 1)), "numbered without gaps, in order"
    said = [one for one in stored if one["kind"] == "text" and one["text"] != "开场"]
    assert {UUID(str(one["client_id"])) for one in said} == set(names.values()), "each once"
    assert len(said) == len(names)
    by_name = {UUID(str(one["client_id"])): one for one in said}
    for name, given_answers in answers.items():
        assert all(answer.status_code in (200, 201) for answer in given_answers)
        assert [answer.status_code for answer in given_answers].count(201) == 1, "stored by one of them"
        assert all(answer.json() == by_name[name] for answer in given_answers), "all were told the same"
    for (side, number), name in names.items():
        assert by_name[name]["text"] == text_of(side, number)
    await contacts.doors.post(guest, "/visitor/end", None)
    await contacts.settled()
    await contacts.wraps_up(agent, interaction)


async def _read_all(contacts: Contacts, guest: Visitor) -> list[dict[str, object]]:
    """As a client catches up: page after page, from the last number known."""
    found: list[dict[str, object]] = []
    while True:
        after = str(found[-1]["seq"]) if found else "0"
        page = (await contacts.doors.get(guest, "/visitor/messages", after=after, limit=7)).json()
        found += page["items"]
        if page["next"] is None:
            return found
        assert page["next"] == str(found[-1]["seq"])


async def test_two_tabs_open_one_conversation(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    answers = await asyncio.gather(*(contacts.says(guest, f"第 {number} 个标签页") for number in range(6)))
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.json()["conversation_id"] for answer in answers}) == 1
    assert len({answer.json()["interaction_id"] for answer in answers}) == 1
    assert sorted(answer.json()["seq"] for answer in answers) == list(range(1, 7))
    names = [item.event.name for item in await contacts.office.log()]
    assert names.count("conversations.interaction-opened") == 1


async def test_the_first_message_from_two_tabs_at_once_is_one(contacts: Contacts) -> None:
    guest, client_id = await contacts.visitor(), uuid4()
    answers = await asyncio.gather(*(contacts.says(guest, "在吗", client_id) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.text for answer in answers}) == 1


async def test_a_refused_message_leaves_no_gap(contacts: Contacts) -> None:
    guest, client_id = await contacts.visitor(), uuid4()
    await contacts.says(guest, "一", client_id)
    assert (await contacts.says(guest, "别的话", client_id)).status_code == 409
    assert (await contacts.says(guest, "\x00")).status_code == 422
    assert (await contacts.says(guest, "二")).json()["seq"] == 2


async def test_both_sides_may_use_the_same_client_id(contacts: Contacts) -> None:
    agent, guest, client_id = await contacts.agent(), await contacts.visitor(), uuid4()
    interaction = await contacts.chat(agent, guest)
    first = await contacts.says(guest, "我说的", client_id)
    second = await contacts.replies(agent, interaction.conversation_id, "我说的", client_id)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json()["seq"] == first.json()["seq"] + 1


async def test_what_was_stored_before_the_end_is_confirmed_after_it(contacts: Contacts) -> None:
    agent, guest, client_id = await contacts.agent(), await contacts.visitor(), uuid4()
    interaction = await contacts.chat(agent, guest)
    sent = await contacts.replies(agent, interaction.conversation_id, "再见", client_id)
    said = uuid4()
    heard = await contacts.says(guest, "谢谢", said)
    await contacts.doors.post(guest, "/visitor/end", None)
    await contacts.settled()
    again = await contacts.replies(agent, interaction.conversation_id, "再见", client_id)
    assert (again.status_code, again.json()) == (200, sent.json())
    repeated = await contacts.says(guest, "谢谢", said)
    assert (repeated.status_code, repeated.json()) == (200, heard.json())
    late = await contacts.replies(agent, interaction.conversation_id, "还有")
    assert (late.status_code, late.json()["code"]) == (409, "chat-ended")
    opened = [item for item in await contacts.office.log() if item.event.name == "conversations.interaction-opened"]
    assert len(opened) == 1, "a repetition opens nothing"


async def test_a_message_is_the_same_by_the_short_and_by_the_usual_way(contacts: Contacts) -> None:
    guest, names = await contacts.visitor(), [uuid4(), uuid4()]
    short = [await contacts.says(guest, "短路", name) for name in names[:1]]
    usual = []
    for name in names:
        body = json.dumps({"client_id": f"urn:uuid:{name}", "text": "短路"}).encode()
        usual.append(await contacts.doors.raw(guest, "POST", "/visitor/messages", body))
    short += [await contacts.says(guest, "短路", names[1])]
    assert [answer.status_code for answer in (*usual, *short)] == [200, 201, 201, 200]
    assert [answer.json() for answer in usual] == [answer.json() for answer in short]
    assert [answer.headers["content-type"] for answer in (*usual, *short)] == ["application/json"] * 4
