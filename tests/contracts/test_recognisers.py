"""What everybody who writes down speech does, asked of each: the real pocketsphinx, hearing the real espeak-ng, and a
service over HTTP."""

import asyncio
import math
import os
import random
import subprocess
from array import array
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from careline.adapters.speech.assembly import egress_to
from careline.adapters.speech.espeak import EspeakVoice
from careline.adapters.speech.espeak_bundle import locate_espeak
from careline.adapters.speech.http_recogniser import HttpRecogniser
from careline.adapters.speech.pocketsphinx import PocketsphinxRecogniser
from careline.adapters.speech.pocketsphinx_bundle import Pocketsphinx, install_pocketsphinx, locate_pocketsphinx
from careline.adapters.speech.recognisers import LONGEST_HEARD_S, Recogniser
from careline.adapters.speech.resampling import resampled
from careline.adapters.speech.sound import Sound, read_wav, wav
from careline.infra.settings.speech import load_stt
from careline.kernel.errors import AdapterFailure, PermanentFailure, TransientFailure
from tests.support.serving import serving

TOOLS = Path(__file__).parents[2] / ".tools"
SENTENCES = (
    "please call me back tomorrow",
    "i would like to speak to a person",
    "my telephone does not work",
    "thank you very much",
    "how much do i have to pay this month",
)


async def spoken(text: str, rate: int) -> bytes:
    sound = await EspeakVoice(lambda: locate_espeak(TOOLS)).speak(text, "en")
    return wav(Sound(resampled(sound.samples, sound.rate, rate), rate))


