"""A caller as a channel."""

import asyncio
import logging
from collections import deque

from careline.kernel.errors import AdapterFailure
from careline.modules.contact.flows.engine.channel import CustomerGone, Served
from careline.modules.contact.flows.engine.definition import Enqueue
from careline.modules.contact.flows.ports import Speech
from careline.modules.contact.flows.services.queueing import Contact, Queueing
from careline.modules.contact.telephony.facade import CallGone, Telephony
from careline.modules.contact.telephony.views import (
    AgentLeft,
    CallerGone,
    KeyPressed,
    PlaybackEnded,
    Signal,
)

logger = logging.getLogger(__name__)


class VoiceChannel:
    """One call. Keys pressed ahead of a question answer it, so that regular callers need not listen."""

    kind = "voice"

    def __init__(
        self, contact: Contact, telephony: Telephony, speech: Speech, queueing: Queueing, language: str
    ) -> None:
        self._contact = contact
        self._telephony = telephony
        self._speech = speech
        self._queueing = queueing
        self._language = language
        self._keys: deque[str] = deque()
        self._announcement: str | None = None

    async def say(self, text: str, *, interruptible: bool) -> str | None:
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

    async def ask(self, text: str, keys: frozenset[str], timeout_s: float) -> str | None:
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

    async def enqueue(
        self, step: Enqueue, words: str | None, journey: list[tuple[str, str]], *, recording: bool
    ) -> None:
        await self._queueing.enqueue(self._contact, step, journey, recording=recording)
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

    async def _play(self, text: str) -> str:
        sound = await self._speech.render(text, self._language)
        try:
            return await self._telephony.play(self._contact.interaction_id, [sound])
        except CallGone:
            raise CustomerGone from None

    async def _next(self) -> Signal:
        try:
            signal = await self._telephony.next_signal(self._contact.interaction_id)
        except CallGone:
            raise CustomerGone from None
        if isinstance(signal, CallerGone):
            raise CustomerGone
        return signal
