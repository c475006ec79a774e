"""From the key to the agent's voice, heard on both sides: what is said, what is not, and when."""

import asyncio
import io
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from careline import bootstrap
from careline.bootstrap import Careline
from careline.infra.settings.settings import Settings
from careline.kernel.clock import Clock
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony.views import RecordingView
from tests.e2e.running import NUMBER
from tests.support.waiting import until
from tests.voice.support.application import demo_with_voice, plug_in, ready_agent, server_of
from tests.voice.support.phone import Phone
from tests.voice.support.tones import loudest, loudness_of, read_wav, tone, write_wav

pytestmark = pytest.mark.voice

AGENT = "8025"
CALLER = "16036419034"
ANNOUNCED_HZ, WORDS_HZ, OTHER_HZ, CALLER_HZ, AGENT_HZ = 500, 700, 900, 1100, 1300
TONES = (ANNOUNCED_HZ, WORDS_HZ, OTHER_HZ, CALLER_HZ, AGENT_HZ)
ANNOUNCED_S, WORDS_S = 1.0, 24.0
AT_ONCE_S = 8.0
TENTH = 800
"""Samples of a tenth of a second."""


class Tones:
    """Speaks in tones that can be told apart: the announcement of recording, the words before a person, all other."""

    voices = ("tones",)
    failing = ()

    def __init__(self, settings: Settings, _clock: Clock) -> None:
        self._folder = settings.data / "prompts"

    def speaks(self, _language: str) -> bool:
        return True

    async def render(self, text: str, _language: str) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        if "录音" in text:
            return write_wav(self._folder / "announced.wav", tone(ANNOUNCED_HZ, ANNOUNCED_S))
        if "正在为您转接" in text:
            return write_wav(self._folder / "words.wav", tone(WORDS_HZ, WORDS_S))
        return write_wav(self._folder / "other.wav", tone(OTHER_HZ, 0.5))

    async def close(self) -> None:
        pass


@pytest.fixture
async def careline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Careline]:
    monkeypatch.setattr(bootstrap, "prompts_of", Tones)
    async with demo_with_voice(tmp_path) as careline:
        yield careline


async def test_an_agent_is_rung_while_the_caller_is_told_and_cuts_it_short(careline: Careline) -> None:
    tenant_id, agent = await ready_agent(careline, AGENT)
    server = server_of(careline)
    async with (
        Phone(server, name="caller", hertz=CALLER_HZ) as caller,
        Phone(server, name=agent.endpoint, hertz=AGENT_HZ) as phone,
    ):
        await caller.open()
        await phone.open()
        await plug_in(careline, agent.endpoint, phone)
        await choose_a_person(caller)
        pressed = time.monotonic()
        ring = await phone.rings(AT_ONCE_S)
        await hears(caller, WORDS_HZ)
        assert time.monotonic() - pressed < WORDS_S / 2, "the words are still being said"
        call_id = UUID(ring.call_ref)
        assert await careline.telephony.facade.recordings(tenant_id, call_id) == []

        await phone.answer()
        await hears(caller, AGENT_HZ)
        talk_began = len(caller.voice.heard)
        await asyncio.sleep(1.5)
        assert time.monotonic() - pressed < WORDS_S, "the words would still be said"
        assert only(AGENT_HZ, caller.voice.heard[talk_began:])
        assert only(CALLER_HZ, phone.voice.heard[-8 * TENTH :])
        await caller.hang_up()
        await phone.until_over()

        told = sum(loudest(part, TONES) == ANNOUNCED_HZ for part in tenths(caller.voice.heard))
        assert told >= 10 * ANNOUNCED_S - 2, "the announcement of recording is heard to its end"
        left, right = await channels(careline, tenant_id, await the_recording(careline, tenant_id, call_id))
        assert only(CALLER_HZ, left[TENTH:])
        assert only(AGENT_HZ, right[2 * TENTH :])


async def choose_a_person(caller: Phone) -> None:
    """Call, listen until recording was announced, and press the key."""
    await caller.dial(NUMBER, caller_number=CALLER)
    await caller.until_status(200)
    await hears(caller, OTHER_HZ, within=ANNOUNCED_S + AT_ONCE_S)
    await caller.press("2")


async def hears(phone: Phone, hertz: float, *, within: float = AT_ONCE_S) -> None:
    """Until a tone is what is heard."""
    await until(lambda: loudest(phone.voice.heard[-TENTH:], TONES) == hertz, f"{hertz} Hz", within=within)


def tenths(samples: list[int]) -> list[list[int]]:
    """Tenths of a second."""
    return [samples[at : at + TENTH] for at in range(0, len(samples) - TENTH + 1, TENTH)]


def only(hertz: float, samples: list[int]) -> bool:
    """Whether each tenth of a second holds this tone and no other."""
    parts = tenths(samples)
    others = [other for other in TONES if other != hertz]
    return bool(parts) and all(
        loudness_of(part, hertz) > 0.1 and max(loudness_of(part, other) for other in others) < 0.03 for part in parts
    )


async def the_recording(careline: Careline, tenant_id: TenantId, call_id: UUID) -> RecordingView:
    """Once it is complete."""

    async def done() -> list[RecordingView]:
        found = await careline.telephony.facade.recordings(tenant_id, call_id)
        return [one for one in found if one.state == "done"]

    [recording] = await until(done, "recording")
    assert isinstance(recording, RecordingView)
    return recording


async def channels(careline: Careline, tenant_id: TenantId, recording: RecordingView) -> list[list[int]]:
    """What both said, out of the sealed file."""
    size = await careline.vault.size(tenant_id, recording.id)
    assert size is not None
    parts = [part async for part in careline.vault.read(tenant_id, recording.id, start=0, length=size)]
    return read_wav(io.BytesIO(b"".join(parts)))