class Service:
    """Answers with what it was told."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.body = msgspec.json.encode({"text": "please help me", "confidence": 0.875})
        self.status = 200
        self.app = Starlette(routes=[Route("/hear", self._hear, methods=["POST"])])

    async def _hear(self, request: Request) -> Response:
        self.asked.append((dict(request.headers), await request.body()))
        return Response(self.body, self.status)


async def http_recogniser(stack: AsyncExitStack, tmp_path: Path, service: Service) -> HttpRecogniser:
    place = await stack.enter_async_context(serving(service.app))
    secret = tmp_path / "secret"
    secret.write_text("s3cret-of-the-ear", encoding="utf-8")
    env = {
        "CARELINE_STT": "http",
        "CARELINE_STT_URL": f"http://127.0.0.1:{place.rpartition(':')[2]}/hear",
        "CARELINE_STT_REGION": "house",
        "CARELINE_STT_LANGUAGES": "zh-CN,en",
        "CARELINE_STT_SECRET_FILE": str(secret),
    }
    settings = load_stt(env, tmp_path, private_hosts=["127.0.0.1"], cross_border=False)
    return HttpRecogniser(settings, egress_to(settings.service, ("127.0.0.1",)))


@pytest.fixture(params=["pocketsphinx", "http"])
async def recogniser(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Recogniser]:
    async with AsyncExitStack() as stack:
        if request.param == "pocketsphinx":
            yield PocketsphinxRecogniser(lambda: locate_pocketsphinx(TOOLS))
        else:
            yield await http_recogniser(stack, tmp_path, Service())


@pytest.mark.parametrize("rate", [8000, 16_000])
async def test_speech_becomes_words_with_a_confidence(recogniser: Recogniser, rate: int) -> None:
    heard = await recogniser.hear(await spoken("please help me", rate), "en")
    assert heard.text.split()
    assert heard.language == "en"
    assert heard.confidence is not None
    assert 0 <= heard.confidence <= 1


async def test_what_it_does_not_understand_is_refused_and_named(recogniser: Recogniser) -> None:
    with pytest.raises(PermanentFailure, match="fr"):
        await recogniser.hear(await spoken("bonjour", 8000), "fr")


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"RIFF",
        b"\0" * 5000,
        wav(Sound(array("h"), 8000)),
        wav(Sound(array("h", bytes(2 * 700)), 8000)),
        wav(Sound(array("h", bytes(2 * int(8000 * (LONGEST_HEARD_S + 1)))), 8000)),
    ],
)
async def test_what_is_no_speech_is_refused_before_anybody_listens(recogniser: Recogniser, broken: bytes) -> None:
    with pytest.raises(PermanentFailure):
        await recogniser.hear(broken, "en")


async def test_noise_and_silence_harm_nobody_and_the_next_one_is_heard(recogniser: Recogniser) -> None:
    chance = random.Random(3)
    noise = array("h", (chance.randint(-32768, 32767) for _ in range(16_000)))
    for samples in (noise, array("h", bytes(32_000)), array("h", [32767, -32768] * 8000)):
        await recogniser.hear(wav(Sound(samples, 16_000)), "en")
    assert (await recogniser.hear(await spoken("please help me", 16_000), "en")).text


async def test_two_at_once_are_both_heard(recogniser: Recogniser) -> None:
    sound = await spoken("please help me", 16_000)
    one, other = await asyncio.gather(recogniser.hear(sound, "en"), recogniser.hear(sound, "en"))
    assert one == other


async def test_pocketsphinx_hears_words_that_were_said() -> None:
    """The clearest American voice that espeak-ng has: five words of six, and no text that one could rely on."""
    program = locate_espeak(TOOLS)
    command = [str(program.binary), "--stdin", "--stdout", "-v", "en-us+klatt2", "-s", "140"]
    recogniser = PocketsphinxRecogniser(lambda: locate_pocketsphinx(TOOLS))
    right = total = 0
    for sentence in SENTENCES:
        said = subprocess.run(
            command, input=sentence.encode(), capture_output=True, env={**os.environ, **program.env}, check=True
        )
        heard = await recogniser.hear(wav(read_wav(said.stdout)), "en")
        right += in_order(sentence.split(), heard.text.split())
        total += len(sentence.split())
    print(f"{right} of {total} words")
    assert right >= total / 2


def in_order(wanted: list[str], heard: list[str]) -> int:
    """How many words of one stand in the other, in their order (the longest common subsequence)."""
    row = [0] * (len(heard) + 1)
    for word in wanted:
        before = 0
        for at, other in enumerate(heard, start=1):
            before, row[at] = row[at], before + 1 if word == other else max(row[at], row[at - 1])
    return row[-1]


@pytest.mark.parametrize("does", ["exit 3", "kill -SEGV $$", "exec sleep 600"])
async def test_a_program_that_dies_or_hangs_ends_that_sound_only(tmp_path: Path, does: str) -> None:
    broken = tmp_path / "broken"
    broken.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\n{does}\n")
    os.chmod(broken, 0o755)  # noqa: PTH101
    recogniser = PocketsphinxRecogniser(lambda: Pocketsphinx(broken, tmp_path, {}), least_s=0.3)
    with pytest.raises(TransientFailure):
        await recogniser.hear(await spoken("hello there", 8000), "en")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


async def test_where_it_is_not_the_way_to_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr("careline.adapters.speech.pocketsphinx_bundle.find_programs", lambda *_: None)
    recogniser = PocketsphinxRecogniser(lambda: locate_pocketsphinx(tmp_path))
    with pytest.raises(PermanentFailure, match="careline voice install --recognition"):
        await recogniser.hear(await spoken("hello there", 8000), "en")


def test_what_is_there_is_not_brought_again() -> None:
    assert install_pocketsphinx(TOOLS, pytest.fail) == locate_pocketsphinx(TOOLS)


async def test_a_service_gets_bare_sound_and_the_language_and_is_let_in(tmp_path: Path) -> None:
    service = Service()
    sound = Sound(array("h", (round(9000 * math.sin(n / 5)) for n in range(8000))), 8000)
    told = wav(sound)
    secretive = told[:12] + b"LIST\x08\x00\x00\x00IARTtale" + told[12:]
    async with AsyncExitStack() as stack:
        heard = await (await http_recogniser(stack, tmp_path, service)).hear(secretive, "zh-CN")
    assert (heard.text, heard.confidence, heard.language) == ("please help me", 0.875, "zh-CN")
    ((headers, body),) = service.asked
    assert read_wav(body) == sound
    assert b"tale" not in body
    assert (headers["content-language"], headers["authorization"]) == ("zh-CN", "s3cret-of-the-ear")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<html>", 200),
        (b'{"text": 7}', 200),
        (b'{"text": "x", "confidence": 99}', 200),
        (b'{"text": "x", "confidence": NaN}', 200),
        (b"[" * 100_000, 200),
        (b'{"text": "x"}', 503),
    ],
)
async def test_what_a_service_should_not_answer_is_a_failure(tmp_path: Path, body: bytes, status: int) -> None:
    service = Service()
    service.body, service.status = body, status
    async with AsyncExitStack() as stack:
        recogniser = await http_recogniser(stack, tmp_path, service)
        with pytest.raises(AdapterFailure) as failed:
            await recogniser.hear(await spoken("hello there", 8000), "en")
    assert "s3cret" not in failed.value.reason


async def test_what_a_service_says_is_one_line_within_bounds(tmp_path: Path) -> None:
    service = Service()
    answer: dict[str, Any] = {"text": "a\nb\x1b[31m\u2028c " + "x" * 100_000}
    service.body = msgspec.json.encode(answer)
    async with AsyncExitStack() as stack:
        recogniser = await http_recogniser(stack, tmp_path, service)
        heard = await recogniser.hear(await spoken("hello there", 8000), "en")
    assert heard.confidence is None
    assert heard.text.startswith("a b [31m c x")
    assert len(heard.text) <= 20_000
    assert heard.text.isprintable()
