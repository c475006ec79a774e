"""The voices of the settings, in a house: who is asked, what is missing, what leaves, and what the house says of it."""

from pathlib import Path

import pytest

from careline.adapters.speech.assembly import departures_of, missing_for, prompts_of, recogniser_of
from careline.bootstrap import build
from careline.infra.settings.settings import Settings, load
from careline.kernel.errors import AdapterFailure
from tests.support.clock import FakeClock
from tests.support.tiny_voice import write_voice

TOOLS = Path(__file__).parents[3] / ".tools"


def settings(tmp_path: Path, **env: str) -> Settings:
    return load({"CARELINE_TOOLS": str(TOOLS), **env}, checkout=tmp_path)


async def test_a_model_speaks_what_it_can_and_espeak_the_rest(tmp_path: Path) -> None:
    write_voice(tmp_path / "model")
    known = settings(tmp_path, CARELINE_TTS="sherpa", CARELINE_TTS_MODEL="model")
    assert missing_for(known) == ()
    prompts = prompts_of(known, FakeClock())
    assert prompts.voices == ("sherpa", "espeak")
    own, other = await prompts.render("你好", "zh-CN"), await prompts.render("hello", "en")
    assert own.stat().st_size == 44 + 2 * 800, "two tokens of 800 samples, at half the rate"
    assert other.stat().st_size > 5000
    await prompts.close()


async def test_a_model_that_is_not_there_is_named_and_espeak_speaks(tmp_path: Path) -> None:
    known = settings(tmp_path, CARELINE_TTS="sherpa", CARELINE_TTS_MODEL="gone", CARELINE_VOICE="off")
    (missing,) = missing_for(known)
    assert "gone" in missing
    careline = await build(known)
    try:
        assert (await careline.speech.render("你好", "zh-CN")).stat().st_size > 5000
        (part,) = [part for part in careline.parts if part.name == "speech"]
        state = await part.state()
        assert (state.ready, state.reason) == (True, "voice-replaced")
        assert state.params == {"voice": "sherpa", "times": 1}, "no path: who asks for it may be anybody"
    finally:
        await careline.close()


async def test_when_not_even_espeak_speaks_the_part_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    known = settings(tmp_path, CARELINE_TOOLS=str(tmp_path / "none"), CARELINE_VOICE="off")
    careline = await build(known)
    try:
        with pytest.raises(AdapterFailure):
            await careline.speech.render("你好", "zh-CN")
        (part,) = [part for part in careline.parts if part.name == "speech"]
        assert (await part.state()).reason == "prompts-not-spoken"
    finally:
        await careline.close()


def test_what_leaves_is_declared(tmp_path: Path) -> None:
    assert departures_of(settings(tmp_path)) == ()
    known = settings(
        tmp_path,
        CARELINE_TTS="http",
        CARELINE_TTS_URL="https://speech.example.com/v1",
        CARELINE_TTS_REGION="cn",
        CARELINE_TTS_SECRET_FILE="gone",
    )
    (leaving,) = departures_of(known)
    assert (leaving.host, leaving.region, leaving.purpose) == ("speech.example.com", "cn", "reading-prompts-aloud")
    (missing,) = missing_for(known)
    assert "secret" in missing


def test_who_writes_down_is_who_was_chosen_and_a_service_is_declared(tmp_path: Path) -> None:
    assert recogniser_of(settings(tmp_path)) is None
    own = recogniser_of(settings(tmp_path, CARELINE_STT="pocketsphinx"))
    assert own is not None
    assert (own.name, own.languages) == ("pocketsphinx", ("en",))
    service = {
        "CARELINE_STT": "http",
        "CARELINE_STT_URL": "https://ear.example.com/v1",
        "CARELINE_STT_REGION": "cn",
        "CARELINE_STT_LANGUAGES": "zh-CN,en",
    }
    known = settings(tmp_path, **service)
    found = recogniser_of(known)
    assert found is not None
    assert found.languages == ("zh-CN", "en")
    (leaving,) = departures_of(known)
    assert (leaving.data_classes, leaving.purpose) == (("customer-voice",), "writing-down-speech")
