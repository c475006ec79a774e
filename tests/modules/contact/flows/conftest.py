"""Flows over contacts: the test speaks for the machine."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from careline.kernel.errors import PermanentFailure
from careline.modules.contact.flows import wiring
from tests.support.contacts import Contacts
from tests.support.office import Office


class Spoken:
    """Speech whose sounds are named by what they say. It cannot say what is ``dumb``; ``slow`` waits to be told."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.dumb: set[str] = set()
        self.slow: dict[str, asyncio.Event] = {}

    async def render(self, text: str, language: str) -> Path:
        if text in self.dumb:
            raise PermanentFailure(f"no voice for {text} in {language}")
        if text in self.slow:
            await self.slow[text].wait()
        return self._folder / f"{text}.wav"


@pytest.fixture
def speech(tmp_path: Path) -> Spoken:
    return Spoken(tmp_path)


@pytest.fixture
async def contacts(office: Office, tmp_path: Path) -> AsyncIterator[Contacts]:
    contacts = Contacts(office, tmp_path)
    async with office.doors(contacts.module.router()) as doors:
        contacts.doors = doors
        yield contacts


@pytest.fixture
async def flows(contacts: Contacts, speech: Spoken) -> AsyncIterator[wiring.FlowsModule]:
    office = contacts.office
    below = wiring.Below(
        contacts.conversations, contacts.calls.facade, contacts.routing, office.customers, office.identity
    )
    module = wiring.build(contacts.database, contacts.bus, contacts.jobs, contacts.clock, below, speech, handlers={})
    await contacts.start()
    yield module
    await module.facade.stop()
    await contacts.stop()
