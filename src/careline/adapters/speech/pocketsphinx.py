"""pocketsphinx writes down English, without network and account: the proof of the port rather than a good ear.

Each sound has a process of its own, which ends with it; it reads the sound from a pipe, so that nothing of what was
said touches the disk.
"""

import asyncio
import os
import re
from array import array
from collections.abc import Callable
from statistics import fmean

from careline.adapters.speech.pocketsphinx_bundle import Pocketsphinx
from careline.adapters.speech.recognisers import Heard, listenable
from careline.adapters.speech.resampling import resampled
from careline.adapters.speech.sound import Sound
from careline.kernel.errors import PermanentFailure, TransientFailure

MODEL_HZ = 16_000
LEAST_S, SECONDS_A_SECOND = 20.0, 4.0
"""How long the program may take: so long, and so many times the sound's own length."""

QUIET_S = 0.5
"""Of silence before and after: it tells speech from what is around it, and loses a first word that begins at once."""

PEAK = 4000
"""The loudest sample. Of five sentences in a clear voice it heard 15 of 31 words rightly at 24,000, and 26 at this."""

MOST_SAID = 1_048_576
_WORD = re.compile(r"(?P<word>[a-z][a-z'.\-]*)(\(\d+\))? \d+\.\d+ \d+\.\d+ (?P<sure>\d+\.\d+)")


class PocketsphinxRecogniser:
    """One sound at a time: it takes a whole core."""

    name = "pocketsphinx"
    languages = ("en",)

    def __init__(self, locate: Callable[[], Pocketsphinx], *, least_s: float = LEAST_S) -> None:
        self._locate = locate
        self._least_s = least_s
        self._turn = asyncio.Semaphore(1)

    async def hear(self, wav: bytes, language: str) -> Heard:
        if language not in self.languages:
            raise PermanentFailure(f"pocketsphinx understands no {language} here; it understands English (en)")
        program = await asyncio.to_thread(self._locate)
        sound = await asyncio.to_thread(_at_model_rate, wav)
        async with self._turn:
            try:
                said = await self._run(program, sound)
            except OSError as error:
                raise TransientFailure(f"pocketsphinx cannot be run ({error.strerror})") from None
        found = [_WORD.fullmatch(line) for line in said.decode(errors="replace").splitlines()]
        words = [(match["word"], float(match["sure"])) for match in found if match is not None]
        sure = round(min(1.0, fmean(one for _, one in words)), 3) if words else None
        return Heard(text=" ".join(word for word, _ in words), language=language, confidence=sure)

    async def _run(self, program: Pocketsphinx, sound: Sound) -> bytes:
        model = program.model
        arguments = {
            "-infile": "/dev/stdin",  # without a name that ends in .wav it takes bare samples
            "-hmm": str(model / "en-us"),
            "-lm": str(model / "en-us.lm.bin"),
            "-dict": str(model / "cmudict-en-us.dict"),
            "-time": "yes",
            "-logfn": "/dev/null",
        }
        process = await asyncio.create_subprocess_exec(
            str(program.binary),
            *(word for pair in arguments.items() for word in pair),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, **program.env},
        )
        limit_s = self._least_s + SECONDS_A_SECOND * sound.seconds
        try:
            async with asyncio.timeout(limit_s):
                said, _ = await process.communicate(sound.samples.tobytes())
        except TimeoutError:
            raise TransientFailure(f"pocketsphinx took longer than {limit_s:.0f} s and was ended") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            raise TransientFailure(f"pocketsphinx ended with {process.returncode}")
        return said[:MOST_SAID]


def _at_model_rate(wav: bytes) -> Sound:
    sound = listenable(wav)
    quiet = array("h", bytes(2 * int(QUIET_S * MODEL_HZ)))
    samples = resampled(sound.samples, sound.rate, MODEL_HZ)
    loudest = max(1, max(samples), -min(samples))
    return Sound(quiet + array("h", (one * PEAK // loudest for one in samples)) + quiet, MODEL_HZ)
