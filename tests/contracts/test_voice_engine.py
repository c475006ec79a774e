"""What every ``VoiceEngine`` does: the fake that telephony is tested on, and Asterisk."""

import asyncio
import wave
from pathlib import Path

import pytest

from careline.kernel.errors import AdapterFailure
from careline.kernel.ids import new_id
from careline.modules.contact.telephony.ports import (
    AgentDial,
    BridgeId,
    EndCause,
    LegGone,
    LegRole,
    LegState,
    PlaybackId,
    RecordingSpec,
)
from tests.support.voice_world import Caller, Phone, VoiceWorld, dial, write_sound
from tests.support.waiting import PATIENCE_S


async def test_a_call_arrives_unanswered_with_both_numbers(world: VoiceWorld) -> None:
    caller = await world.call("10086", "13800138000")

    call = world.heard.calls[0]
    assert (call.leg, call.called_number, call.caller_number) == (caller.leg, "10086", "13800138000")
    assert call.arrived_at.tzinfo is not None
    (leg,) = (await world.engine.snapshot()).legs
    assert (leg.leg, leg.role, leg.state) == (caller.leg, LegRole.CALLER, LegState.SETUP)


async def test_a_caller_without_a_number_has_none(world: VoiceWorld) -> None:
    await world.call("10086", None)

    assert world.heard.calls[0].caller_number is None


async def test_answering_brings_the_leg_up(world: VoiceWorld) -> None:
    caller = await world.call("10086", "13800138000")

    await world.engine.answer(caller.leg)

    (leg,) = (await world.engine.snapshot()).legs
    assert leg.state is LegState.UP


async def test_sounds_play_to_their_end_once(world: VoiceWorld) -> None:
    caller = await answered(world)
    sounds = [write_sound(world.folder / name, 0.2) for name in ("one.wav", "two.wav")]

    await world.engine.play(caller.leg, PlaybackId("p1"), sounds)

    told = await world.heard.wait("playback_ended", caller.leg)
    assert told.detail == (PlaybackId("p1"), True)
    await asyncio.sleep(0.2)
    assert world.heard.kinds(caller.leg).count("playback_ended") == 1


async def test_a_stopped_playback_ends_once_and_is_not_completed(world: VoiceWorld) -> None:
    caller = await listening(world)

    await world.engine.stop_playback(PlaybackId("p1"))
    await world.engine.stop_playback(PlaybackId("p1"))

    told = await world.heard.wait("playback_ended", caller.leg)
    assert told.detail == (PlaybackId("p1"), False)
    await asyncio.sleep(0.2)
    assert world.heard.kinds(caller.leg).count("playback_ended") == 1


async def test_a_caller_who_leaves_in_a_prompt_ends_the_playback_first(world: VoiceWorld) -> None:
    caller = await listening(world)

    await caller.hang_up()

    await world.heard.wait("leg_ended", caller.leg)
    assert world.heard.kinds(caller.leg) == ["call_arrived", "playback_ended", "leg_ended"]
    assert world.heard.of(caller.leg)[1].detail == (PlaybackId("p1"), False)
    assert (await world.engine.snapshot()).legs == []


async def test_keys_come_in_order(world: VoiceWorld) -> None:
    caller = await answered(world)

    await caller.press("1090*#")

    await world.heard.wait("key_pressed", caller.leg, count=6)
    assert world.heard.keys(caller.leg) == "1090*#"


async def test_commands_for_a_caller_who_left_say_so(world: VoiceWorld) -> None:
    caller = await world.call("10086", "13800138000")
    await caller.hang_up()
    await world.heard.wait("leg_ended", caller.leg)
    sound = write_sound(world.folder / "one.wav", 0.1)

    with pytest.raises(LegGone):
        await world.engine.answer(caller.leg)
    with pytest.raises(LegGone):
        await world.engine.play(caller.leg, PlaybackId("p1"), [sound])
    with pytest.raises(LegGone):
        await world.engine.start_music(caller.leg)
    with pytest.raises(LegGone):
        await world.engine.join(BridgeId("b1"), [caller.leg])
    await world.engine.hang_up(caller.leg)

    assert world.heard.kinds(caller.leg) == ["call_arrived", "leg_ended"]


async def test_we_hang_up_and_the_end_is_told_once(world: VoiceWorld) -> None:
    caller = await answered(world)

    await world.engine.hang_up(caller.leg)

    await caller.until_ended()
    await world.heard.wait("leg_ended", caller.leg)
    assert world.heard.kinds(caller.leg) == ["call_arrived", "leg_ended"]


