"""From the settings to a voice that answers."""

from pathlib import Path

import pytest

from careline.adapters.asterisk.assembly import ANNOUNCEMENTS, open_voice, plan_of
from careline.adapters.asterisk.dialplan import ANNOUNCEMENTS as NAMES
from careline.adapters.asterisk.processes import asterisk_pid, keeper_pid
from careline.infra.settings.settings import load
from careline.kernel.clock import SystemClock
from careline.kernel.errors import PermanentFailure
from tests.support.heard import Heard
from tests.voice.support.nodes import ROOT
from tests.voice.support.ports import free_port


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {
        "CARELINE_DATA": str(folder),
        "CARELINE_TOOLS": str(ROOT / ".tools"),
        "CARELINE_SIP_PORT": str(free_port()),
        "CARELINE_DEMO": "1",
    } | more


@pytest.mark.voice
async def test_our_own_node_comes_up_stays_for_a_restart_and_goes(tmp_path: Path) -> None:
    settings = load(environment(tmp_path))
    first = await open_voice(settings, SystemClock())
    assert first is not None
    await first.engine.start(heard := Heard())
    await heard.wait("engine_up")
    folder = plan_of(settings).folder
    pid = asterisk_pid(folder)

    await first.close(keep_node=True)
    assert asterisk_pid(folder) == pid
    second = await open_voice(settings, SystemClock())
    assert second is not None
    assert asterisk_pid(folder) == pid
    await second.close(keep_node=False)

    assert (asterisk_pid(folder), keeper_pid(folder)) == (None, None)


@pytest.mark.voice
async def test_somebody_elses_asterisk_is_used_as_it_is(tmp_path: Path) -> None:
    own = await open_voice(load(environment(tmp_path / "own")), SystemClock())
    assert own is not None
    keys = (tmp_path / "own/voice/voice-1/etc/ari.conf").read_text()
    password = keys.split("password = ")[1].split("\n")[0]
    url = own.http_url.replace("http://", f"http://careline:{password}@")

    other = await open_voice(
        load(environment(tmp_path / "other", CARELINE_VOICE="external", CARELINE_ASTERISK_URL=url)), SystemClock()
    )

    assert other is not None
    await other.engine.start(heard := Heard())
    await heard.wait("engine_up")
    await other.close(keep_node=False)
    assert asterisk_pid(tmp_path / "own/voice/voice-1") is not None
    await own.close(keep_node=False)


async def test_voice_switched_off_is_none(tmp_path: Path) -> None:
    assert await open_voice(load(environment(tmp_path, CARELINE_VOICE="off")), SystemClock()) is None


async def test_without_a_bundle_it_says_how_to_get_one(tmp_path: Path) -> None:
    settings = load(environment(tmp_path, CARELINE_TOOLS=str(tmp_path / "none")))

    with pytest.raises(PermanentFailure, match="careline voice install"):
        await open_voice(settings, SystemClock())


def test_only_the_demo_believes_this_machine(tmp_path: Path) -> None:
    assert [trunk.name for trunk in plan_of(load(environment(tmp_path))).trunks] == ["demo"]
    assert plan_of(load(environment(tmp_path, CARELINE_DEMO="0"))).trunks == ()


def test_there_are_words_for_every_announcement() -> None:
    assert set(ANNOUNCEMENTS) == set(NAMES)
