"""Two at once, and an end in the middle: nothing is lost, nobody stays where they should have gone."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from contextvars import Context
from typing import Any
from uuid import uuid4

import pytest

from careline.kernel.errors import Conflict
from careline.kernel.events import Recorded
from careline.modules.contact.conversations.repository import interactions
from careline.modules.contact.conversations.services import participants
from careline.modules.contact.conversations.states import ParticipantRole
from careline.modules.contact.conversations.views import InteractionView
from tests.support.contacts import Contacts
from tests.support.pictures import png


async def test_who_comes_while_the_chat_ends_is_not_in_the_next_one(
    contacts: Contacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    other = await contacts.agent(name="李娜")
    chat = await contacts.chat(agent, guest)
    assert other.id is not None

    async def ended_meanwhile(tx: Any, interaction_id: Any) -> InteractionView | None:
        if tx.dialect == "postgresql":  # on SQLite there is one writer, and nobody comes between
            monkeypatch.undo()
            ending = contacts.doors.post(guest, "/visitor/end", None)
            assert (await asyncio.create_task(ending, context=Context())).status_code == 204
        return await interactions.find_locked(tx, interaction_id)

    class Instead:
        find_locked = staticmethod(ended_meanwhile)

        def __getattr__(self, name: str) -> object:
            return getattr(interactions, name)

    monkeypatch.setattr(participants, "interactions", Instead())
    with suppress(Conflict):
        await contacts.conversations.bring(agent, chat.conversation_id, other.id, ParticipantRole.CONSULTANT)
    await contacts.settled()
    await contacts.doors.post(guest, "/visitor/end", None)
    await contacts.settled()
    there = await contacts.conversations.participants(agent.tenant_id, chat.conversation_id)
    assert [one.user_id for one in there] == []


async def test_a_file_stays_when_its_sender_is_cut_off_as_the_message_is_stored(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    await contacts.opened(guest)
    sending = asyncio.create_task(contacts.sends(guest, png(40, 30)))

    def cut(facts: Sequence[Recorded]) -> None:
        sending.cancel()
        contacts.bus.publish(facts)

    contacts.database.on_committed(cut)
    with suppress(asyncio.CancelledError):
        await sending
    contacts.database.on_committed(contacts.bus.publish)
    await contacts.settled()
    heard = (await contacts.doors.get(guest, "/visitor/messages")).json()["items"]
    assert heard[-1]["kind"] == "picture", "it was stored"
    assert (await contacts.serves(None, await contacts.link(guest, heard[-1]))).content == png(40, 30)


async def test_what_was_stored_is_answered_again_also_when_nothing_more_fits(contacts: Contacts) -> None:
    agent, guest, client_id = await contacts.agent(), await contacts.visitor(), uuid4()
    chat = await contacts.chat(agent, guest)
    note = {"client_id": str(client_id), "text": "核对过身份", "mentions": []}
    path = f"/conversations/{chat.conversation_id}/notes"
    first = await contacts.doors.post(agent, path, note)
    await contacts.doors.post(guest, "/visitor/end", None)
    await contacts.settled()
    await contacts.wraps_up(agent, chat)
    again = await contacts.doors.post(agent, path, note)
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
