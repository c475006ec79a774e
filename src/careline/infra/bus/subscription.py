"""One subscriber of the bus: its lanes, what it has not finished, and how far its cursor may go."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from careline.infra.bus import places
from careline.infra.bus.places import Place, Stuck
from careline.infra.database.log import Cursor, store_cursor
from careline.infra.database.transaction import Transaction
from careline.kernel.events import Event, Recorded
from careline.kernel.tenancy import TenantId

E = TypeVar("E", bound=Event)
Handler = Callable[[E, Recorded], Awaitable[None]]
Key = Callable[[E, Recorded], object]
Wanted = Callable[[E], bool]

RETRY_AFTER_S: tuple[float, ...] = (0.05, 0.5, 2.0, 10.0, 30.0, 60.0, 120.0, 300.0)
"""Pauses between tries of a durable handler that fails; the last one repeats until it works."""

MOST_KEPT = 200
"""Unfinished places of one subscriber that are stored with its cursor. With more the cursor waits before the next."""


class Unfinished:
    """A fact that was handed out and not handled yet.

    ``due`` is the event loop's time of the next try. A *lasting* one was there when cursors were stored last time, and
    so is not just on its way.
    """

    __slots__ = ("attempts", "due", "last_error", "lasting", "tenant_id")

    def __init__(self, tenant_id: TenantId) -> None:
        self.tenant_id = tenant_id
        self.attempts = 0
        self.due = 0.0
        self.last_error: str | None = None
        self.lasting = False

    @classmethod
    def of(cls, place: Place, now: datetime) -> "Unfinished":
        """From before a restart; a clock that was set back makes no pause longer than the longest."""
        found = cls(place.tenant_id)
        pause = min((place.next_try_at - now).total_seconds(), RETRY_AFTER_S[-1])
        found.due = asyncio.get_running_loop().time() + pause
        found.attempts, found.last_error, found.lasting = place.attempts, place.last_error, True
        return found

    def failed(self, error: Exception) -> None:
        """Count a try, and set the time of the next."""
        self.due = asyncio.get_running_loop().time() + RETRY_AFTER_S[min(self.attempts, len(RETRY_AFTER_S) - 1)]
        self.attempts += 1
        self.last_error = type(error).__name__

    def place(self, now: datetime) -> Place:
        """What is stored of it at ``now``."""
        pause = max(0.0, self.due - asyncio.get_running_loop().time())
        return Place(
            tenant_id=self.tenant_id,
            attempts=self.attempts,
            next_try_at=now + timedelta(seconds=pause),
            last_error=self.last_error,
        )


class Subscription(Generic[E]):
    """One handler with its lanes: facts of one key wait for each other, different keys do not.

    ``stored`` is the cursor in the database and ``kept`` the places there, with the attempts that stand there.
    """

    def __init__(
        self,
        name: str,
        handler: Handler[E],
        key: Key[E],
        wanted: Wanted[E] | None,
        *,
        durable: bool,
        from_now: bool,
    ) -> None:
        self.name = name
        self.handler = handler
        self.key = key
        self.wanted = wanted
        self.durable = durable
        self.from_now = from_now
        self.lanes: dict[object, deque[Recorded]] = {}
        self.unfinished: dict[Cursor, Unfinished] = {}
        self.stored = Cursor()
        self.kept: dict[Cursor, int] = {}
        self.is_full = False
        """The cursor waits, because no more unfinished places may be kept behind it."""

    def reached(self, read_to: Cursor, *, ending: bool = False) -> tuple[Cursor, list[Cursor]]:
        """How far the cursor may go when everything up to ``read_to`` was handed out, and what it leaves behind.

        A fact that is just being handled is waited for, unless this is the end; one that failed or takes long is left
        behind, while there is room. What was left behind stays so until it is finished.
        """
        read_to = max(read_to, self.stored)
        behind: list[Cursor] = []
        for place, unfinished in sorted(self.unfinished.items(), key=lambda item: item[0]):
            if place > read_to:
                break
            if place > self.stored:
                full = len(behind) >= MOST_KEPT
                if full or not (ending or unfinished.lasting or unfinished.attempts):
                    self.is_full = full
                    return Cursor(place.xid, place.position - 1), behind
            behind.append(place)
        self.is_full = False
        return read_to, behind

    def changes(self, behind: list[Cursor]) -> tuple[dict[Cursor, Unfinished], list[Cursor]]:
        """Which of the places left behind must be stored, and which of the stored ones are finished."""
        changed = {
            place: self.unfinished[place] for place in behind if self.kept.get(place) != self.unfinished[place].attempts
        }
        return changed, list(self.kept.keys() - set(behind))

    async def store(
        self, tx: Transaction, cursor: Cursor, changed: Mapping[Cursor, Unfinished], finished: list[Cursor]
    ) -> None:
        """Write down how far it has come and what it left behind, all at once."""
        rows = {at: unfinished.place(tx.now) for at, unfinished in changed.items()}

        def known() -> None:
            self.stored = cursor
            for place in finished:
                self.kept.pop(place, None)
            self.kept.update((at, place.attempts) for at, place in rows.items())

        tx.on_commit(known)
        await store_cursor(tx, self.name, cursor)
        await places.store(tx, self.name, rows, finished)

    def stuck(self) -> Stuck:
        """What people are told while it is full."""
        at, worst = max(self.unfinished.items(), key=lambda item: item[1].attempts)
        return Stuck(
            subscriber=self.name,
            unfinished=len(self.unfinished),
            position=at.position,
            attempts=worst.attempts,
            last_error=worst.last_error or "",
        )
