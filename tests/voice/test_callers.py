"""Callers who leave at any moment, hide their number, or send what is no SIP: nothing rings on, nothing breaks."""

import asyncio
import socket

import pytest

from careline.adapters.asterisk.processes import asterisk_pid
from careline.modules.contact.telephony.ports import BridgeId, EndCause, LegGone
from tests.support.waiting import until
from tests.voice.support.torture import MESSAGES
from tests.voice.support.world import RealWorld

pytestmark = pytest.mark.voice


async def nothing_left(world: RealWorld) -> None:
    await until(world.is_empty, "end of every channel")


async def test_a_caller_who_gives_up_before_the_answer(real_world: RealWorld) -> None:
    caller = await real_world.caller()
    leg = real_world.heard.calls[0].leg

    await caller.hang_up()

    await real_world.heard.wait("leg_ended", leg)
    assert await caller.until_status(400) == 487
    await nothing_left(real_world)


async def test_a_caller_who_leaves_while_music_plays(real_world: RealWorld) -> None:
    caller, leg = await real_world.answered()
    await real_world.engine.start_music(leg)

    await caller.hang_up()

    assert (await real_world.heard.wait("leg_ended", leg)).detail is EndCause.NORMAL
    await nothing_left(real_world)


async def test_a_caller_who_leaves_while_an_agent_is_rung(real_world: RealWorld) -> None:
    caller, leg, phone, agent_leg = await real_world.rung("agent-1")

    await caller.hang_up()
    await real_world.heard.wait("leg_ended", leg)
    await real_world.engine.hang_up(agent_leg)

    await phone.until_over()
    await nothing_left(real_world)


async def test_a_caller_who_leaves_as_the_agent_answers_is_not_joined(real_world: RealWorld) -> None:
    caller, leg, phone, agent_leg = await real_world.rung("agent-1")

    await asyncio.gather(caller.hang_up(), phone.answer())
    await real_world.heard.wait("leg_ended", leg)

    with pytest.raises(LegGone):
        await real_world.engine.join(BridgeId("late"), [leg, agent_leg])
    await real_world.engine.hang_up(agent_leg)
    await phone.until_over()
    await real_world.engine.destroy_bridge(BridgeId("late"))
    await nothing_left(real_world)


async def test_a_caller_who_hides_the_number_has_none(real_world: RealWorld) -> None:
    await real_world.caller(number=None)
    assert real_world.heard.calls[0].caller_number is None

    phone = await real_world.add_phone("caller")
    await phone.dial("10086", caller_number="13800138000", extra=[("Privacy", "id")])
    await real_world.heard.wait("call_arrived", count=2)
    assert real_world.heard.calls[1].caller_number is None


@pytest.mark.parametrize("number", ["s", "i", "careline-alone", "%00", "1%2c2", "h"])
async def test_what_is_no_number_does_not_reach_telephony(real_world: RealWorld, number: str) -> None:
    phone = await real_world.add_phone("caller")

    await phone.dial(number, caller_number="13800138000")

    assert await phone.until_status(400) >= 400
    assert real_world.heard.calls == []


async def test_a_called_number_with_a_plus_is_kept(real_world: RealWorld) -> None:
    await real_world.caller("+8610086")

    assert real_world.heard.calls[0].called_number == "+8610086"


async def test_torture_leaves_the_node_answering(real_world: RealWorld) -> None:
    folder = real_world.node.plan.folder
    before = asterisk_pid(folder)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind(("127.0.0.1", 0))
        for message in MESSAGES:
            wire.sendto(message, real_world.node.server)
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.5)

    caller = await real_world.caller(number="13800138000")
    call = real_world.heard.calls[-1]
    assert call.caller_number == "13800138000"
    await real_world.engine.answer(call.leg)
    assert await caller.until_status(200) == 200
    assert asterisk_pid(folder) == before
    for told in real_world.heard.calls:
        assert told.called_number.lstrip("+").isdigit()
