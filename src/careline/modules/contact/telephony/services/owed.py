"""What happened on the line and could not be stored: it did happen, so it is stored as soon as the database is back."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from careline.infra.database.failures import why_unusable

logger = logging.getLogger(__name__)

PAUSES_S = (0.5, 1.0, 2.0, 5.0)

Work = Callable[[], Awaitable[object]]


class Owed:
    """Does work at once, or when the database is away as soon as it is back, in the order in which it was asked for.

    In memory only: after a crash the stored calls are compared with the node, which finds the same. What is owed is
    at most the calls of one node, some facts each.
    """

    def __init__(self) -> None:
        self._open: deque[tuple[str, Work]] = deque()
        self._paying: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._open)

    async def do(self, what: str, work: Work) -> None:
        """``work`` may be done again when it failed halfway. Raises what is not the database's."""
        if not self._open:
            try:
                await work()
            except Exception as error:
                why = why_unusable(error)
                if why is None:
                    raise
                logger.warning("%s is not stored yet: the database cannot be used (%s)", what, why)
            else:
                return
        self._open.append((what, work))
        if self._paying is None or self._paying.done():
            self._paying = asyncio.get_running_loop().create_task(self._pay(), name="telephony owes")

    async def leave(self) -> None:
        """For an orderly end: try once more, and leave the rest to the comparison after the next start."""
        if self._paying is not None:
            self._paying.cancel()
            await asyncio.gather(self._paying, return_exceptions=True)
        while self._open and await self._paid_one():
            pass

    async def _pay(self) -> None:
        tries = 0
        while self._open:
            if await self._paid_one():
                tries = 0
            else:
                await asyncio.sleep(PAUSES_S[min(tries, len(PAUSES_S) - 1)])
                tries += 1
        logger.info("what was owed to the database is stored")

    async def _paid_one(self) -> bool:
        what, work = self._open[0]
        try:
            await work()
        except Exception as error:
            if why_unusable(error) is not None:
                return False
            logger.exception("%s is given up", what)
        self._open.popleft()
        return True
