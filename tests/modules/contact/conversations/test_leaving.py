"""A customer leaves the device at the worst moment: nobody is offered a chat that nobody is in."""

from uuid import UUID

import pytest

from careline.infra.http import Visitor
from careline.kernel.errors import NotSignedIn
from careline.kernel.ids import new_id
from careline.modules.contact.conversations.views import EndedBy
from tests.support.contacts import Contacts
from tests.support.pictures import png


async def test_what_was_said_while_they_left_is_ended_with_the_rest(
    contacts: Contacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = await contacts.visitor()
    chats: list[dict[str, str]] = []
    visitors = contacts.conversations._visitors
    revoke = visitors.revoke

    async def says_first(visitor: Visitor) -> None:
        chats.append((await contacts.says(guest, "宽带断了")).json())
        await revoke(visitor)

    monkeypatch.setattr(visitors, "revoke", says_first)
    assert (await contacts.doors.post(guest, "/visitor/leave", None)).status_code == 204
    await contacts.settled()
    assert (await contacts.interaction(UUID(chats[0]["interaction_id"]))).ended_by is EndedBy.CUSTOMER


@pytest.mark.parametrize("talked", [False, True])
async def test_what_was_on_its_way_opens_no_chat(contacts: Contacts, talked: bool) -> None:
    conversations, guest = contacts.conversations, await contacts.visitor()
    if talked:
        await contacts.opened(guest)
        await contacts.doors.post(guest, "/visitor/end", None)
        await contacts.settled()
    record = await conversations._visitors.record(guest)
    assert (await contacts.doors.post(guest, "/visitor/leave", None)).status_code == 204
    with pytest.raises(NotSignedIn):
        await conversations._messages.from_visitor(record, new_id(), "还在吗")


async def test_a_chat_ends_although_the_process_died_in_between(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    chat = await contacts.chat(agent, guest)
    await contacts.conversations._visitors.revoke(guest)  # and nothing after it
    await contacts.settled()
    assert (await contacts.interaction(chat.id)).ended_by is EndedBy.CUSTOMER


async def test_links_to_their_files_end_as_well(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    await contacts.chat(agent, guest)
    path = await contacts.link(guest, (await contacts.sends(guest, png(3, 3))).json())
    opened = await contacts.serves(None, path)
    assert (opened.status_code, opened.headers["cache-control"]) == (200, "no-store")
    assert (await contacts.doors.post(guest, "/visitor/leave", None)).status_code == 204
    assert (await contacts.serves(None, path)).status_code == 404
