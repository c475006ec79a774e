"""A caller as a channel."""

import asyncio
import logging
from collections import deque

import msgspec

from careline.kernel.errors import AdapterFailure
from careline.modules.contact.flows.engine.channel import CustomerGone, Served, Wanted
from careline.modules.contact.flows.engine.steps import Enqueue
from careline.modules.contact.flows.engine.words import Words
from careline.modules.contact.flows.ports import Speech
from careline.modules.contact.flows.services.queueing import Contact, Queueing
from careline.modules.contact.telephony.facade import CallGone, Telephony
from careline.modules.contact.telephony.views import (
    AgentLeft,
    CallerGone,
    KeyPressed,
    PassedOn,
    PlaybackEnded,
    Signal,
)

logger = logging.getLogger(__name__)


class _Entry:
    """Keys of one entry, as they come. What they are stands in no message."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.keyed = ""
        self.is_over = False

    @property
    def is_full(self) -> bool:
        """Whether there are as many keys as there can be."""
        return len(self.keyed) >= self.wanted.most

    @property
    def pause_s(self) -> float:
        """How long to wait for the next key."""
        return self.wanted.between_s if self.keyed else self.wanted.timeout_s

    def add(self, key: str) -> None:
        """One more key; the terminator and the last one that there can be end it."""
        if key == self.wanted.terminator:
            self.is_over = True
            return
        self.keyed += key
        self.is_over = self.is_full


class VoiceChannel:
    """One call. Keys pressed ahead of a question answer it, so that regular callers need not listen."""

    kind = "voice"

    def __init__(self, contact: Contact, telephony: Telephony, speech: Speech, queueing: Queueing) -> None:
        self._contact = contact
        self._telephony = telephony
        self._speech = speech
        self._queueing = queueing
        self._keys: deque[str] = deque()
        self._announcement: str | None = None
        self._ended_early: str | None = None

    def speak(self, language: str) -> None:
        self._contact = msgspec.structs.replace(self._contact, language=language)

    async def say(self, text: Words, *, interruptible: bool) -> str | None:
        if interruptible and self._keys:
            return self._keys[0]
        playback = await self._play(text)
        while True:
            signal = await self._next()
            if isinstance(signal, PlaybackEnded) and signal.playback == playback:
                return None
            if isinstance(signal, KeyPressed):
                self._keys.append(signal.key)
                if interruptible:
                    await self._telephony.stop(playback)
                    return signal.key

    async def ask(self, text: Words, keys: frozenset[str], timeout_s: float, *, fresh: bool = False) -> str | None:
        if fresh:
            await self._forget_keys()
        if self._keys:
            return self._keys.popleft()
        playback = await self._play(text)
        playing = True
        try:
            async with asyncio.timeout(None) as limit:
                while True:
                    signal = await self._next()
                    if isinstance(signal, PlaybackEnded) and signal.playback == playback:
                        playing = False
                        limit.reschedule(asyncio.get_running_loop().time() + timeout_s)
                    elif isinstance(signal, KeyPressed):
                        if playing:
                            await self._telephony.stop(playback)
                        return signal.key
        except TimeoutError:
            return None

    async def collect(self, text: Words, wanted: Wanted) -> str | None:
        if not wanted.interruptible:
            await self._forget_keys()
        entry = _Entry(wanted)
        while self._keys and not entry.is_over:
            entry.add(self._keys.popleft())
        if not entry.is_over:
            await self._keyed(entry, None if entry.keyed else await self._play(text))
        if entry.is_full:
            # Whoever closes a full entry with its terminator does not answer the next question with it.
            if self._keys and self._keys[0] == wanted.terminator:
                self._keys.popleft()
            else:
                self._ended_early = wanted.terminator
        return entry.keyed or None

    async def _keyed(self, entry: "_Entry", playback: str | None) -> None:
        """Wait for what is missing. The time for the first key begins with the end of the prompt."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(None) as limit:
                if playback is None:
                    limit.reschedule(loop.time() + entry.wanted.between_s)
                while not entry.is_over:
                    signal = await self._next()
                    if isinstance(signal, PlaybackEnded) and signal.playback == playback:
                        playback = None
                        limit.reschedule(loop.time() + entry.pause_s)
                    elif isinstance(signal, KeyPressed):
                        entry.add(signal.key)
                        if playback is not None and entry.wanted.interruptible:
                            await self._telephony.stop(playback)
                            playback = None
                        if playback is None:
                            limit.reschedule(loop.time() + entry.pause_s)
        except TimeoutError:
            return

    async def enqueue(
        self, step: Enqueue, words: Words | None, at: str, journey: list[tuple[str, str]], *, recording: bool
    ) -> None:
        await self._queueing.enqueue(self._contact, step, at, journey, recording=recording)
        # An agent may have answered by now, as at any moment from here on: telephony plays nothing into a talk.
        if words is None:
            await self.play_music()
            return
        try:
            self._announcement = await self._play(words)
        except AdapterFailure as failure:
            logger.warning("call %s waits without a word: %s", self._contact.interaction_id, failure.reason)
            await self.play_music()

    async def keep_place(self, step: str) -> None:
        await self._queueing.keep_place(self._contact, step)

    async def until_served(self) -> Served:
        while True:
            signal = await self._queueing.until_left(self._contact, self._next())
            if isinstance(signal, Served):
                self._keys.clear()
                await self._hush()
                return signal
            if isinstance(signal, AgentLeft):
                self._keys.clear()
                return Served.LOST if signal.lost else Served.DONE
            if isinstance(signal, PassedOn):
                self._keys.clear()
                await self.play_music()
            if isinstance(signal, PlaybackEnded) and signal.playback == self._announcement:
                self._announcement = None
                await self.play_music()

    async def end(self, journey: list[tuple[str, str]]) -> None:
        await self._queueing.note(self._contact, journey)
        await self._telephony.hang_up(self._contact.interaction_id, by="flow")

    async def answer(self) -> None:
        """Answer the caller."""
        try:
            await self._telephony.answer(self._contact.interaction_id)
        except CallGone:
            raise CustomerGone from None

    async def play_music(self) -> None:
        """What a caller waits with. Who cannot have it waits in silence: the place is worth more."""
        try:
            await self._telephony.music(self._contact.interaction_id, on=True)
        except CallGone:
            raise CustomerGone from None
        except AdapterFailure as failure:
            logger.warning("call %s waits in silence: %s", self._contact.interaction_id, failure.reason)

    async def _hush(self) -> None:
        """Nobody will come: end what a caller waits with, so that they hear what is said next."""
        try:
            if self._announcement is not None:
                await self._telephony.stop(self._announcement)
            await self._telephony.music(self._contact.interaction_id, on=False)
        except CallGone:
            raise CustomerGone from None
        except AdapterFailure as failure:
            logger.warning("call %s still hears what it waited with: %s", self._contact.interaction_id, failure.reason)
        self._announcement = None

    async def _play(self, text: Words) -> str:
        sound = await self._speech.render(text, text.language)
        try:
            return await self._telephony.play(self._contact.interaction_id, [sound])
        except CallGone:
            raise CustomerGone from None

    async def _forget_keys(self) -> None:
        """What was keyed until now answers nothing."""
        self._keys.clear()
        try:
            async with asyncio.timeout(0):
                while True:
                    await self._next()
        except TimeoutError:
            return

    async def _next(self) -> Signal:
        while True:
            try:
                signal = await self._telephony.next_signal(self._contact.interaction_id)
            except CallGone:
                raise CustomerGone from None
            if isinstance(signal, CallerGone):
                raise CustomerGone
            if isinstance(signal, KeyPressed):
                ended, self._ended_early = self._ended_early, None
                if signal.key == ended:
                    continue
            elif isinstance(signal, PlaybackEnded) and signal.completed:
                self._ended_early = None
            return signal
