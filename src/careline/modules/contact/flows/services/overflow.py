"""Routing tells that a queue could not keep somebody; the flow that waits with them hears it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar
from uuid import UUID

from careline.kernel.events import Recorded
from careline.modules.contact.flows.engine.channel import Served
from careline.modules.core.routing.events import ItemLeft

S = TypeVar("S")


class Overflows:
    """Who waits for a person, and the way out when their queue cannot keep them.

    Whoever asks for a person is expected before the queue knows of it, so that no word is missed however quick it is.
    """

    def __init__(self) -> None:
        self._expected: dict[UUID, asyncio.Future[Served]] = {}

    def expect(self, interaction_id: UUID) -> asyncio.Future[Served]:
        """What routing will say of somebody, if it ever does."""
        word = self._expected.get(interaction_id)
        if word is None:
            word = self._expected[interaction_id] = asyncio.get_running_loop().create_future()
        return word

    def forget(self, interaction_id: UUID) -> None:
        """They wait no longer."""
        self._expected.pop(interaction_id, None)

    def left(self, event: ItemLeft, _recorded: Recorded) -> None:
        """Somebody waits no longer."""
        word = self._expected.get(event.interaction_id)
        if event.cause == "overflowed" and word is not None and not word.done():
            word.set_result(_way(event))


async def first(signal: Coroutine[Any, Any, S], word: asyncio.Future[Served]) -> S | Served:
    """The customer's next signal, or routing's word when that comes first. No signal is lost by it."""
    heard = asyncio.ensure_future(signal)
    either: set[asyncio.Future[Any]] = {heard, word}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        return heard.result() if heard.done() else word.result()
    finally:
        heard.cancel()


def _way(event: ItemLeft) -> Served:
    if event.then == "message":
        return Served.MESSAGE
    return Served.CLOSED if event.because == "queue-closed" else Served.OVERFLOW
