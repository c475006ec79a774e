"""A chat as a channel. What a caller would hear is written by the bot; what a caller would press is typed."""

import asyncio

import msgspec

from careline.kernel.errors import Conflict
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.conversations.views import (
    AgentDone,
    AgentJoined,
    ChatSignal,
    CustomerLeft,
    CustomerSaid,
    MessageView,
)
from careline.modules.contact.flows.engine.channel import CustomerGone, Served, Wanted
from careline.modules.contact.flows.engine.steps import Enqueue
from careline.modules.contact.flows.engine.typed import typed_key
from careline.modules.contact.flows.services.queueing import Contact, Queueing

_ASK_TIMEOUT_FACTOR = 20
"""People type slower than they press, and read before they do: a menu's six seconds are two minutes in a chat."""


class ChatChannel:
    """One web chat."""

    kind = "webchat"

    def __init__(self, contact: Contact, conversations: Conversations, queueing: Queueing) -> None:
        self._contact = contact
        self._conversations = conversations
        self._queueing = queueing
        self._signals = conversations.chat_signals(contact.interaction_id)
        self._strayed = False

    def speak(self, language: str) -> None:
        self._contact = msgspec.structs.replace(self._contact, language=language)

    async def say(self, text: str, *, interruptible: bool) -> str | None:
        await self._post(text)
        return None

    async def ask(self, text: str, keys: frozenset[str], timeout_s: float, *, fresh: bool = False) -> str | None:
        asked = await self._post(text)
        # Who has once said something else is reminded. Who does it again has another matter, not another answer.
        only_keys = self._strayed
        try:
            async with asyncio.timeout(timeout_s * _ASK_TIMEOUT_FACTOR):
                with self._conversations.question(
                    asked.conversation_id,
                    self._contact.interaction_id,
                    lambda words: not only_keys or typed_key(words) in keys,
                ):
                    key = await self._said()
        except TimeoutError:
            return None
        self._strayed = key not in keys
        return key

    async def collect(self, text: str, wanted: Wanted) -> str | None:
        if wanted.secret:
            raise ValueError("what is typed in a chat is stored, and cannot be secret")
        asked = await self._post(text)
        try:
            async with asyncio.timeout(wanted.timeout_s * _ASK_TIMEOUT_FACTOR):
                with self._conversations.question(
                    asked.conversation_id, self._contact.interaction_id, lambda words: any(map(str.isdigit, words))
                ):
                    return await self._words()
        except TimeoutError:
            return None

    async def enqueue(
        self, step: Enqueue, words: str | None, at: str, journey: list[tuple[str, str]], *, recording: bool
    ) -> None:
        if words is not None:  # is there as soon as it is posted: who reads loses no time by it
            await self._post(words)
        await self._queueing.enqueue(self._contact, step, at, journey, recording=False)

    async def keep_place(self, step: str) -> None:
        await self._queueing.keep_place(self._contact, step)

    async def until_served(self) -> Served:
        while True:
            signal = await self._queueing.until_left(self._contact, self._next())
            if isinstance(signal, Served):
                return signal
            if isinstance(signal, AgentDone):
                return Served.DONE
            if isinstance(signal, AgentJoined | CustomerSaid):
                continue

    async def end(self, journey: list[tuple[str, str]]) -> None:
        await self._queueing.note(self._contact, journey)
        await self._conversations.end(self._contact.tenant_id, self._contact.interaction_id, by="flow")

    def close(self) -> None:
        """Listen no longer."""
        self._signals.close()

    async def _post(self, text: str) -> MessageView:
        try:
            # What is written needs no voice, and words that know their language cannot be sent on.
            plain = str(text)
            return await self._conversations.post_bot(self._contact.tenant_id, self._contact.interaction_id, plain)
        except Conflict as refusal:
            # Ended by the customer, or going on in another chat: there is nobody to speak to.
            raise CustomerGone from refusal

    async def _said(self) -> str:
        return typed_key(await self._words())

    async def _words(self) -> str:
        while True:
            signal = await self._next()
            if isinstance(signal, CustomerSaid):
                return signal.text

    async def _next(self) -> ChatSignal:
        signal = await self._signals.get()
        if isinstance(signal, CustomerLeft):
            raise CustomerGone
        return signal
