"""Flows over contacts: the test speaks for the machine."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from careline.infra.sealing import Sealing
from careline.kernel.errors import AdapterFailure, PermanentFailure
from careline.modules.contact.flows import wiring
from careline.modules.contact.flows.ports import Question, Reply
from tests.support.contacts import Contacts
from tests.support.office import Office


class Spoken:
    """Speech whose sounds are named by what they say. It cannot say what is ``dumb``; ``slow`` waits to be told."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.dumb: set[str] = set()
        self.slow: dict[str, asyncio.Event] = {}
        self.read: list[tuple[str, str]] = []

    def speaks(self, language: str) -> bool:
        return language.partition("-")[0] in ("zh", "en")

    async def render(self, text: str, language: str) -> Path:
        self.read.append((str(text), language))
        if text in self.dumb:
            raise PermanentFailure(f"no voice for {text} in {language}")
        if text in self.slow:
            await self.slow[text].wait()
        return self._folder / f"{text}.wav"


class Systems:
    """Business systems that answer what the test says, and remember what they were asked."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.answers: list[Reply | AdapterFailure] = []

    def may_be_asked(self, url: str) -> bool:
        return url.startswith("https://bss.example.com")

    async def ask(self, question: Question) -> Reply:
        self.asked.append(question)
        answer = self.answers.pop(0)
        if isinstance(answer, AdapterFailure):
            raise answer
        return answer


@pytest.fixture
def systems() -> Systems:
    return Systems()


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
async def flows(
    contacts: Contacts, speech: Spoken, systems: Systems, tmp_path: Path
) -> AsyncIterator[wiring.FlowsModule]:
    office = contacts.office
    below = wiring.Below(
        contacts.conversations,
        contacts.calls.facade,
        contacts.routing,
        office.customers,
        office.identity,
        office.hours,
    )
    outside = wiring.Outside(speech=speech, systems=systems, sealing=Sealing(tmp_path / "seal.key"))
    module = wiring.build(contacts.database, contacts.bus, contacts.jobs, contacts.clock, below, outside, handlers={})
    await contacts.start()
    yield module
    await module.facade.stop()
    await contacts.stop()
