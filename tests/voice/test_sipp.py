"""Calls by the dozen, played by SIPp: what it counts is what telephony was told."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from careline.kernel.ids import new_id
from careline.modules.contact.telephony.ports import AgentDial, BridgeId, LegId
from tests.support.waiting import PATIENCE_S
from tests.voice.support.sipp import Sipp, latencies_ms
from tests.voice.support.world import RealWorld

pytestmark = pytest.mark.voice

CALLS = 40
STAYS_MS = 4000
"""How long each caller stays; by then an agent has answered, also on a machine that has much else to do."""


@pytest.fixture
async def agents(real_world: RealWorld, tmp_path: Path) -> AsyncIterator[Sipp]:
    """Agents that answer, all behind one endpoint."""
    agents = Sipp("agent", tmp_path)
    await agents.start(echo=True)
    await asyncio.to_thread(real_world.node.ari.put_plain_phone, "everybody", f"sip:everybody@127.0.0.1:{agents.port}")
    yield agents
    await agents.stop()


async def serve(world: RealWorld) -> None:
    """Answer each call, ring an agent for it, join them; when the caller leaves, hang up the agent."""
    engine, heard = world.engine, world.heard
    agent_of: dict[LegId, LegId] = {}
    place = 0
    while True:
        await asyncio.sleep(0.001)
        for told in heard.told[place:]:
            place += 1
            if told.kind == "call_arrived":
                call = next(one for one in heard.calls if one.leg == told.leg)
                agent_of[call.leg] = LegId(str(new_id()))
                await engine.answer(call.leg)
                await engine.dial_agent(
                    AgentDial(
                        leg=agent_of[call.leg],
                        endpoint="everybody",
                        caller_leg=call.leg,
                        caller_number=call.caller_number or "",
                        caller_name="",
                        call_ref=call.leg,
                        ring_seconds=10,
                    )
                )
            elif told.kind == "leg_answered":
                caller = next(leg for leg, agent in agent_of.items() if agent == told.leg)
                await engine.join(BridgeId(f"bridge-{caller}"), [caller, agent_of[caller]])
            elif told.kind == "leg_ended" and told.leg in agent_of:
                await engine.destroy_bridge(BridgeId(f"bridge-{told.leg}"))
                await engine.hang_up(agent_of[told.leg])


async def test_every_call_reaches_an_agent_and_nothing_is_left(
    real_world: RealWorld, agents: Sipp, tmp_path: Path
) -> None:
    serving = asyncio.create_task(serve(real_world))
    callers = Sipp("caller", tmp_path, server=real_world.node.server)
    numbers = [f"139{number:08d}" for number in range(CALLS)]
    await callers.start(numbers=numbers, calls=CALLS, rate=20, hold_ms=STAYS_MS)

    counts = await callers.finished(within=2 * PATIENCE_S)

    assert (counts.created, counts.successful, counts.failed) == (CALLS, CALLS, 0)
    await real_world.heard.until(
        lambda: [one.kind for one in real_world.heard.told].count("leg_ended") == 2 * CALLS, "every end"
    )
    told = [one.kind for one in real_world.heard.told]
    assert told.count("call_arrived") == CALLS
    assert sorted(call.caller_number or "" for call in real_world.heard.calls) == numbers
    assert told.count("leg_answered") == CALLS
    measured = latencies_ms(callers, agents)
    assert len(measured) == CALLS
    assert measured[-1] < STAYS_MS
    snapshot = await real_world.engine.snapshot()
    assert (snapshot.legs, snapshot.bridges) == ([], [])
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
