"""The real espeak-ng through the house's own port: what it says lands once, whole, at the telephone's rate."""

import asyncio
import os
import wave
from pathlib import Path

import pytest

from careline.adapters.speech.espeak import EspeakVoice
from careline.adapters.speech.espeak_bundle import EspeakNg, locate_espeak
from careline.adapters.speech.prompt_store import PromptStore
from careline.adapters.speech.prompts import Prompts
from careline.adapters.speech.voices import LONGEST_TEXT
from careline.kernel.clock import SystemClock
from careline.kernel.errors import PermanentFailure, TransientFailure

TOOLS = Path(__file__).parents[3] / ".tools"


def prompts(folder: Path, voice: EspeakVoice | None = None) -> Prompts:
    store = PromptStore(folder, most_bytes=10**7)
    return Prompts((voice or EspeakVoice(lambda: locate_espeak(TOOLS)),), store, SystemClock())


@pytest.fixture
def speech(tmp_path: Path) -> Prompts:
    return prompts(tmp_path / "prompts")


def seconds(path: Path) -> float:
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 8000)
        return float(sound.getnframes() / 8000)


async def test_mandarin_is_spoken_and_kept(speech: Prompts) -> None:
    path = await speech.render("您好,欢迎致电一零零八六", "zh-CN")
    assert 1.0 < seconds(path) < 8.0
    before = path.stat().st_ino
    assert await speech.render("您好,欢迎致电一零零八六", "zh-CN") == path
    assert path.stat().st_ino == before


async def test_another_language_is_another_sound(speech: Prompts) -> None:
    assert await speech.render("10086", "zh-CN") != await speech.render("10086", "en")


async def test_two_at_once_make_one_file(speech: Prompts, tmp_path: Path) -> None:
    paths = await asyncio.gather(*(speech.render("请稍候", "zh-CN") for _ in range(5)))
    assert len(set(paths)) == 1
    assert [item.suffix for item in (tmp_path / "prompts").iterdir()] == [".wav"]


@pytest.mark.parametrize("text", ["", "   \n", "\0\x1b\u2028", "长" * (LONGEST_TEXT + 1), "x" * 1_048_576])
async def test_what_cannot_be_a_prompt_is_refused(speech: Prompts, text: str, tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure, match="characters"):
        await speech.render(text, "zh-CN")
    assert not (tmp_path / "prompts").exists()


async def test_a_language_that_nobody_speaks_is_refused(speech: Prompts) -> None:
    with pytest.raises(PermanentFailure, match="no voice speaks fr"):
        await speech.render("bonjour", "fr")


async def test_text_is_never_a_command(speech: Prompts, tmp_path: Path) -> None:
    path = await speech.render(f"-w {tmp_path}/stolen.wav; --help", "en")
    assert seconds(path) > 1
    assert not (tmp_path / "stolen.wav").exists()


async def test_brackets_are_no_phonemes_and_marks_no_markup(speech: Prompts) -> None:
    """Both would be swallowed or spoken as something else than what stands there."""
    said = seconds(await speech.render("[[f'u:]] <break time='3600s'/> done", "en"))
    assert 2 < said < 30


async def test_a_program_that_fails_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho out of voices >&2\nexit 3\n")
    os.chmod(broken, 0o755)  # noqa: PTH101
    speech = prompts(tmp_path / "prompts", EspeakVoice(lambda: EspeakNg(broken, {})))
    with pytest.raises(TransientFailure, match="out of voices"):
        await speech.render("你好", "zh-CN")
    assert not list(tmp_path.glob("prompts/*"))
    assert [failing.voice for failing in speech.failing] == ["espeak"]
