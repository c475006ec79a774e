"""A chat as a channel. What a caller would hear is written by the bot; what a caller would press is typed."""

import asyncio

from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.conversations.views import AgentDone, AgentJoined, ChatSignal, CustomerLeft, CustomerSaid
from careline.modules.contact.flows.engine.channel import CustomerGone, Served
from careline.modules.contact.flows.engine.definition import Enqueue
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

    async def say(self, text: str, *, interruptible: bool) -> str | None:
        await self._conversations.post_bot(self._contact.tenant_id, self._contact.interaction_id, text)
        return None

    async def ask(self, text: str, keys: frozenset[str], timeout_s: float) -> str | None:
        await self.say(text, interruptible=True)
        try:
            async with asyncio.timeout(timeout_s * _ASK_TIMEOUT_FACTOR):
                while True:
                    signal = await self._next()
                    if isinstance(signal, CustomerSaid):
                        return _as_key(signal.text)
        except TimeoutError:
            return None

    async def enqueue(self, step: Enqueue, journey: list[tuple[str, str]], *, recording: bool) -> None:
        await self._queueing.enqueue(self._contact, step, journey, recording=False)

    async def until_served(self) -> Served:
        while True:
            signal = await self._next()
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

    async def _next(self) -> ChatSignal:
        signal = await self._signals.get()
        if isinstance(signal, CustomerLeft):
            raise CustomerGone
        return signal


def _as_key(text: str) -> str:
    """What was typed as the key that it stands for: full-width digits are digits too."""
    typed = text.strip()[:1]
    return str(int(typed)) if typed.isdecimal() else typed
