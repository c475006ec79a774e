"""Pictures, files and voice messages: sent once, told to both sides, and opened by nobody else."""

import asyncio
import os
import time
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from careline.kernel.ids import new_id
from careline.modules.contact.conversations.services.uploads import FileLimits
from careline.modules.contact.conversations.wiring import Limits
from tests.support.contacts import Contacts, picked
from tests.support.office import Office, code_of
from tests.support.pictures import jpeg, png

PICTURE = png(40, 30)
VOICE = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(range(256)) * 700


async def test_a_picture_goes_to_the_agent_and_one_comes_back(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    base = f"/conversations/{interaction.conversation_id}"

    sent = await contacts.sends(guest, PICTURE, name="../../我的 账单.jpg")
    assert sent.status_code == 201, sent.text
    message = sent.json()
    assert picked(message, "kind", "text", "author", "params") == ("picture", "我的 账单.png", "customer", None)
    attachment = message["attachment"]
    assert picked(attachment, "media_type", "size", "width", "height") == ("image/png", len(PICTURE), 40, 30)
    assert set(attachment) == {"id", "media_type", "size", "width", "height", "duration_ms"}

    entry = (await contacts.doors.get(agent, "/inbox")).json()["mine"][0]
    assert picked(entry, "last_text", "unread", "waiting_for") == ("我的 账单.png", 2, "agent")
    opened = await contacts.serves(agent, await contacts.link(agent, message, base))
    assert (opened.status_code, opened.content) == (200, PICTURE)

    back = await contacts.sends(agent, jpeg(9, 9), path=base, name="路由器.jpeg")
    assert back.status_code == 201, back.text
    heard = (await contacts.doors.get(guest, "/visitor/messages")).json()["items"]
    assert [picked(one, "kind", "text") for one in heard][-2:] == [
        ("picture", "我的 账单.png"),
        ("picture", "路由器.jpg"),
    ]
    assert (await contacts.serves(None, await contacts.link(guest, back.json()))).content == jpeg(9, 9)


async def test_a_file_as_the_first_message_opens_the_conversation(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    assert (await contacts.sends(guest, PICTURE)).json()["seq"] == 1
    assert (await contacts.doors.get(guest, "/visitor/conversation")).json()["state"] == "flow"


async def test_a_file_sent_again_is_the_same_message_and_lies_there_once(contacts: Contacts) -> None:
    guest, client_id = await contacts.visitor(), uuid4()
    first = await contacts.sends(guest, PICTURE, client_id=client_id)
    kept = contacts.on_disk()
    again = await contacts.sends(guest, PICTURE, client_id=client_id)
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    both = await asyncio.gather(*(contacts.sends(guest, PICTURE, client_id=client_id) for _ in range(2)))
    assert {one.json()["id"] for one in both} == {first.json()["id"]}
    other = await contacts.sends(guest, jpeg(3, 3), client_id=client_id)
    assert (other.status_code, code_of(other)) == (409, "client-id-taken")
    words = await contacts.says(guest, "账单.png", client_id)
    assert (words.status_code, code_of(words)) == (409, "client-id-taken")
    assert contacts.on_disk() == kept
    assert len(kept) == 1
    assert (await contacts.doors.get(guest, "/visitor/conversation")).json()["last_seq"] == 1


async def test_a_voice_message(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    sent = await contacts.sends(guest, VOICE, name="", duration_ms=4200)
    assert sent.status_code == 201, sent.text
    assert picked(sent.json(), "kind", "text") == ("voice", "sound.webm")
    assert sent.json()["attachment"]["duration_ms"] == 4200
    path = await contacts.link(guest, sent.json())
    assert (await contacts.serves(None, path)).headers["content-type"] == "audio/webm"
    for content, length in ((PICTURE, 4200), (VOICE, 10), (VOICE, 200_000)):
        refused = await contacts.sends(guest, content, duration_ms=length)
        assert (refused.status_code, code_of(refused)) == (422, "voice-not-usable")


async def test_parts_of_a_file_are_served_for_players(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    path = await contacts.link(guest, (await contacts.sends(guest, VOICE, duration_ms=900)).json())
    for wanted, status, content in (
        ("bytes=0-9", 206, VOICE[:10]),
        ("bytes=65530-65545", 206, VOICE[65530:65546]),
        ("bytes=179000-", 206, VOICE[179_000:]),
        ("bytes=-5", 206, VOICE[-5:]),
        ("bytes=0-", 200, VOICE),
        ("lines=1-2", 200, VOICE),
        ("bytes=1-2,4-5", 200, VOICE),
    ):
        answer = await contacts.serves(None, path, Range=wanted)
        assert (answer.status_code, answer.content) == (status, content), wanted
        assert int(answer.headers["content-length"]) == len(content)
    for wanted in ("bytes=900000-", "bytes=9-3", "bytes=-0"):
        assert (await contacts.serves(None, path, Range=wanted)).status_code == 416, wanted


async def test_what_is_served_can_do_nothing(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    name = 'a";\r\nX: y.html'
    for content, kind, disposition in (
        (PICTURE, "image/png", "inline"),
        (b"%PDF-1.7\n%%EOF", "application/octet-stream", "attachment"),
        ("好的 <b>".encode(), "application/octet-stream", "attachment"),
    ):
        sent = await contacts.sends(guest, content, name=name)
        answer = await contacts.serves(None, await contacts.link(guest, sent.json()))
        assert answer.headers["content-type"] == kind
        assert answer.headers["content-disposition"].startswith(f"{disposition}; filename*=UTF-8''a")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert "x" not in answer.headers


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "file-empty"),
        (b"<html><script>alert(1)</script>", 422, "file-type-refused"),
        (b"<svg onload='alert(1)' xmlns='http://www.w3.org/2000/svg'/>", 422, "file-type-refused"),
        (PICTURE[:-20], 422, "file-incomplete"),
        (jpeg(3, 3) + b"PK\x05\x06" + b"\x00" * 18, 422, "file-ambiguous"),
        (b"\x00" * (10 * 1_048_576 + 1), 413, "file-too-large"),
    ],
)
async def test_what_is_refused_leaves_nothing(contacts: Contacts, content: bytes, status: int, code: str) -> None:
    guest = await contacts.visitor()
    refused = await contacts.sends(guest, content)
    assert (refused.status_code, code_of(refused)) == (status, code)
    assert contacts.on_disk() == []
    assert (await contacts.doors.get(guest, "/visitor/conversation")).json()["state"] == "none"


async def test_nobody_else_opens_a_file(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    base = f"/conversations/{interaction.conversation_id}"
    message = (await contacts.sends(guest, PICTURE)).json()
    file_id = message["attachment"]["id"]
    stranger, colleague = await contacts.visitor(name="陌生人"), await contacts.agent(name="同事")
    await contacts.says(stranger, "你好")

    assert (await contacts.doors.get(stranger, f"/visitor/files/{file_id}/link")).status_code == 404
    assert (await contacts.doors.get(colleague, f"{base}/files/{file_id}/link")).status_code == 403
    assert (await contacts.doors.get(agent, f"{base}/files/{new_id()}/link")).status_code == 404
    foreign = await contacts.sends(colleague, PICTURE, path=base)
    assert (foreign.status_code, code_of(foreign)) == (403, "contact-not-yours")
    other = await contacts.office.agent("desk:use", tenant=contacts.office.other)
    assert (await contacts.doors.get(other, f"{base}/files/{file_id}/link")).status_code == 404

    mine = await contacts.link(agent, message, base)
    assert (await contacts.serves(None, mine)).status_code == 404
    assert (await contacts.serves(colleague, mine)).status_code == 404
    assert (await contacts.serves(agent, mine)).status_code == 200
    theirs = await contacts.link(guest, message)
    for wrong in (
        theirs[:-1] + ("A" if theirs[-1] != "A" else "B"),
        theirs[:-9],
        "/files/x",
        "/files/..%2f..%2fetc",
        mine + "A",
    ):
        assert (await contacts.serves(agent, wrong)).status_code == 404, wrong
    word = theirs.removeprefix("/files/")
    for at in range(0, len(word), 5):  # for whom, until when, whose, which, and the seal
        altered = word[:at] + ("A" if word[at] != "A" else "B") + word[at + 1 :]
        for who in (None, guest, agent, other):
            assert (await contacts.serves(who, f"/files/{altered}")).status_code == 404, at
    assert (await contacts.serves(other, mine)).status_code == 404, "a link of another centre's agent"
    assert (await contacts.serves(None, theirs)).status_code == 200
    contacts.clock.advance(minutes=11)
    assert (await contacts.serves(None, theirs)).status_code == 404


async def test_bounds_of_rate_and_room(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    refused = None
    for number in range(25):
        answer = await contacts.sends(guest, PICTURE, name=str(number))
        if answer.status_code != 201:
            refused = answer
            break
    assert refused is not None
    assert (refused.status_code, code_of(refused)) == (429, "too-many-files")
    contacts.clock.advance(60)
    assert (await contacts.sends(guest, PICTURE)).status_code == 201


async def test_a_full_conversation_says_so(office: Office, tmp_path: Path) -> None:
    limits = Limits(files=FileLimits(conversation_files=2, conversation_bytes=2 * len(VOICE)))
    contacts = Contacts(office, tmp_path, limits)
    await contacts.start()
    async with office.doors(contacts.router()) as contacts.doors:
        guest, full = await contacts.visitor(), await contacts.visitor()
        for _ in range(2):
            client_id = uuid4()
            assert (await contacts.sends(guest, PICTURE, client_id=client_id)).status_code == 201
        again = await contacts.sends(guest, PICTURE, client_id=client_id)
        assert again.status_code == 200, "the answer was lost, the file was not"
        refused = await contacts.sends(guest, PICTURE)
        assert (refused.status_code, code_of(refused)) == (409, "conversation-files-full")
        assert (await contacts.sends(full, VOICE)).status_code == 201
        refused = await contacts.sends(full, VOICE + VOICE)
        assert (refused.status_code, code_of(refused)) == (409, "conversation-files-full")
    assert len(contacts.on_disk()) == 3
    await contacts.stop()


async def test_what_no_message_carries_is_tidied(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    await contacts.sends(guest, PICTURE)
    [known] = contacts.on_disk()
    orphan, young = new_id(), new_id()
    for file_id in (orphan, young):
        async with contacts.store.incoming(guest.tenant_id, file_id) as incoming:
            await incoming.write(b"left by a crash")
            await incoming.keep()
    long_ago = time.time() - 7200
    for found in contacts.files.rglob("*.sealed"):
        if found.stem != str(young):
            os.utime(found, (long_ago, long_ago))
    await contacts.jobs.run_due()
    assert contacts.on_disk() == sorted([known, f"{young}.sealed"])


async def test_files_go_with_their_conversation(contacts: Contacts) -> None:
    guest, other = await contacts.visitor(), await contacts.visitor()
    gone, stays = (await contacts.sends(guest, PICTURE)).json(), (await contacts.sends(other, PICTURE)).json()
    path = await contacts.link(guest, gone)
    async with contacts.database.transaction(guest.tenant_id) as tx:
        assert await contacts.conversations.remove_files(tx, [UUID(gone["conversation_id"])]) == 1
    assert (await contacts.serves(None, path)).status_code == 404
    assert (await contacts.serves(None, await contacts.link(other, stays))).status_code == 200
    long_ago = time.time() - 7200
    for found in contacts.files.rglob("*.sealed"):
        os.utime(found, (long_ago, long_ago))
    await contacts.jobs.run_due()
    assert contacts.on_disk() == [f"{stays['attachment']['id']}.sealed"]


async def test_a_store_that_fails_is_said_and_nothing_is_stored(
    contacts: Contacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = await contacts.visitor()
    path = await contacts.link(guest, (await contacts.sends(guest, PICTURE)).json())
    for found in contacts.files.rglob("*.sealed"):
        found.write_bytes(b"rotten")
    lost = await contacts.serves(None, path)
    assert (lost.status_code, code_of(lost)) == (503, "files-unavailable")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    refused = await contacts.sends(guest, PICTURE)
    assert (refused.status_code, code_of(refused)) == (503, "files-unavailable")
    assert (await contacts.doors.get(guest, "/visitor/conversation")).json()["last_seq"] == 1