async def test_an_agent_is_rung_with_the_callers_name_and_the_reference(world: VoiceWorld) -> None:
    phone = await world.phone("agent-8021")
    caller = await answered(world)
    ask = dial(caller.leg, "agent-8021")

    await world.engine.dial_agent(ask)

    ring = await phone.rings()
    assert (ring.caller_number, ring.caller_name, ring.call_ref) == ("138****8000", "张先生", ask.call_ref)
    await world.heard.wait("leg_ringing", ask.leg)
    live = {leg.leg: leg for leg in (await world.engine.snapshot()).legs}
    assert live[ask.leg].role is LegRole.AGENT
    assert live[ask.leg].state is LegState.RINGING
    assert live[ask.leg].call_ref == ask.call_ref


async def test_an_agent_answers_and_both_are_joined(world: VoiceWorld) -> None:
    phone = await world.phone("agent-8021")
    caller = await answered(world)
    await world.engine.start_music(caller.leg)
    ask = dial(caller.leg, "agent-8021")
    await world.engine.dial_agent(ask)
    await phone.rings()

    await phone.answer()
    await world.heard.wait("leg_answered", ask.leg)
    await world.engine.join(BridgeId("b1"), [caller.leg, ask.leg])

    snapshot = await world.engine.snapshot()
    assert {leg.leg: leg.bridge for leg in snapshot.legs} == {caller.leg: "b1", ask.leg: "b1"}
    assert snapshot.bridges == ["b1"]
    await world.engine.destroy_bridge(BridgeId("b1"))
    await world.engine.destroy_bridge(BridgeId("b1"))
    snapshot = await world.engine.snapshot()
    assert [leg.bridge for leg in snapshot.legs] == [None, None]
    assert snapshot.bridges == []
    await phone.hang_up()
    assert (await world.heard.wait("leg_ended", ask.leg)).detail is EndCause.NORMAL


async def test_a_caller_who_is_joined_hears_nothing_more_of_what_was_played(world: VoiceWorld) -> None:
    phone = await world.phone("agent-8021")
    caller = await listening(world)
    ask = dial(caller.leg, "agent-8021")
    await world.engine.dial_agent(ask)
    await phone.rings()
    await phone.answer()
    await world.heard.wait("leg_answered", ask.leg)

    async with asyncio.timeout(PATIENCE_S):
        await world.engine.join(BridgeId("b1"), [caller.leg, ask.leg])

    assert (await world.heard.wait("playback_ended", caller.leg)).detail == (PlaybackId("p1"), False)
    assert {leg.bridge for leg in (await world.engine.snapshot()).legs} == {"b1"}


async def test_an_agent_who_declines_is_rejected(world: VoiceWorld) -> None:
    phone, _, ask = await rung(world)

    await phone.decline()

    assert (await world.heard.wait("leg_ended", ask.leg)).detail is EndCause.REJECTED


async def test_an_agent_who_does_not_answer_in_time(world: VoiceWorld) -> None:
    phone = await world.phone("agent-8021")
    caller = await answered(world)
    ask = dial(caller.leg, "agent-8021", ring_seconds=1)
    await world.engine.dial_agent(ask)
    await phone.rings()

    assert (await world.heard.wait("leg_ended", ask.leg)).detail is EndCause.NO_ANSWER
    await phone.until_quiet()


async def test_ringing_that_is_withdrawn_rings_on_nowhere(world: VoiceWorld) -> None:
    phone, _, ask = await rung(world)

    await world.engine.hang_up(ask.leg)

    await phone.until_quiet()
    await world.heard.wait("leg_ended", ask.leg)
    assert world.heard.kinds(ask.leg).count("leg_ended") == 1
    assert "leg_answered" not in world.heard.kinds(ask.leg)


async def test_a_phone_that_is_not_there_is_unreachable(world: VoiceWorld) -> None:
    caller = await answered(world)
    ask = dial(caller.leg, "nobody-9999")

    await world.engine.dial_agent(ask)

    assert (await world.heard.wait("leg_ended", ask.leg)).detail is EndCause.UNREACHABLE


async def test_one_leg_id_rings_once_even_after_it_ended(world: VoiceWorld) -> None:
    phone, _, ask = await rung(world)

    with pytest.raises(AdapterFailure):
        await world.engine.dial_agent(ask)
    await phone.decline()
    await world.heard.wait("leg_ended", ask.leg)
    with pytest.raises(AdapterFailure):
        await world.engine.dial_agent(ask)

    await phone.until_quiet()
    assert world.heard.kinds(ask.leg).count("leg_ended") == 1


