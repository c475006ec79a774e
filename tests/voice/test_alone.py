"""What happens to callers and agents when the application is gone, for a moment or for good."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from careline.adapters.asterisk.bundle import AsteriskBundle
from careline.kernel.ids import new_id
from careline.modules.contact.telephony.ports import LegId, PlaybackId
from tests.support.waiting import PATIENCE_S, until
from tests.voice.support.phone import Phone
from tests.voice.support.tones import loudest, tone, write_wav
from tests.voice.support.world import MUSIC_HZ, Node, RealWorld, plan_in, start_node

pytestmark = pytest.mark.voice

RECOVERING_HZ, SORRY_HZ, BUSY_HZ = 500, 800, 1100
TONES = (RECOVERING_HZ, SORRY_HZ, BUSY_HZ, 440, 1000)


@pytest.fixture(scope="module")
def hasty_node(bundle: AsteriskBundle, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node that holds callers for 3 s only and takes the application for gone after 2 s; announcements are tones."""
    folder = tmp_path_factory.mktemp("hasty")
    announcements = {
        "recovering": write_wav(folder / "recovering.wav", tone(RECOVERING_HZ, 0.6)),
        "sorry": write_wav(folder / "sorry.wav", tone(SORRY_HZ, 0.6)),
        "busy": write_wav(folder / "busy.wav", tone(BUSY_HZ, 0.6)),
    }
    plan = plan_in(folder / "node", name="hasty", announcements=announcements, hold_seconds=3, max_calls=3)
    running = asyncio.run(start_node(plan, bundle, grace_seconds=2.5))
    yield running
    asyncio.run(running.supervisor.stop())
    log = (running.ready.folder / "log/messages.log").read_text()
    assert "No application" not in log, "the safe dialplan uses what is not loaded"
    assert "ERROR" not in log


@pytest.fixture
async def world(hasty_node: Node, tmp_path: Path) -> AsyncIterator[RealWorld]:
    async with RealWorld(hasty_node, tmp_path) as world:
        yield world


def hears(phone: Phone, hertz: float) -> bool:
    """Whether that is what a phone has heard in the last half second."""
    return loudest(phone.voice.heard[-4000:], TONES) == hertz


async def stranded(world: RealWorld) -> tuple[Phone, LegId]:
    """A caller whose application died, and who hears the safe dialplan now."""
    caller, leg = await world.answered()
    await world.engine.close()
    await until(lambda: hears(caller, RECOVERING_HZ), "safe dialplan")
    return caller, leg


async def test_a_caller_without_application_is_told_so_and_let_go_with_an_apology(world: RealWorld) -> None:
    await world.engine.close()
    caller = await world.add_phone("caller")

    await caller.dial("10086", caller_number="13800138000")
    await caller.until_status(200)
    await until(lambda: loudest(caller.voice.heard, TONES) == RECOVERING_HZ, "announcement")
    caller.voice.heard.clear()
    await caller.until_over()

    assert hears(caller, SORRY_HZ)


@pytest.mark.parametrize(
    ("missing", "heard"),
    [
        ("app_playback", [MUSIC_HZ]),
        ("app_queue", [RECOVERING_HZ, MUSIC_HZ, SORRY_HZ]),
        ("res_musiconhold", [RECOVERING_HZ, SORRY_HZ]),
    ],
)
async def test_a_module_that_is_not_there_takes_no_more_than_its_sound(
    world: RealWorld, missing: str, heard: list[float]
) -> None:
    await world.engine.close()
    place, ari = f"asterisk/modules/{missing}.so", world.node.ari
    assert await asyncio.to_thread(ari.request, "DELETE", place) == 204
    try:
        caller = await world.add_phone("caller")
        began = asyncio.get_running_loop().time()
        await caller.dial("10086", caller_number="13800138000")
        await caller.until_over()
    finally:
        assert await asyncio.to_thread(ari.request, "POST", place) == 204

    assert asyncio.get_running_loop().time() - began > world.node.plan.hold_seconds
    sound = caller.voice.heard
    tenths = [loudest(sound[at : at + 800], (*TONES, MUSIC_HZ)) for at in range(0, len(sound), 800)]
    assert [hertz for hertz, _ in itertools.groupby(tenths)] == heard


async def test_a_caller_who_waits_arrives_when_the_application_is_back(world: RealWorld) -> None:
    await world.engine.close()
    caller = await world.add_phone("caller")
    await caller.dial("10086", caller_number="13800138000")
    await caller.until_status(200)

    heard = await world.restart()

    await heard.wait("call_arrived")
    call = heard.calls[0]
    assert (call.called_number, call.caller_number, call.trunk) == ("10086", "13800138000", "demo")
    assert call.answered, "by the safe dialplan"
    assert heard.snapshots[0].legs == []


