"""Who hears whom, and what stands in a recording: told by tones."""

import asyncio
from pathlib import Path

import pytest

from careline.kernel.ids import new_id
from careline.modules.contact.telephony.ports import BridgeId, PlaybackId, RecordingSpec
from tests.support.waiting import until
from tests.voice.support.phone import Phone
from tests.voice.support.tones import loudest, loudness_of, read_wav, tone, write_wav
from tests.voice.support.world import MUSIC_HZ, RealWorld

pytestmark = pytest.mark.voice

CALLER_HZ, AGENT_HZ, PROMPT_HZ = 440, 1000, 700
HERTZ = (CALLER_HZ, AGENT_HZ)
TONES = (CALLER_HZ, AGENT_HZ, PROMPT_HZ)
SECOND = 8000


async def test_caller_and_agent_hear_each_other_and_nothing_else(real_world: RealWorld) -> None:
    caller, _, agent, _ = await real_world.talk("agent-1", hertz=HERTZ)

    await until(lambda: loudest(caller.voice.heard[-SECOND // 2 :], TONES) == AGENT_HZ, "agent's voice")
    await until(lambda: loudest(agent.voice.heard[-SECOND // 2 :], TONES) == CALLER_HZ, "caller's voice")
    await asyncio.sleep(0.6)

    assert loudness_of(caller.voice.heard[-SECOND // 2 :], CALLER_HZ) < 0.02


async def test_the_recording_of_a_talk_has_the_caller_left_and_the_agent_right(real_world: RealWorld) -> None:
    _, leg, _, _ = await real_world.talk("agent-2", hertz=HERTZ)
    spec = RecordingSpec(recording_id=new_id(), leg=leg, path=real_world.folder / "talk.wav")
    began = now()
    await real_world.engine.start_recording(spec)
    runs = now()
    await asyncio.sleep(2.0)

    ends = now()
    await real_world.engine.stop_recording(spec.recording_id, leg)
    await real_world.engine.recording_finished(spec.recording_id)

    left, right = read_wav(spec.path)
    assert ends - runs - 0.3 < len(left) / SECOND < now() - began + 0.3
    middle = slice(SECOND // 2, SECOND * 3 // 2)
    assert loudness_of(left[middle], CALLER_HZ) > 0.3
    assert loudness_of(left[middle], AGENT_HZ) < 0.02
    assert loudness_of(right[middle], AGENT_HZ) > 0.3
    assert loudness_of(right[middle], CALLER_HZ) < 0.02
    assert leftovers(real_world) == []


async def test_who_is_set_aside_hears_music_alone_and_is_recorded_on(real_world: RealWorld) -> None:
    caller, leg, agent, _ = await real_world.talk("agent-9", hertz=HERTZ)
    spec = RecordingSpec(recording_id=new_id(), leg=leg, path=real_world.folder / "talk.wav")
    await until(lambda: loudest(agent.voice.heard[-SECOND // 2 :], TONES) == CALLER_HZ, "caller's voice")
    await real_world.engine.start_recording(spec)

    bridge = BridgeId(f"bridge-{leg}")
    await real_world.engine.set_aside(bridge, leg)

    await until(lambda: loudest(caller.voice.heard[-SECOND // 2 :], (*TONES, MUSIC_HZ)) == MUSIC_HZ, "music")
    agent.voice.heard.clear()
    await asyncio.sleep(1.5)
    assert loudness_of(agent.voice.heard, CALLER_HZ) < 0.02, "the agent hears the caller"
    assert loudness_of(caller.voice.heard[-SECOND // 2 :], AGENT_HZ) < 0.02, "the caller hears the agent"
    await real_world.engine.join(bridge, [leg])
    await until(lambda: loudest(caller.voice.heard[-SECOND // 2 :], (*TONES, MUSIC_HZ)) == AGENT_HZ, "agent's voice")
    await until(lambda: loudest(agent.voice.heard[-SECOND // 2 :], TONES) == CALLER_HZ, "caller's voice")
    await real_world.engine.stop_recording(spec.recording_id, leg)
    await real_world.engine.recording_finished(spec.recording_id)
    left, right = read_wav(spec.path)
    assert loudness_of(left[SECOND // 2 : SECOND * 3 // 2], CALLER_HZ) > 0.3, "what the caller said on hold"
    heard = loudest(right[SECOND // 2 : SECOND * 3 // 2], (*TONES, MUSIC_HZ))
    assert heard == MUSIC_HZ, "what the caller heard on hold"


async def test_a_recording_holds_what_was_said_until_the_caller_hung_up(real_world: RealWorld) -> None:
    caller, leg, _, _ = await real_world.talk("agent-3", hertz=HERTZ)
    spec = RecordingSpec(recording_id=new_id(), leg=leg, path=real_world.folder / "talk.wav")
    began = now()
    await real_world.engine.start_recording(spec)
    runs = now()
    await asyncio.sleep(1.5)

    ends = now()
    await caller.hang_up()
    await real_world.heard.wait("leg_ended", leg)
    over = now()
    await real_world.engine.stop_recording(spec.recording_id, leg)
    await real_world.engine.recording_finished(spec.recording_id)

    left, right = read_wav(spec.path)
    assert ends - runs - 0.3 < len(left) / SECOND < over - began + 0.3
    assert loudest(left, TONES) == CALLER_HZ
    assert loudest(right, TONES) == AGENT_HZ
    assert leftovers(real_world) == []


async def test_a_recording_goes_on_over_a_restart_of_the_application(real_world: RealWorld) -> None:
    _, leg, _, _ = await real_world.talk("agent-4", hertz=HERTZ)
    spec = RecordingSpec(recording_id=new_id(), leg=leg, path=real_world.folder / "talk.wav")
    await real_world.engine.start_recording(spec)
    runs = now()
    await asyncio.sleep(0.5)

    await real_world.restart()
    await asyncio.sleep(0.5)
    ends = now()
    await real_world.engine.stop_recording(spec.recording_id, leg)
    await real_world.engine.recording_finished(spec.recording_id)

    left, _ = read_wav(spec.path)
    assert len(left) / SECOND > ends - runs - 0.3


async def test_a_recording_that_was_cut_off_is_finished_when_we_are_back(real_world: RealWorld) -> None:
    caller, leg, _, _ = await real_world.talk("agent-5", hertz=HERTZ)
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
    caller, leg = await real_world.answered()
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
    await until(lambda: is_silent(caller), "silence")


async def test_a_sound_that_is_not_there_ends_uncompleted(real_world: RealWorld) -> None:
    _, leg = await real_world.answered()

    await real_world.engine.play(leg, PlaybackId("none"), [real_world.folder / "nothing.wav"])

    assert (await real_world.heard.wait("playback_ended", leg)).detail == (PlaybackId("none"), False)


async def test_music_plays_until_the_caller_is_joined(real_world: RealWorld) -> None:
    caller, leg = await real_world.answered()

    await real_world.engine.start_music(leg)
    await until(lambda: loudest(caller.voice.heard[-SECOND // 4 :], (*TONES, MUSIC_HZ)) == MUSIC_HZ, "music")
    await asyncio.sleep(0.6)
    assert loudest(caller.voice.heard[-SECOND // 4 :], (*TONES, MUSIC_HZ)) == MUSIC_HZ
    await real_world.engine.stop_music(leg)
    await until(lambda: is_silent(caller), "silence")


def now() -> float:
    """Seconds of a clock that only goes on."""
    return asyncio.get_running_loop().time()


async def is_silent(phone: Phone) -> bool:
    """Whether nothing comes to a phone for a while; one packet may still have been on its way."""
    before = phone.voice.packets
    await asyncio.sleep(0.3)
    return phone.voice.packets - before <= 1


def leftovers(world: RealWorld) -> list[Path]:
    return list((world.node.ready.folder / "recordings").iterdir())
