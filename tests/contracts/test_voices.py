"""What every voice that reads prompts aloud does, asked of each of them: the real espeak-ng, sherpa-onnx with a model
of our own making, and a service over HTTP."""

import asyncio
import contextlib
import json
import math
from array import array
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from careline.adapters.speech.assembly import egress_to
from careline.adapters.speech.espeak import EspeakVoice
from careline.adapters.speech.espeak_bundle import locate_espeak
from careline.adapters.speech.http_voice import HttpVoice
from careline.adapters.speech.sherpa_voice import SherpaVoice
from careline.adapters.speech.sound import Sound, wav
from careline.adapters.speech.voices import LONGEST_TEXT, Voice, nearest
from careline.infra.settings.speech import load_tts
from careline.kernel.errors import AdapterFailure, PermanentFailure
from tests.support.serving import serving
from tests.support.tiny_voice import write_voice

TOOLS = Path(__file__).parents[2] / ".tools"


class Service:
    """Answers with a tone as long as the text, or with what it was told."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.answer: Response | None = None
        self.app = Starlette(routes=[Route("/speak", self._speak, methods=["POST"])])

    async def _speak(self, request: Request) -> Response:
        body = json.loads(await request.body())
        self.asked.append((dict(request.headers), body))
        if self.answer is not None:
            return self.answer
        count = 2400 * len(body["text"])
        samples = array("h", (round(9000 * math.sin(n / 5)) for n in range(count)))
        return Response(wav(Sound(samples, 24_000)), media_type="audio/wav")


async def http_voice(stack: AsyncExitStack, tmp_path: Path, service: Service, **changed: str) -> HttpVoice:
    place = await stack.enter_async_context(serving(service.app))
    secret = tmp_path / "secret"
    secret.write_text("Bearer s3cret-of-the-voice\n", encoding="utf-8")
    env = {
        "CARELINE_TTS": "http",
        "CARELINE_TTS_URL": f"http://127.0.0.1:{place.rpartition(':')[2]}/speak",
        "CARELINE_TTS_REGION": "house",
        "CARELINE_TTS_VOICE": "xiaolan",
        "CARELINE_TTS_SECRET_FILE": str(secret),
        "CARELINE_TTS_TIMEOUT": "30",
        **changed,
    }
    settings = load_tts(env, tmp_path, private_hosts=["127.0.0.1"], cross_border=False)
    return HttpVoice(settings, egress_to(settings.service, ("127.0.0.1",)))


@pytest.fixture(params=["espeak", "sherpa", "http"])
async def voice(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Voice]:
    async with AsyncExitStack() as stack:
        made: Voice
        if request.param == "espeak":
            made = EspeakVoice(lambda: locate_espeak(TOOLS))
        elif request.param == "sherpa":
            made = SherpaVoice(write_voice(tmp_path / "model"), ("zh-CN",), 0)
        else:
            made = await http_voice(stack, tmp_path, Service())
        yield made
        await made.close()


async def test_a_text_becomes_a_sound_and_a_longer_one_a_longer_sound(voice: Voice) -> None:
    short, long = await voice.speak("你好", "zh-CN"), await voice.speak("你好一二三三二一你好", "zh-CN")
    assert 0.05 < short.seconds < long.seconds < 30
    assert max(short.samples) > 500, "it can be heard"


async def test_two_at_once_both_are_heard(voice: Voice) -> None:
    one, other = await asyncio.gather(voice.speak("一", "zh-CN"), voice.speak("二三一二三", "zh-CN"))
    assert 0 < one.seconds < other.seconds


async def test_what_decides_on_the_sound_is_named(voice: Voice) -> None:
    making = voice.making("zh-CN")
    assert making
    assert making == voice.making("zh-CN")
    assert voice.making("xx") is None


@pytest.mark.parametrize(
    "text",
    [
        "你好 <speak><audio src='file:///etc/passwd'/></speak> & ]]> 你好",
        "--help; $(reboot) `id` 你好",
        "-w /etc/passwd 你好",
        "你好 [[h@l'oU]] %s {text} \\u0000",
        "😀 你好 ‮ 三",
        "好" * LONGEST_TEXT,
    ],
)
async def test_hostile_text_is_read_or_refused_and_the_next_one_is_read(voice: Voice, text: str) -> None:
    if len(text) < LONGEST_TEXT or voice.name != "http":  # the service here would answer with minutes of a tone
        with contextlib.suppress(AdapterFailure):
            assert (await voice.speak(text, "zh-CN")).samples
    assert (await voice.speak("你好", "zh-CN")).samples


async def test_a_service_hears_text_language_and_voice_and_is_let_in(tmp_path: Path) -> None:
    service = Service()
    async with AsyncExitStack() as stack:
        voice = await http_voice(stack, tmp_path, service)
        await voice.speak('你好", "voice": "other', "zh-CN")
    ((headers, body),) = service.asked
    assert body == {"text": '你好", "voice": "other', "language": "zh-CN", "voice": "xiaolan"}
    assert headers["authorization"] == "Bearer s3cret-of-the-voice"
    assert headers["accept"] == "audio/wav"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Response(status_code=500), "answered 500"),
        (Response(status_code=302, headers={"Location": "http://169.254.169.254/"}), "answered 302"),
        (Response(b"<html>"), "no WAV"),
        (Response(b"RIFF\xff\xff\xff\xffWAVE"), "no sound"),
        (Response(wav(Sound(array("h"), 8000))), "empty"),
        (Response(wav(Sound(array("h", bytes(60)), 8000))), "empty"),
        (Response(wav(Sound(array("h", bytes(9_700_000)), 8000))), "longer than 600"),
        (Response(bytes(33 * 1_048_576)), "more than"),
    ],
)
async def test_what_a_service_should_not_answer_is_a_failure_without_the_text(
    tmp_path: Path, answer: Response, said: str
) -> None:
    service = Service()
    service.answer = answer
    async with AsyncExitStack() as stack:
        voice = await http_voice(stack, tmp_path, service)
        with pytest.raises(AdapterFailure, match=said) as failed:
            await voice.speak("您的余额", "zh-CN")
    assert "余额" not in failed.value.reason
    assert "s3cret" not in failed.value.reason


@pytest.mark.parametrize("gone", ["model.onnx", "tokens.txt", "lexicon.txt"])
async def test_a_model_that_lacks_a_file_is_refused_by_its_name(tmp_path: Path, gone: str) -> None:
    model = write_voice(tmp_path / "model")
    (model / gone).unlink()
    voice = SherpaVoice(model, ("zh-CN",), 0)
    with pytest.raises(PermanentFailure, match=gone):
        await voice.speak("你好", "zh-CN")


async def test_a_model_of_rubbish_ends_its_own_process_and_a_good_one_is_loaded_after(tmp_path: Path) -> None:
    model = write_voice(tmp_path / "model")
    good = (model / "model.onnx").read_bytes()
    (model / "model.onnx").write_bytes(b"\0" * 5000)
    voice = SherpaVoice(model, ("zh-CN",), 0)
    with pytest.raises(AdapterFailure):
        await voice.speak("你好", "zh-CN")
    (model / "model.onnx").write_bytes(good)
    assert (await voice.speak("你好", "zh-CN")).samples
    await voice.close()


@pytest.mark.parametrize(
    ("language", "near"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("EN", "en"),
        ("zh", "zh-CN"),
        ("zh-Hant-TW", "zh-CN"),
        ("fr", None),
        ("", None),
    ],
)
def test_a_language_is_read_in_the_nearest_that_there_is(language: str, near: str | None) -> None:
    assert nearest(language, ("zh-CN", "en")) == near
    assert nearest("en", ("zh-CN", "en-US")) == "en-US"


def test_espeak_reads_british_english_too() -> None:
    voice = EspeakVoice(lambda: pytest.fail("nothing is started"))
    assert voice.making("en-GB") == voice.making("en")
    assert voice.making("fr") is None
