"""Malformed and ill-meant input: a clear refusal each, never a 5xx, and the conversation goes on."""

import json
from uuid import uuid4

from tests.support.contacts import Contacts

NAME = str(uuid4())

BODIES = [
    b"",
    b"null",
    b"[]",
    b"{",
    b"\xff\xfe",
    b'{"client_id":1,"text":"x"}',
    json.dumps({"client_id": "x", "text": "x"}).encode(),
    json.dumps({"client_id": NAME}).encode(),
    json.dumps({"client_id": NAME, "text": None}).encode(),
    json.dumps({"client_id": NAME, "text": ["x"]}).encode(),
    json.dumps({"client_id": NAME, "text": "x", "author": "agent"}).encode(),
    json.dumps({"client_id": NAME, "text": "a\x00b"}).encode(),
    json.dumps({"client_id": NAME, "text": "\ud800"}).encode(),
    json.dumps({"client_id": NAME, "text": "\x1b\x08"}).encode(),
    json.dumps({"client_id": NAME, "text": "字" * 4001}).encode(),
    json.dumps({"client_id": NAME, "text": "字" * 200_000}).encode(),
    b'{"client_id":"' + NAME.encode() + b'","text":' + b"[" * 5000 + b"]" * 5000 + b"}",
]


async def test_messages_that_are_none(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    for body in BODIES:
        refused = await contacts.doors.raw(guest, "POST", "/visitor/messages", body)
        assert 400 <= refused.status_code < 500, (body[:60], refused.text)
        assert refused.headers["content-type"] == "application/problem+json"
    assert (await contacts.doors.get(guest, "/visitor/conversation")).json()["conversation_id"] is None
    assert (await contacts.says(guest, "好的")).json()["seq"] == 1


async def test_scripts_and_odd_characters_come_back_as_they_were(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    odd = ["<script>alert(1)</script>", "'; DROP TABLE message; --", "{{7*7}}", "\u202egnp.exe", "%00%n"]
    for text in odd:
        assert (await contacts.says(guest, text)).status_code == 201
    stored = (await contacts.doors.get(guest, "/visitor/messages")).json()["items"]
    assert [one["text"] for one in stored] == odd


async def test_pages_that_are_none(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    for query in ("after=-1", "after=x", "after=99999999999999999999", "limit=0", "limit=201"):
        name, _, value = query.partition("=")
        assert (await contacts.doors.get(guest, "/visitor/messages", **{name: value})).status_code == 422, query


async def test_read_marks_never_go_back_nor_past_the_end(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    await contacts.says(guest, "二")

    async def unread() -> object:
        return (await contacts.doors.get(agent, "/inbox")).json()["mine"][0]["unread"]

    read = f"/conversations/{interaction.conversation_id}/read"
    assert await unread() == 2
    for seq in (0, 1000, 2**31 - 1):
        assert (await contacts.doors.post(agent, read, {"seq": seq})).status_code == 204
    assert await unread() == 2
    await contacts.doors.post(agent, read, {"seq": 3})
    await contacts.doors.post(agent, read, {"seq": 1})
    assert await unread() == 0
    assert (await contacts.doors.post(agent, read, {"seq": -1})).status_code == 422
    assert (await contacts.doors.post(agent, read, {"seq": 2**63})).status_code == 422


async def test_wrap_ups_that_are_none(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    path = f"/interactions/{interaction.id}/wrap-up"
    for body in (
        {"disposition": "other", "note": "x" * 2001, "draft": True},
        {"disposition": "other", "note": "a\x00", "draft": True},
        {"disposition": "x" * 65, "note": "", "draft": True},
        {"disposition": "no\x00such", "note": "", "draft": True},
        {"note": "", "draft": "maybe"},
    ):
        assert (await contacts.doors.put(agent, path, body)).status_code == 422, body
    assert (await contacts.interaction(interaction.id)).note is None
