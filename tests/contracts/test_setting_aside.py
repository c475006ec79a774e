"""What every ``VoiceEngine`` does with a leg that is set aside: the fake that telephony is tested on, and Asterisk."""

import pytest

from careline.modules.contact.telephony.ports import AgentDial, BridgeId, LegGone, PlaybackId
from tests.contracts.test_voice_engine import rung
from tests.support.voice_world import Caller, Phone, VoiceWorld, write_sound


async def test_a_caller_is_set_aside_and_brought_back(world: VoiceWorld) -> None:
    _, caller, ask = await talking(world)

    await world.engine.set_aside(BridgeId("b1"), caller.leg)
    await world.engine.set_aside(BridgeId("b1"), caller.leg)

    assert await places(world) == {caller.leg: ("b1", True), ask.leg: ("b1", False)}
    await world.engine.join(BridgeId("b1"), [caller.leg])
    assert await places(world) == {caller.leg: ("b1", False), ask.leg: ("b1", False)}


async def test_who_is_set_aside_is_free_when_the_bridge_ends(world: VoiceWorld) -> None:
    _, caller, ask = await talking(world)
    await world.engine.set_aside(BridgeId("b1"), caller.leg)

    await world.engine.destroy_bridge(BridgeId("b1"))

    assert await places(world) == {caller.leg: (None, False), ask.leg: (None, False)}
    await world.engine.play(caller.leg, PlaybackId("p1"), [write_sound(world.folder / "one.wav", 0.2)])
    assert (await world.heard.wait("playback_ended", caller.leg)).detail == (PlaybackId("p1"), True)


async def test_who_hangs_up_set_aside_is_told_as_ever(world: VoiceWorld) -> None:
    _, caller, ask = await talking(world)
    await world.engine.set_aside(BridgeId("b1"), caller.leg)

    await caller.hang_up()

    await world.heard.wait("leg_ended", caller.leg)
    assert await places(world) == {ask.leg: ("b1", False)}
    with pytest.raises(LegGone):
        await world.engine.set_aside(BridgeId("b1"), caller.leg)


async def test_after_a_restart_who_was_set_aside_is_known(world: VoiceWorld) -> None:
    _, caller, ask = await talking(world)
    await world.engine.set_aside(BridgeId("b1"), caller.leg)

    heard = await world.restart()

    await heard.wait("engine_up")
    legs = {leg.leg: (leg.bridge, leg.aside) for leg in heard.snapshots[0].legs}
    assert legs == {caller.leg: ("b1", True), ask.leg: ("b1", False)}
    await world.engine.join(BridgeId("b1"), [caller.leg])
    assert await places(world) == {caller.leg: ("b1", False), ask.leg: ("b1", False)}


async def talking(world: VoiceWorld) -> tuple[Phone, Caller, AgentDial]:
    """A phone that was answered, in the bridge ``b1`` with its caller."""
    phone, caller, ask = await rung(world)
    await phone.answer()
    await world.heard.wait("leg_answered", ask.leg)
    await world.engine.join(BridgeId("b1"), [caller.leg, ask.leg])
    return phone, caller, ask


async def places(world: VoiceWorld) -> dict[str, tuple[str | None, bool]]:
    """Where everybody stands: in which bridge, and whether set aside of it."""
    return {leg.leg: (leg.bridge, leg.aside) for leg in (await world.engine.snapshot()).legs}
