"""What happens in chats, told to the flows that run for them. In memory only: what matters is stored."""

import asyncio
from uuid import UUID

from careline.modules.contact.conversations.views import ChatSignal


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
    """Who listens to which chat in this process."""

    def __init__(self) -> None:
        self._listeners: dict[UUID, list[ChatSignals]] = {}

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
