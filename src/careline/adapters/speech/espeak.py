"""Prompts spoken by espeak-ng and kept by what is said.

The file's name is the hash of text, voice and settings, so a prompt is rendered once, two at the same time never
clash, and a changed setting never plays an old sound. Text goes to the program by its standard input: it is never
part of a command line.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
import os
import wave
from array import array
from collections.abc import Callable
from pathlib import Path

from careline.adapters.speech.espeak_bundle import EspeakNg
from careline.adapters.speech.resampling import TELEPHONE_HZ, to_telephone
from careline.kernel.errors import PermanentFailure, TransientFailure

logger = logging.getLogger(__name__)

VOICES = {"zh-CN": "cmn", "en": "en-gb"}
WORDS_A_MINUTE = 165
RENDER_SECONDS = 20
LONGEST_TEXT = 2000
_VERSION = "1"


class EspeakSpeech:
    """Text to speech that needs no network, no account and no model.

    The program is located when it is first needed, so that a house without it can be put together.
    """

    def __init__(self, locate: Callable[[], EspeakNg], folder: Path) -> None:
        self._locate = locate
        self._folder = folder
        self._rendering: dict[Path, asyncio.Lock] = {}

    async def render(self, text: str, language: str) -> Path:
        """The sound of a text: mono, 8 kHz, 16 bit, WAV."""
        spoken = " ".join(text.split())
        if not spoken or len(spoken) > LONGEST_TEXT:
            raise PermanentFailure(f"a prompt has 1 to {LONGEST_TEXT} characters, this one has {len(spoken)}")
        voice = VOICES.get(language)
        if voice is None:
            raise PermanentFailure(f"no voice for {language}; there are {', '.join(VOICES)}")
        name = hashlib.sha256("\0".join((_VERSION, voice, str(WORDS_A_MINUTE), spoken)).encode()).hexdigest()[:32]
        path = self._folder / f"{name}.wav"
        if path.exists():
            return path
        async with self._rendering.setdefault(path, asyncio.Lock()):
            if not path.exists():
                await self._speak(spoken, voice, path)
        self._rendering.pop(path, None)
        return path

    async def _speak(self, text: str, voice: str, path: Path) -> None:
        program = self._locate()
        process = await asyncio.create_subprocess_exec(
            str(program.binary),
            "--stdin",
            "--stdout",
            "-b",
            "1",
            "-v",
            voice,
            "-s",
            str(WORDS_A_MINUTE),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **program.env},
        )
        try:
            async with asyncio.timeout(RENDER_SECONDS):
                sound, complaint = await process.communicate(text.encode())
        except TimeoutError:
            process.kill()
            await process.wait()
            raise TransientFailure(f"espeak-ng took longer than {RENDER_SECONDS} s", retry_after=1.0) from None
        if process.returncode != 0:
            raise TransientFailure(f"espeak-ng ended with {process.returncode}: {complaint.decode(errors='replace')}")
        await asyncio.to_thread(_store, sound, path)
        logger.info("rendered a prompt of %d characters", len(text))


def _store(sound: bytes, path: Path) -> None:
    """Bring the sound to the telephone's rate and put it in its place at once, whole or not at all."""
    samples, rate = _samples(sound)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    with wave.open(str(unfinished), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(TELEPHONE_HZ)
        out.writeframes(to_telephone(samples, rate).tobytes())
    unfinished.replace(path)


def _samples(sound: bytes) -> tuple[array[int], int]:
    """What espeak-ng wrote: a WAV whose length in the header is not to be trusted, since it went to a pipe."""
    with wave.open(io.BytesIO(sound), "rb") as source:
        if source.getnchannels() != 1 or source.getsampwidth() != 2:
            raise PermanentFailure("espeak-ng wrote something other than mono 16-bit sound")
        rate = source.getframerate()
    data = sound[sound.index(b"data") + 8 :]
    samples = array("h")
    samples.frombytes(data[: len(data) // 2 * 2])
    return samples, rate
