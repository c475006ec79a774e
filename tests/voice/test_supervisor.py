"""The node as a process: it outlives us, it comes back, it obeys a new configuration, it goes when told."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from careline.adapters.asterisk.bundle import AsteriskBundle
from careline.adapters.asterisk.doctor import examine
from careline.adapters.asterisk.processes import asterisk_pid, keeper_pid
from careline.adapters.asterisk.supervisor import VoiceSupervisor
from careline.kernel.errors import Invalid
from tests.support.waiting import PATIENCE_S
from tests.voice.support.world import Node, RealWorld, plan_in, start_node

pytestmark = pytest.mark.voice


@pytest.fixture
async def own_node(bundle: AsteriskBundle, tmp_path: Path) -> AsyncIterator[Node]:
    """A node that a test may mistreat."""
    node = await start_node(plan_in(tmp_path / "node", name="own"), bundle)
    yield node
    await node.supervisor.stop()


async def test_a_second_start_finds_the_node_that_runs(own_node: Node, bundle: AsteriskBundle) -> None:
    first = asterisk_pid(own_node.plan.folder)
    await own_node.supervisor.detach()

    again = await VoiceSupervisor(own_node.plan, bundle).start()

    assert asterisk_pid(own_node.plan.folder) == first
    assert again.keys == own_node.ready.keys


async def test_a_killed_asterisk_is_back_and_reported(own_node: Node, tmp_path: Path) -> None:
    world = RealWorld(own_node, tmp_path)
    await world.start()
    caller = await world.caller()
    leg = world.heard.calls[0].leg
    first = asterisk_pid(own_node.plan.folder)

    assert first is not None
    os.kill(first, signal.SIGKILL)
    await world.heard.wait("engine_down")
    await world.heard.wait("engine_up", count=2)

    assert asterisk_pid(own_node.plan.folder) != first
    await world.heard.wait("leg_ended", leg)
    kinds = [told.kind for told in world.heard.told]
    assert kinds.index("engine_down") < kinds.index("leg_ended") < len(kinds) - 1
    await caller.vanish()
    await world.caller()
    await world.close()


async def test_an_asterisk_that_hangs_is_reported_and_started_again(own_node: Node, tmp_path: Path) -> None:
    world = RealWorld(own_node, tmp_path)
    await world.start()
    first = asterisk_pid(own_node.plan.folder)

    assert first is not None
    await asyncio.sleep(1)  # a node that never answered is given longer, as it may be booting

    os.kill(first, signal.SIGSTOP)

    await world.heard.wait("engine_down")
    await world.heard.wait("engine_up", count=2, within=2 * PATIENCE_S)
    assert asterisk_pid(own_node.plan.folder) != first
    await world.close()


async def test_a_killed_keeper_leaves_the_calls_and_the_next_start_goes_on_with_them(
    own_node: Node, bundle: AsteriskBundle, tmp_path: Path
) -> None:
    world = RealWorld(own_node, tmp_path)
    await world.start()
    await world.caller()
    keeper = keeper_pid(own_node.plan.folder)
    assert keeper is not None
    first = asterisk_pid(own_node.plan.folder)

    os.kill(keeper, signal.SIGKILL)
    while keeper_pid(own_node.plan.folder) is not None:
        await asyncio.sleep(0.01)
    await VoiceSupervisor(own_node.plan, bundle).start()

    assert keeper_pid(own_node.plan.folder) not in (None, keeper)
    assert asterisk_pid(own_node.plan.folder) == first
    assert len((await world.engine.snapshot()).legs) == 1
    await world.close()


async def test_a_new_configuration_counts_at_once_when_no_call_is_up(own_node: Node, bundle: AsteriskBundle) -> None:
    first = asterisk_pid(own_node.plan.folder)
    plan = msgspec.structs.replace(own_node.plan, hold_seconds=33)

    await VoiceSupervisor(plan, bundle).start()

    assert asterisk_pid(own_node.plan.folder) != first


async def test_a_new_configuration_waits_for_the_calls(own_node: Node, bundle: AsteriskBundle, tmp_path: Path) -> None:
    world = RealWorld(own_node, tmp_path)
    await world.start()
    caller = await world.caller()
    first = asterisk_pid(own_node.plan.folder)
    supervisor = VoiceSupervisor(msgspec.structs.replace(own_node.plan, hold_seconds=33), bundle)

    await supervisor.start()
    assert asterisk_pid(own_node.plan.folder) == first
    await caller.hang_up()

    await world.heard.wait("engine_up", count=2)
    assert asterisk_pid(own_node.plan.folder) != first
    await world.close()
    await supervisor.detach()


async def test_stop_leaves_no_process(bundle: AsteriskBundle, tmp_path: Path) -> None:
    node = await start_node(plan_in(tmp_path / "node", name="brief"), bundle)
    pid = asterisk_pid(node.plan.folder)
    assert pid is not None

    await node.supervisor.stop()

    assert keeper_pid(node.plan.folder) is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    await node.supervisor.stop()


async def test_a_taken_sip_port_is_named(bundle: AsteriskBundle, tmp_path: Path) -> None:
    plan = plan_in(tmp_path / "node")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((plan.sip_host, plan.sip_port))

        with pytest.raises(Invalid) as refused:
            await VoiceSupervisor(plan, bundle).start()

    assert refused.value.field == "CARELINE_SIP_PORT"
    assert refused.value.params["port"] == plan.sip_port
    assert keeper_pid(plan.folder) is None


async def test_the_doctor_finds_a_healthy_node_well(node: Node, bundle: AsteriskBundle) -> None:
    facts = {fact.name: fact for fact in await examine(node.plan, bundle)}

    assert {name for name, fact in facts.items() if not fact.well} == set()
    assert {"asterisk", "keeper", "sip", "ari", "modules", "endpoints", "log"} <= set(facts)


async def test_the_doctor_says_what_is_missing(bundle: AsteriskBundle, tmp_path: Path) -> None:
    facts = {fact.name: fact for fact in await examine(plan_in(tmp_path / "none"), bundle)}

    assert not facts["keeper"].well
    assert facts["keeper"].mend
    assert not facts["keys"].well


def test_secrets_are_readable_by_their_owner_only(node: Node) -> None:
    for name in ("keys.json", "etc/ari.conf", "etc/manager.conf", "etc/pjsip.conf"):
        assert (node.ready.folder / name).stat().st_mode & 0o077 == 0, name
