"""While everything is late no new chat begins, and those that have begun go on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.contacts import Contacts
from tests.support.office import Office


@pytest.fixture
async def contacts(office: Office, tmp_path: Path) -> AsyncIterator[Contacts]:
    contacts = Contacts(office, tmp_path)
    async with office.doors(contacts.module.router()) as doors:
        contacts.doors = doors
        await contacts.start()
        yield contacts
        await contacts.stop()


async def test_a_new_chat_is_refused_for_a_while_and_one_that_goes_on_is_not(contacts: Contacts) -> None:
    inside, newcomer = await contacts.visitor(), await contacts.visitor(name="刚来")
    await contacts.opened(inside)
    contacts.load.is_high = True
    commits = contacts.database.commits
    refused = await contacts.says(newcomer, "有人吗")
    assert contacts.database.commits == commits
    said = await contacts.says(inside, "还在吗")

    assert refused.status_code == 503
    assert refused.json()["code"] == "overloaded"
    assert refused.headers["Retry-After"] == "10"
    assert said.status_code == 201
    assert contacts.load.turned_away == 1
    waiting = (await contacts.doors.get(newcomer, "/visitor/conversation")).json()
    assert waiting["interaction_id"] is None
    contacts.load.is_high = False
    assert (await contacts.says(newcomer, "有人吗")).status_code == 201


async def test_who_comes_again_after_their_chat_ended_is_refused(contacts: Contacts) -> None:
    guest = await contacts.visitor()
    await contacts.opened(guest)
    assert (await contacts.doors.post(guest, "/visitor/end", None)).status_code == 204
    await contacts.settled()
    contacts.load.is_high = True

    assert (await contacts.says(guest, "还有一件事")).status_code == 503
