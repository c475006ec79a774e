"""What an interpreter needs of the channel it speaks over."""

import enum
from typing import Protocol

import msgspec

from careline.modules.contact.flows.engine.steps import Enqueue
from careline.modules.contact.flows.engine.words import Words


class CustomerGone(Exception):
    """The customer has left; the flow is over and nothing more can be said."""


class Served(enum.StrEnum):
    """How waiting for a person ended.

    ``done``: an agent has ended; ``lost``: the agent could not be reached any more. The others: the queue could not
    keep them. It is ``closed``, or full or they waited too long (``overflow``), or it takes a ``message`` instead.
    """

    DONE = "done"
    LOST = "lost"
    OVERFLOW = "overflow"
    CLOSED = "closed"
    MESSAGE = "message"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Several keys: at most ``most``, until ``terminator`` or a pause of ``between_s`` seconds; the first one within
    ``timeout_s`` after the prompt. ``secret``: nobody but the flow may see them."""

    most: int
    terminator: str | None
    timeout_s: float
    between_s: float
    interruptible: bool
    secret: bool


class Channel(Protocol):
    """A customer at the other end of one channel. Every method raises ``CustomerGone`` when they have left."""

    @property
    def kind(self) -> str:
        """``voice`` or ``webchat``."""
        ...

    def speak(self, language: str) -> None:
        """The customer goes on in this language (BCP 47). What is said brings its own."""
        ...

    async def say(self, text: Words, *, interruptible: bool) -> str | None:
        """Say it to its end, or, when ``interruptible``, until a key comes; that key is returned."""
        ...

    async def ask(self, text: Words, keys: frozenset[str], timeout_s: float, *, fresh: bool = False) -> str | None:
        """Say it and wait for a key: the key (even a wrong one), or None when none came in time.

        ``fresh``: keys from before do not answer.
        """
        ...

    async def collect(self, text: Words, wanted: Wanted) -> str | None:
        """Say it and wait for several keys: those keyed, in a chat the words typed; None when nothing came in time."""
        ...

    async def enqueue(
        self, step: Enqueue, words: Words | None, at: str, journey: list[tuple[str, str]], *, recording: bool
    ) -> None:
        """Put the customer into a queue, and say the words without keeping them from their place or from an agent.

        A restart takes them up ``at`` this place. ``journey`` are the steps taken since it was last stored.
        """
        ...

    async def keep_place(self, step: str) -> None:
        """From now on a restart takes the customer up at this step."""
        ...

    async def until_served(self) -> Served:
        """Wait, with whatever the channel plays meanwhile, until an agent has ended or nobody could be reached."""
        ...

    async def end(self, journey: list[tuple[str, str]]) -> None:
        """End the contact."""
        ...
