"""What a caller hears between the last key and an agent's voice."""

import asyncio
from uuid import UUID

import pytest

from careline.kernel.tenancy import system_actor
from careline.modules.contact.flows import wiring
from tests.modules.contact.flows.conftest import Spoken
from tests.modules.contact.flows.test_language import hotline
from tests.support.contacts import Contacts
from tests.support.fake_voice import FakeCaller, FakePhone
from tests.support.waiting import until

ANNOUNCED, MENU, WORDS = "通话将被录音", "人工请按零", "正在为您转接"


class Called:
    """One caller of a hotline that says some words to who has asked for a person."""

    caller: FakeCaller
    call_id: UUID
    phone: FakePhone

    def __init__(self, contacts: Contacts) -> None:
        self._contacts = contacts

    async def arrive(self) -> None:
        self.phone = await self._contacts.phone_of(await self._contacts.agent())
        self._contacts.voice.hold_playbacks = True
        self.caller, interaction = await self._contacts.call("13812346021")
        self.call_id = interaction.id
        await self.hears(ANNOUNCED)

    async def hears(self, sound: str) -> None:
        await until(lambda: self.caller.heard[-1:] == [sound], sound)

    async def listens(self) -> None:
        """To the end of what is played."""
        self._contacts.voice.finish_playbacks(self.caller.leg)
        await self._contacts.settled()

    async def chooses_a_person(self) -> None:
        await self.listens()
        await self.hears(MENU)
        await self.caller.press("0")

    async def recordings(self) -> int:
        return len(await self._contacts.calls.facade.recordings(self._contacts.office.tenant.id, self.call_id))

    async def talks(self) -> None:
        await self._contacts.settled()
        assert self.caller.talks_to
        assert not self.caller.music


@pytest.fixture
async def called(contacts: Contacts, flows: wiring.FlowsModule) -> Called:
    definition = hotline()
    definition["steps"]["person"]["text"] = {"zh-CN": WORDS}
    actor = system_actor(contacts.office.tenant.id)
    await flows.facade.create(actor, "hotline", "热线", definition)
    await flows.facade.publish(actor, "hotline")
    called = Called(contacts)
    await called.arrive()
    return called


async def test_recording_is_announced_to_the_end_before_anything_else(called: Called) -> None:
    await called.caller.press("0")
    assert called.caller.heard == [ANNOUNCED]
    assert called.phone.ringing is None
    await called.listens()
    await called.phone.rings()
    assert await called.recordings() == 0


async def test_a_phone_rings_while_the_caller_is_told_and_then_they_hear_music(called: Called) -> None:
    await called.chooses_a_person()
    await called.phone.rings()
    await called.hears(WORDS)
    assert not called.caller.music
    await called.listens()
    await until(lambda: called.caller.music, "music")
    await called.phone.answer()
    await called.talks()


async def test_an_agent_who_answers_cuts_the_words_short_and_nothing_is_played_into_the_talk(
    contacts: Contacts, called: Called
) -> None:
    await called.chooses_a_person()
    await called.phone.rings()
    await called.hears(WORDS)
    await called.phone.answer()
    await called.talks()
    assert await called.recordings() == 1
    assert contacts.voice.legs[called.caller.leg].commands[-2:] == ["join", "start_recording"]
    assert called.caller.heard == [ANNOUNCED, MENU, WORDS]


async def test_words_that_are_ready_too_late_are_not_said(contacts: Contacts, called: Called, speech: Spoken) -> None:
    ready = speech.slow[WORDS] = asyncio.Event()
    await called.chooses_a_person()
    await called.phone.rings()
    await called.phone.answer()
    ready.set()
    await called.talks()
    assert called.caller.heard == [ANNOUNCED, MENU]
    await called.phone.hang_up()
    await until(lambda: called.caller.ended, "end of the flow")


async def test_words_that_cannot_be_said_cost_no_place(called: Called, speech: Spoken) -> None:
    speech.dumb.add(WORDS)
    await called.chooses_a_person()
    await called.phone.rings()
    await until(lambda: called.caller.music, "music")
    await called.phone.answer()
    await called.talks()


async def test_a_caller_who_leaves_while_being_told_rings_nowhere(contacts: Contacts, called: Called) -> None:
    await called.chooses_a_person()
    await called.phone.rings()
    await called.hears(WORDS)
    await called.caller.hang_up()
    await contacts.settled()
    assert called.phone.ringing is None
