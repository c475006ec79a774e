"""What the engine makes of a link that is lost and comes back, and of what the node holds then."""

import asyncio
from pathlib import Path

import pytest

from careline.kernel.errors import TransientFailure
from careline.modules.contact.telephony.ports import (
    BridgeId,
    LegGone,
    LegId,
    LegRole,
    PlaybackId,
)
from tests.adapters.asterisk.bench import A, B, Bench, bench, dial
from tests.adapters.asterisk.fake_ari import Asked, FakeAri, channel

__all__ = ["bench"]


async def test_a_playback_whose_end_was_lost_with_the_link_is_told_when_it_is_back(bench: Bench) -> None:
    await bench.arrive(A)
    await bench.voice.play(A, PlaybackId("p"), [Path("/sounds/one.wav")])
    bench.ari.answer("GET", "channels", 200, [channel(A, "Up", CARELINE_ROLE="caller")])
    bench.ari.answer("GET", "applications", 200, {"name": "careline", "channel_ids": [A]})
    bench.ari.answer("GET", f"playbacks/{A}-0", 404, {"message": "Playback not found"})

    await bench.ari.drop()

    await bench.heard.wait("engine_up", count=2)
    assert (await bench.heard.wait("playback_ended", A)).detail == (PlaybackId("p"), False)
    assert "leg_ended" not in bench.heard.kinds(A)


async def test_what_ended_while_the_link_was_lost_is_told_before_the_snapshot(bench: Bench) -> None:
    await bench.arrive(A)
    await bench.ari.drop()

    await bench.heard.wait("engine_up", count=2)
    await bench.heard.wait("leg_ended", A)

    kinds = [told.kind for told in bench.heard.told]
    assert kinds == ["engine_up", "call_arrived", "engine_down", "leg_ended", "engine_up"]
    with pytest.raises(LegGone):
        await bench.voice.answer(A)


async def test_an_arrival_during_the_snapshot_is_told_as_arrival_alone(tmp_path: Path) -> None:
    async with FakeAri().serving() as ari:
        bench = Bench(ari, tmp_path)
        arrived: list[asyncio.Task[None]] = []

        def rule(asked: Asked) -> tuple[int, object] | None:
            if asked.path != "channels":
                return None
            telling = ari.tell("StasisStart", channel=channel(A), args=["caller", "demo", "10086", "allowed"])
            arrived.append(asyncio.create_task(telling))
            return 200, [channel(A, CARELINE_ROLE="caller"), channel(B, "Up", CARELINE_ROLE="caller")]

        ari.rules.insert(0, rule)
        ari.answer("GET", "applications", 200, {"name": "careline", "channel_ids": [A, B]})
        await bench.voice.start(bench.heard)

        await bench.heard.wait("call_arrived", A)
        assert [leg.leg for leg in bench.heard.snapshots[0].legs] == [B]
        await bench.voice.close()


async def test_channels_that_are_not_ours_are_not_in_the_snapshot(bench: Bench) -> None:
    bench.ari.answer(
        "GET",
        "channels",
        200,
        [
            channel("ours", "Up", CARELINE_ROLE="agent", CARELINE_REF="ref"),
            channel("waits", "Up", CARELINE_ROLE="caller"),
            channel("strange", "Up", CARELINE_ROLE="king"),
            channel("bare", "Up"),
        ],
    )
    bench.ari.answer("GET", "applications", 200, {"name": "careline", "channel_ids": ["ours", "strange", "bare"]})
    bench.ari.answer(
        "GET",
        "bridges",
        200,
        [{"id": "b1", "name": "careline", "channels": ["ours"]}, {"id": "b2", "name": "other", "channels": []}],
    )

    snapshot = await bench.voice.snapshot()

    (leg,) = snapshot.legs
    assert (leg.leg, leg.role, leg.call_ref, leg.bridge) == ("ours", LegRole.AGENT, "ref", "b1")
    assert snapshot.bridges == ["b1"]


async def test_without_a_link_every_command_fails_as_transient(bench: Bench) -> None:
    await bench.arrive(A)
    bench.ari.silent = True
    await bench.ari.drop()
    await bench.heard.wait("engine_down")

    with pytest.raises(TransientFailure):
        await bench.voice.answer(A)
    with pytest.raises(TransientFailure):
        await bench.voice.answer(LegId("never-seen"))
    with pytest.raises(TransientFailure):
        await bench.voice.dial_agent(dial("offer-1"))
    with pytest.raises(TransientFailure):
        await bench.voice.hang_up(A)
    with pytest.raises(TransientFailure):
        await bench.voice.join(BridgeId("b"), [A])