async def test_a_recording_is_a_whole_file_of_two_channels_when_it_is_stopped(world: VoiceWorld) -> None:
    caller = await answered(world)
    spec = RecordingSpec(recording_id=new_id(), leg=caller.leg, path=world.folder / "talk.wav")
    await world.engine.start_recording(spec)
    await asyncio.sleep(0.5)

    await world.engine.stop_recording(spec.recording_id, caller.leg)
    await world.engine.recording_finished(spec.recording_id)

    assert channels_and_rate(spec.path) == (2, 8000)
    await world.engine.stop_recording(spec.recording_id, caller.leg)


async def test_a_recording_ends_with_its_leg(world: VoiceWorld) -> None:
    caller = await answered(world)
    spec = RecordingSpec(recording_id=new_id(), leg=caller.leg, path=world.folder / "talk.wav")
    await world.engine.start_recording(spec)
    await asyncio.sleep(0.5)

    await caller.hang_up()
    await world.heard.wait("leg_ended", caller.leg)
    await world.engine.stop_recording(spec.recording_id, caller.leg)
    await world.engine.recording_finished(spec.recording_id)

    assert channels_and_rate(spec.path) == (2, 8000)


async def test_after_a_restart_of_the_application_the_snapshot_holds_what_goes_on(world: VoiceWorld) -> None:
    phone, caller, ask = await rung(world)
    await phone.answer()
    await world.heard.wait("leg_answered", ask.leg)
    await world.engine.join(BridgeId("b1"), [caller.leg, ask.leg])

    heard = await world.restart()

    await heard.wait("engine_up")
    legs = {leg.leg: leg for leg in heard.snapshots[0].legs}
    assert set(legs) == {caller.leg, ask.leg}
    assert (legs[ask.leg].role, legs[ask.leg].call_ref) == (LegRole.AGENT, ask.call_ref)
    assert (legs[caller.leg].role, legs[caller.leg].bridge) == (LegRole.CALLER, "b1")
    await caller.hang_up()
    await heard.wait("leg_ended", caller.leg)
    await world.engine.hang_up(ask.leg)
    await heard.wait("leg_ended", ask.leg)


async def test_a_caller_who_is_handed_to_safety_is_no_longer_ours(world: VoiceWorld) -> None:
    caller = await answered(world)

    await world.engine.hand_to_safety(caller.leg)
    await world.engine.hand_to_safety(caller.leg)

    assert (await world.heard.wait("leg_ended", caller.leg)).detail is EndCause.FAILED
    assert (await world.engine.snapshot()).legs == []
    with pytest.raises(LegGone):
        await world.engine.start_music(caller.leg)
    assert world.heard.kinds(caller.leg).count("leg_ended") == 1


async def test_a_caller_who_is_refused_is_no_longer_ours(world: VoiceWorld) -> None:
    caller = await world.call("10086", "13800138000")

    await world.engine.refuse(caller.leg)
    await world.engine.refuse(caller.leg)

    assert (await world.heard.wait("leg_ended", caller.leg)).detail is EndCause.BUSY
    assert (await world.engine.snapshot()).legs == []
    assert world.heard.kinds(caller.leg).count("leg_ended") == 1


async def test_endpoints_come_and_go(world: VoiceWorld) -> None:
    await world.engine.put_endpoint("agent-8021", "first secret", role=LegRole.AGENT)
    await world.engine.put_endpoint("agent-8021", "second secret", role=LegRole.AGENT)
    await world.engine.put_endpoint("visitor-1", "its secret", role=LegRole.CALLER, number="13800138000")

    await world.engine.remove_endpoint("agent-8021")
    await world.engine.remove_endpoint("agent-8021")

    caller = await answered(world)
    ask = dial(caller.leg, "agent-8021")
    await world.engine.dial_agent(ask)
    assert (await world.heard.wait("leg_ended", ask.leg)).detail is EndCause.UNREACHABLE


async def answered(world: VoiceWorld) -> Caller:
    caller = await world.call("10086", "13800138000")
    await world.engine.answer(caller.leg)
    return caller


async def rung(world: VoiceWorld) -> tuple[Phone, Caller, AgentDial]:
    """A phone that rings for somebody who was answered."""
    phone = await world.phone("agent-8021")
    caller = await answered(world)
    ask = dial(caller.leg, "agent-8021")
    await world.engine.dial_agent(ask)
    await phone.rings()
    return phone, caller, ask


async def listening(world: VoiceWorld) -> Caller:
    """A caller who hears the beginning of ``p1``."""
    caller = await answered(world)
    await world.engine.play(caller.leg, PlaybackId("p1"), [write_sound(world.folder / "long.wav", 30)])
    return caller


def channels_and_rate(path: Path) -> tuple[int, int]:
    with wave.open(str(path)) as file:
        assert file.getsampwidth() == 2
        assert file.getnframes() > 0
        return file.getnchannels(), file.getframerate()
