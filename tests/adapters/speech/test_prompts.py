"""Each prompt is made once, kept within bounds, and spoken by somebody as long as anybody can."""

import asyncio
import os
from array import array
from pathlib import Path

import pytest

from careline.adapters.speech.prompt_store import JUST_USED_S, PromptStore
from careline.adapters.speech.prompts import FIRST_REST_S, Prompts
from careline.adapters.speech.sound import Sound
from careline.kernel.errors import AdapterFailure, PermanentFailure, TransientFailure
from tests.support.clock import FakeClock

SECOND = 16_044
"""Bytes of one second of a prompt."""


class Talker:
    """Says a second of one loudness; ``silent`` fails, ``gate`` waits."""

    def __init__(self, name: str = "talker", loudness: int = 1000) -> None:
        self.name = name
        self.loudness = loudness
        self.said: list[str] = []
        self.silent: AdapterFailure | None = None
        self.gate: asyncio.Event | None = None

    def making(self, language: str) -> str | None:
        return None if language == "xx" else f"{self.name} {language}"

    async def speak(self, text: str, _language: str) -> Sound:
        self.said.append(text)
        if self.gate is not None:
            await self.gate.wait()
        if self.silent is not None:
            raise self.silent
        return Sound(array("h", [self.loudness] * 8000), 8000)

    async def close(self) -> None:
        self.said.append("closed")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def made(folder: Path, clock: FakeClock, *voices: Talker, most_bytes: int = 10**7) -> Prompts:
    return Prompts(voices, PromptStore(folder, most_bytes=most_bytes), clock)


async def test_what_was_said_is_not_said_again_not_even_by_another_process(tmp_path: Path, clock: FakeClock) -> None:
    voice = Talker()
    first = await made(tmp_path, clock, voice).render("你好\n 请讲", "zh-CN")
    again = await made(tmp_path, clock, voice).render("你好 请讲", "zh-CN")
    assert first == again
    assert voice.said == ["你好 请讲"]


async def test_many_who_ask_at_once_get_one_and_one_who_leaves_takes_it_from_nobody(
    tmp_path: Path, clock: FakeClock
) -> None:
    voice = Talker()
    voice.gate = asyncio.Event()
    prompts = made(tmp_path, clock, voice)
    asking = [asyncio.create_task(prompts.render("你好", "zh-CN")) for _ in range(5)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asking[0].cancel()
    voice.gate.set()
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert len(set(answers[1:])) == 1
    assert voice.said == ["你好"]


@pytest.mark.parametrize("damage", [b"", b"RIFF", b"\0" * SECOND, None])
async def test_a_damaged_sound_is_made_anew(tmp_path: Path, clock: FakeClock, damage: bytes | None) -> None:
    voice = Talker()
    prompts = made(tmp_path, clock, voice)
    path = await prompts.render("你好", "zh-CN")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] if damage is None else damage)
    assert (await prompts.render("你好", "zh-CN")).read_bytes() == whole
    assert voice.said == ["你好", "你好"]


async def test_when_there_is_too_much_the_least_used_go_and_none_that_was_just_asked_for(
    tmp_path: Path, clock: FakeClock
) -> None:
    voice = Talker()
    prompts = made(tmp_path, clock, voice, most_bytes=4 * SECOND)
    paths = [await prompts.render(f"第{n}句", "zh-CN") for n in range(4)]
    for age, path in enumerate(reversed(paths)):
        used = path.stat().st_mtime - 2 * JUST_USED_S - age
        os.utime(path, (used, used))
    left = tmp_path / "left.tmp"
    left.write_bytes(b"half")
    os.utime(left, (1, 1))
    assert await prompts.render("第0句", "zh-CN") == paths[0]  # the oldest, and from now on the newest
    await prompts.render("第4句", "zh-CN")
    assert [path.exists() for path in paths] == [True, False, False, True]
    assert not left.exists()
    busy = [await prompts.render(f"新{n}句", "zh-CN") for n in range(6)]
    assert all(path.exists() for path in busy), "callers are about to hear them"


async def test_when_the_chosen_voice_fails_the_next_one_speaks_and_gives_way_when_it_is_back(
    tmp_path: Path, clock: FakeClock
) -> None:
    fine, plain = Talker("fine", 2000), Talker("plain", 1000)
    prompts = made(tmp_path, clock, fine, plain)
    fine.silent = TransientFailure("away")
    instead = await prompts.render("你好", "zh-CN")
    assert [(one.voice, one.times) for one in prompts.failing] == [("fine", 1)]
    await prompts.render("再见", "zh-CN")
    assert fine.said == ["你好"], "it rests, so that nobody waits for it"
    clock.advance(FIRST_REST_S + 1)
    fine.silent = None
    own = await prompts.render("你好", "zh-CN")
    assert own != instead
    assert prompts.failing == ()
    await prompts.close()
    assert (fine.said[-1], plain.said[-1]) == ("closed", "closed")


async def test_a_voice_that_stays_away_rests_longer_each_time(tmp_path: Path, clock: FakeClock) -> None:
    fine, plain = Talker("fine"), Talker("plain")
    fine.silent = PermanentFailure("no")
    prompts = made(tmp_path, clock, fine, plain)
    for n in range(40):
        await prompts.render(f"第{n}句", "zh-CN")
        clock.advance(11)
    assert 4 <= len(fine.said) <= 8
    assert len(plain.said) == 40


async def test_when_nobody_can_speak_it_is_a_failure_and_is_tried_again(tmp_path: Path, clock: FakeClock) -> None:
    voice = Talker()
    voice.silent = TransientFailure("away")
    prompts = made(tmp_path, clock, voice)
    for _ in range(2):
        with pytest.raises(TransientFailure, match="away"):
            await prompts.render("你好", "zh-CN")
    assert voice.said == ["你好", "你好"], "the last one never rests"
    voice.silent = None
    assert (await prompts.render("你好", "zh-CN")).exists()


async def test_a_folder_that_cannot_be_written_is_a_failure_that_names_it(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TransientFailure, match="cannot be kept in"):
        await made(tmp_path / "file" / "prompts", clock, Talker()).render("你好", "zh-CN")
