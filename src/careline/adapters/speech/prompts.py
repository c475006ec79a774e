"""Prompts read aloud: by the chosen voice, by espeak-ng when that fails, and each only once."""

import asyncio
import hashlib
import logging
from pathlib import Path

import msgspec

from careline.adapters.speech.prompt_store import PromptStore
from careline.adapters.speech.sound import telephone_wav
from careline.adapters.speech.voices import Voice, clean_text
from careline.kernel.clock import Clock
from careline.kernel.errors import AdapterFailure, PermanentFailure

logger = logging.getLogger(__name__)

FIRST_REST_S, LONGEST_REST_S = 10.0, 300.0
"""A voice that failed is not asked for so long, twice as long each time: every caller would wait for it."""

AT_ONCE = 4
_LAYOUT = "2"


class Failing(msgspec.Struct, frozen=True, kw_only=True):
    """A voice that could not speak when it was last asked. ``rests_until`` is by the monotonic clock."""

    voice: str
    reason: str
    times: int
    rests_until: float


class Prompts:
    """``voices`` in the order in which they are asked. Each text of each voice is a file of its own, so that what one
    said in place of another is not played once the other is back."""

    def __init__(self, voices: tuple[Voice, ...], store: PromptStore, clock: Clock) -> None:
        self._voices = voices
        self._store = store
        self._clock = clock
        self._making: dict[str, asyncio.Task[Path]] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._failing: dict[str, Failing] = {}

    @property
    def voices(self) -> tuple[str, ...]:
        """The names of the voices, in the order in which they are asked."""
        return tuple(voice.name for voice in self._voices)

    @property
    def failing(self) -> tuple[Failing, ...]:
        """Which voices failed when they were last asked."""
        return tuple(self._failing.values())

    def speaks(self, language: str) -> bool:
        """Whether one of the voices speaks a language, or one near to it."""
        return any(voice.making(language) is not None for voice in self._voices)

    async def render(self, text: str, language: str) -> Path:
        """The sound of a text: mono, 8 kHz, 16 bit, WAV. Raises ``TransientFailure`` or ``PermanentFailure``."""
        spoken = clean_text(text)
        failure: AdapterFailure = PermanentFailure(f"no voice speaks {language}")
        for voice in self._voices:
            making = voice.making(language)
            if making is None:
                continue
            name = _name(making, spoken)
            kept = None if name in self._making else self._store.find(name)
            if kept is not None:
                return kept
            if self._is_resting(voice):
                continue
            try:
                return await self._made(name, voice, spoken, language)
            except AdapterFailure as failed:
                failure = failed
        raise failure

    async def close(self) -> None:
        """Let go of what is being made."""
        making = list(self._making.values())
        for task in making:
            task.cancel()
        await asyncio.gather(*making, return_exceptions=True)
        for voice in self._voices:
            await voice.close()

    async def _made(self, name: str, voice: Voice, text: str, language: str) -> Path:
        """Made once, however many ask for it; who goes away takes it from nobody else."""
        task = self._making.get(name)
        if task is None:
            task = asyncio.create_task(self._make(name, voice, text, language), name="prompt")
            self._making[name] = task
            task.add_done_callback(lambda done: self._ended(name, done))
        return await asyncio.shield(task)

    def _ended(self, name: str, task: asyncio.Task[Path]) -> None:
        self._making.pop(name, None)
        if not task.cancelled():
            task.exception()  # whoever waited has it; it is not to be complained of when nobody does any more

    async def _make(self, name: str, voice: Voice, text: str, language: str) -> Path:
        async with self._turns:
            try:
                sound = await voice.speak(text, language)
            except AdapterFailure as failure:
                self._failed(voice, failure)
                raise
            self._spoke(voice)
            path = await asyncio.to_thread(lambda: self._store.keep(name, telephone_wav(sound)))
        logger.info("rendered a prompt of %d characters by %s", len(text), voice.name)
        return path

    def _is_resting(self, voice: Voice) -> bool:
        """The last voice never rests: after it there is silence."""
        known = self._failing.get(voice.name)
        return known is not None and voice is not self._voices[-1] and self._clock.monotonic() < known.rests_until

    def _failed(self, voice: Voice, failure: AdapterFailure) -> None:
        times = 1 + (self._failing[voice.name].times if voice.name in self._failing else 0)
        rest = min(LONGEST_REST_S, FIRST_REST_S * 2 ** min(times - 1, 10))
        until = self._clock.monotonic() + rest
        if times == 1:  # once, and again only when it has been well in between
            logger.warning("the voice %s could not speak a prompt: %s", voice.name, failure.reason)
        self._failing[voice.name] = Failing(voice=voice.name, reason=failure.reason, times=times, rests_until=until)

    def _spoke(self, voice: Voice) -> None:
        known = self._failing.pop(voice.name, None)
        if known is not None:
            logger.info("the voice %s speaks again after %d failures", voice.name, known.times)


def _name(making: str, text: str) -> str:
    return hashlib.sha256("\0".join((_LAYOUT, making, text)).encode()).hexdigest()[:40]
