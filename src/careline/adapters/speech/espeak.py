"""espeak-ng reads aloud: no network, no account, no model.

Text goes to the program by its standard input: it is never part of a command line, and without ``-m`` markup is text.
"""

import asyncio
import os
from collections.abc import Callable

from careline.adapters.speech.espeak_bundle import EspeakNg
from careline.adapters.speech.sound import Sound, read_wav
from careline.adapters.speech.voices import nearest
from careline.kernel.errors import PermanentFailure, TransientFailure

VOICES = {"zh-CN": "cmn", "en": "en-gb"}
WORDS_A_MINUTE = 165
RENDER_SECONDS = 20
_VERSION = "1"


class EspeakVoice:
    """The program is located when it is first needed, so that a house without it can be put together."""

    name = "espeak"

    def __init__(self, locate: Callable[[], EspeakNg]) -> None:
        self._locate = locate

    def making(self, language: str) -> str | None:
        voice = _voice(language)
        return None if voice is None else "\0".join(("espeak", _VERSION, voice, str(WORDS_A_MINUTE)))

    async def speak(self, text: str, language: str) -> Sound:
        voice = _voice(language)
        if voice is None:
            raise PermanentFailure(f"espeak-ng has no voice here for {language}; there are {', '.join(VOICES)}")
        program = await asyncio.to_thread(self._locate)
        try:
            sound = await _run(program, voice, text.replace("[[", "[ ["))  # two brackets would begin phonemes
        except OSError as error:
            raise TransientFailure(f"espeak-ng cannot be run ({error.strerror})") from None
        return await asyncio.to_thread(read_wav, sound)

    async def close(self) -> None:
        """Nothing is held."""


def _voice(language: str) -> str | None:
    near = nearest(language, VOICES)
    return None if near is None else VOICES[near]


async def _run(program: EspeakNg, voice: str, text: str) -> bytes:
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
        raise TransientFailure(f"espeak-ng took longer than {RENDER_SECONDS} s", retry_after=1.0) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise TransientFailure(f"espeak-ng ended with {process.returncode}: {complaint.decode(errors='replace')[:200]}")
    return sound
