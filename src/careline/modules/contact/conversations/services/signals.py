"""What happens in chats, told to the flows that run for them. In memory only: what matters is stored."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import msgspec

from careline.modules.contact.conversations.views import ChatSignal

IsAnswer = Callable[[str], bool]


class _Question(msgspec.Struct, frozen=True):
    interaction_id: UUID
    is_answer: IsAnswer


class ChatSignals:
    """The signals of one chat for one listener, in order, from the moment it began to listen."""

    def __init__(self, board: "SignalBoard", interaction_id: UUID) -> None:
        self._board = board
        self._interaction_id = interaction_id
        self._queue: asyncio.Queue[ChatSignal] = asyncio.Queue()

    async def get(self) -> ChatSignal:
        """The next signal; waits for it."""
        return await self._queue.get()

    def close(self) -> None:
        """Listen no longer."""
        self._board.leave(self._interaction_id, self)

    def put(self, signal: ChatSignal) -> None:
        """Add a signal; used by the board."""
        self._queue.put_nowait(signal)


class SignalBoard:
    """Who listens to which chat in this process, and which flow waits for an answer after the agent has left."""

    def __init__(self) -> None:
        self._listeners: dict[UUID, list[ChatSignals]] = {}
        self._questions: dict[UUID, _Question] = {}

    def listen(self, interaction_id: UUID) -> ChatSignals:
        """Hear everything from now on."""
        listener = ChatSignals(self, interaction_id)
        self._listeners.setdefault(interaction_id, []).append(listener)
        return listener

    def leave(self, interaction_id: UUID, listener: ChatSignals) -> None:
        """Forget a listener; nothing happens when it has left."""
        listeners = self._listeners.get(interaction_id, [])
        if listener in listeners:
            listeners.remove(listener)
            if not listeners:
                del self._listeners[interaction_id]

    def tell(self, interaction_id: UUID, signal: ChatSignal) -> None:
        """Hand a signal to whoever listens."""
        for listener in self._listeners.get(interaction_id, ()):
            listener.put(signal)

    @contextmanager
    def asking(self, conversation_id: UUID, interaction_id: UUID, is_answer: IsAnswer) -> Iterator[None]:
        """While this lasts, words that are an answer belong to this interaction although its chat is over."""
        question = _Question(interaction_id, is_answer)
        self._questions[conversation_id] = question
        try:
            yield
        finally:
            if self._questions.get(conversation_id) is question:
                del self._questions[conversation_id]

    def asked(self, conversation_id: UUID) -> UUID | None:
        """The interaction whose flow has asked something in this conversation and waits."""
        question = self._questions.get(conversation_id)
        return None if question is None else question.interaction_id

    def answered(self, conversation_id: UUID, words: str) -> UUID | None:
        """The interaction to which these words are an answer; None when they begin something new."""
        question = self._questions.get(conversation_id)
        return question.interaction_id if question is not None and question.is_answer(words) else None
