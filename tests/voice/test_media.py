"""Who hears whom, and what stands in a recording: told by tones."""

import asyncio
from pathlib import Path

import pytest

from careline.kernel.ids import new_id
from careline.modules.contact.telephony.ports import AgentDial, BridgeId, LegId, PlaybackId, RecordingSpec
from tests.voice.support.phone import Phone
from tests.voice.support.tones import loudest, loudness_of, read_wav, tone, write_wav
from tests.voice.support.world import MUSIC_HZ, RealWorld

pytestmark = pytest.mark.voice

CALLER_HZ, AGENT_HZ, PROMPT_HZ = 440, 1000, 700
TONES = (CALLER_HZ, AGENT_HZ, PROMPT_HZ)
SECOND = 8000


def dial(caller: LegId, endpoint: str) -> AgentDial:
    return AgentDial(
        leg=LegId(str(new_id())),
        endpoint=endpoint,
        caller_leg=caller,
        caller_number="138****8000",
        caller_name="客户",
        call_ref=str(new_id()),
        ring_seconds=20,
    )


async def talk(world: RealWorld, endpoint: str) -> tuple[Phone, Phone, LegId, LegId]:
    """A caller and an agent who talk."""
    agent = await world.agent(endpoint, hertz=AGENT_HZ)
    caller = await world.caller(hertz=CALLER_HZ)
    leg = world.heard.calls[-1].leg
    await world.engine.answer(leg)
    await caller.until_status(200)
    ask = dial(leg, endpoint)
    await world.engine.dial_agent(ask)
    await agent.rings()
    await agent.answer()
    await world.heard.wait("leg_answered", ask.leg)
    await world.engine.join(BridgeId(f"bridge-{leg}"), [leg, ask.leg])
    return caller, agent, leg, ask.leg


async def test_caller_and_agent_hear_each_other_and_nothing_else(real_world: RealWorld) -> None:
    caller, agent, _, _ = await talk(real_world, "agent-1")

    await asyncio.sleep(1.2)

    assert loudest(caller.voice.heard[-SECOND // 2 :], TONES) == AGENT_HZ
    assert loudest(agent.voice.heard[-SECOND // 2 :], TONES) == CALLER_HZ
    assert loudness_of(caller.voice.heard[-SECOND // 2 :], CALLER_HZ) < 0.02


async def test_the_recording_of_a_talk_has_the_caller_left_and_the_agent_right(real_world: RealWorld) -> None:
    _, _, leg, _ = await talk(real_world, "agent-2")
    spec = RecordingSpec(recording_id=new_id(), leg=leg, path=real_world.folder / "talk.wav")
    await real_world.engine.start_recording(spec)
    await asyncio.sleep(2.0)

    await real_world.engine.stop_recording(spec.recording_id, leg)

    left, right = read_wav(spec.path)
    assert abs(len(left) / SECOND - 2.0) < 0.3
    middle = slice(SECOND // 2, SECOND * 3 // 2)
    assert loudness_of(left[middle], CALLER_HZ) > 0.3
    assert loudness_of(left[middle], AGENT_HZ) < 0.02
    assert loudness_of(right[middle], AGENT_HZ) > 0.3
    assert loudness_of(right[middle], CALLER_HZ) < 0.02
    assert leftovers(real_world) == []


async def test_a_recording_holds_what_was_said_until_the_caller_hung_up(real_world: RealWorld) -> None:
    caller, _, leg, _ = await talk(real_world, "agent-3")
    spec = RecordingSpec(recording_id=new_id(), leg=leg, path=real_world.folder / "talk.wav")
    await real_world.engine.start_recording(spec)
    await asyncio.sleep(1.5)

    await caller.hang_up()
    await real_world.heard.wait("leg_ended", leg)
    await real_world.engine.stop_recording(spec.recording_id, leg)

    left, right = read_wav(spec.path)
    assert abs(len(left) / SECOND - 1.5) < 0.3
    assert loudest(left, TONES) == CALLER_HZ
    assert loudest(right, TONES) == AGENT_HZ
    assert leftovers(real_world) == []


async def test_a_recording_goes_on_over_a_restart_of_the_application(real_world: RealWorld) -> None:
    _, _, leg, _ = await talk(real_world, "agent-4")
    spec = RecordingSpec(recording_id=new_id(), leg=leg, path=real_world.folder / "talk.wav")
    await real_world.engine.start_recording(spec)
    await asyncio.sleep(0.5)

    await real_world.restart()
    await asyncio.sleep(0.5)
    await real_world.engine.stop_recording(spec.recording_id, leg)

    left, _ = read_wav(spec.path)
    assert len(left) / SECOND > 1.0


async def test_a_recording_that_was_cut_off_is_finished_when_we_are_back(real_world: RealWorld) -> None:
    caller, _, leg, _ = await talk(real_world, "agent-5")
    spec = RecordingSpec(recording_id=new_id(), leg=leg, path=real_world.folder / "talk.wav")
    await real_world.engine.start_recording(spec)
    await asyncio.sleep(1.0)
    await real_world.engine.close()

    await caller.hang_up()
    await asyncio.sleep(0.2)
    await real_world.restart()

    await real_world.heard.until(spec.path.exists, "recording")
    left, right = read_wav(spec.path)
    assert (loudest(left, TONES), loudest(right, TONES)) == (CALLER_HZ, AGENT_HZ)


async def test_a_caller_hears_the_sounds_one_after_another_and_then_silence(real_world: RealWorld) -> None:
    caller = await real_world.caller()
    leg = real_world.heard.calls[-1].leg
    await real_world.engine.answer(leg)
    sounds = [
        write_wav(real_world.folder / "first.wav", tone(PROMPT_HZ, 0.5)),
        write_wav(real_world.folder / "second.wav", tone(AGENT_HZ, 0.5)),
    ]

    await real_world.engine.play(leg, PlaybackId("two"), sounds)
    await real_world.heard.wait("playback_ended", leg)

    heard = caller.voice.heard
    middle = len(heard) // 2
    assert loudest(heard[:middle], TONES) == PROMPT_HZ
    assert loudest(heard[middle:], TONES) == AGENT_HZ
    before = caller.voice.packets
    await asyncio.sleep(0.3)
    assert caller.voice.packets - before <= 1


async def test_a_sound_that_is_not_there_ends_uncompleted(real_world: RealWorld) -> None:
    await real_world.caller()
    leg = real_world.heard.calls[-1].leg
    await real_world.engine.answer(leg)

    await real_world.engine.play(leg, PlaybackId("none"), [real_world.folder / "nothing.wav"])

    assert (await real_world.heard.wait("playback_ended", leg)).detail == (PlaybackId("none"), False)


async def test_music_plays_until_the_caller_is_joined(real_world: RealWorld) -> None:
    caller = await real_world.caller()
    leg = real_world.heard.calls[-1].leg
    await real_world.engine.answer(leg)

    await real_world.engine.start_music(leg)
    await asyncio.sleep(1.0)

    assert loudest(caller.voice.heard[-SECOND // 4 :], (*TONES, MUSIC_HZ)) == MUSIC_HZ
    await real_world.engine.stop_music(leg)
    await asyncio.sleep(0.1)
    before = caller.voice.packets
    await asyncio.sleep(0.3)
    assert caller.voice.packets - before <= 1


def leftovers(world: RealWorld) -> list[Path]:
    return list((world.node.ready.folder / "recordings").iterdir())