async def test_a_caller_whose_application_died_is_sent_to_the_safe_dialplan_and_arrives_again(world: RealWorld) -> None:
    _, leg = await stranded(world)

    heard = await world.restart()

    await heard.wait("call_arrived", leg)
    assert (heard.snapshots[0].legs, heard.snapshots[0].away) == ([], [leg])


async def test_a_caller_who_goes_to_the_safe_dialplan_when_we_are_back_is_away_for_a_moment(world: RealWorld) -> None:
    """What is played to a caller ends before they go where the keeper sent them."""
    _, leg = await world.answered()
    word = write_wav(world.folder / "long.wav", tone(1000, 8.0))
    await world.engine.play(leg, PlaybackId(str(new_id())), [word])
    await world.engine.close()
    keeper = world.node.ready.folder / "log/keeper.log"
    async with asyncio.timeout(PATIENCE_S):
        while f"caller {leg} is sent" not in await asyncio.to_thread(keeper.read_text):
            await asyncio.sleep(0.05)

    heard = await world.restart()

    await heard.wait("engine_up")
    assert [one.leg for one in heard.snapshots[0].legs] == [leg]
    await heard.wait("call_arrived", leg)
    assert heard.kinds(leg) == ["leg_away", "call_arrived"]


async def test_what_the_application_was_playing_when_it_died_is_cut_when_it_is_back(world: RealWorld) -> None:
    caller, leg = await world.answered()
    long, short = (write_wav(world.folder / f"{hz}.wav", tone(hz, 20.0)) for hz in (1000, 440))
    await world.engine.play(leg, PlaybackId("before"), [long])
    await until(lambda: hears(caller, 1000), "first word")

    heard = await world.restart()
    await heard.wait("engine_up")
    assert [one.leg for one in heard.snapshots[0].legs] == [leg]
    await world.engine.play(leg, PlaybackId("after"), [short])

    await until(lambda: hears(caller, 440), "word after the restart", within=15)
    assert "playback_ended" not in heard.kinds(leg)


async def test_a_caller_who_leaves_the_safe_dialplan_is_told_once(world: RealWorld) -> None:
    caller, leg = await stranded(world)

    heard = await world.restart()
    await heard.wait("engine_up")
    await caller.hang_up()

    await heard.wait("leg_ended", leg)
    await until(world.is_empty, "end of the channel")
    assert heard.kinds(leg).count("leg_ended") == 1


async def test_a_caller_whose_application_never_comes_back_is_not_kept_for_ever(world: RealWorld) -> None:
    caller, _ = await world.answered()
    await world.engine.close()

    await caller.until_over()

    assert hears(caller, SORRY_HZ)
    await until(world.is_empty, "end of the channel")


async def test_a_phone_stops_ringing_when_the_application_is_gone(world: RealWorld) -> None:
    _, _, phone, _ = await world.rung("agent-1")
    await world.engine.close()

    await phone.until_over()


async def test_a_talk_goes_on_without_the_application_and_leaves_nothing_behind(world: RealWorld) -> None:
    caller, _, phone, _ = await world.talk("agent-1", hertz=(440, 1000))
    await world.engine.close()

    await asyncio.sleep(5)
    assert hears(caller, 1000)
    assert hears(phone, 440)
    await caller.hang_up()

    await phone.until_over()

    async def nothing_left() -> bool:
        return await world.is_empty() and await world.node.probe.ask("bridges") == []

    await until(nothing_left, "end of channels and bridge")


async def test_callers_above_the_cap_are_refused_politely_and_unanswered(world: RealWorld) -> None:
    for _ in range(3):
        await world.caller()

    refused = await world.add_phone("caller")
    await refused.dial("10086", caller_number="13800138004")

    assert await refused.until_status(400) == 486
    assert loudest(refused.voice.heard, TONES) == BUSY_HZ
    assert len(world.heard.calls) == 3


async def test_a_handler_that_fails_hands_its_caller_to_the_safe_dialplan(
    world: RealWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("this handler is broken on purpose")

    monkeypatch.setattr(world.heard, "call_arrived", broken)
    caller = await world.add_phone("caller")
    await caller.dial("10086", caller_number="13800138000")

    assert await caller.until_status(200) == 200
    await until(lambda: loudest(caller.voice.heard, TONES) == RECOVERING_HZ, "announcement")
    await caller.until_over()
    assert hears(caller, SORRY_HZ)
