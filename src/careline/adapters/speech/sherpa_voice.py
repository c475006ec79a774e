"""A model of one's own reads aloud by sherpa-onnx, in a process of its own."""

import asyncio
from array import array
from collections.abc import Sequence
from pathlib import Path

import msgspec

from careline.adapters.speech.sherpa_models import version_of, voice_model
from careline.adapters.speech.sherpa_worker import COMMAND
from careline.adapters.speech.sound import RATES, Sound
from careline.adapters.speech.voices import nearest
from careline.adapters.speech.workshop import Workshop
from careline.kernel.errors import PermanentFailure

LIMIT_S = 30.0
"""Of one prompt, and of loading the model before the first."""


class SherpaVoice:
    """The model is looked at and loaded when the first prompt is asked for, and stays loaded."""

    name = "sherpa"

    def __init__(
        self, model: Path, languages: tuple[str, ...], speaker: int, *, command: Sequence[str] = COMMAND
    ) -> None:
        self._model = model
        self._languages = languages
        self._speaker = speaker
        self._workshop = Workshop("sherpa-onnx", command, limit_s=LIMIT_S)
        self._version: str | None = None

    def making(self, language: str) -> str | None:
        near = nearest(language, self._languages)
        if near is None:
            return None
        if self._version is None:
            self._version = version_of(self._model)
        return "\0".join(("sherpa", str(self._model), self._version, str(self._speaker), near))

    async def speak(self, text: str, language: str) -> Sound:
        files = await asyncio.to_thread(voice_model, self._model)
        asked = {"do": "speak", "files": files, "text": text, "speaker": self._speaker}
        told, data = await self._workshop.ask(msgspec.json.encode(asked))
        rate = told.get("rate")
        samples = array("h")
        samples.frombytes(data[: len(data) // 2 * 2])
        if rate not in RATES or not samples:
            raise PermanentFailure(f"the model made no sound of a usual rate ({rate} Hz, {len(samples)} samples)")
        return Sound(samples, rate)

    async def close(self) -> None:
        """End the engine's process."""
        await self._workshop.close()
