"""Commits whose answer was lost: are they stored or undone? Until that is known this process begins nothing new.

A connection may break, or a disk fail, while a use case is being committed. Whoever guesses wrongly works against what
is stored: a customer who is in a queue is put there once more. So the next who asks the database for anything finds out
first, and what was to be done after the commit is done late instead of never. The facts of a use case stand in the log
if and only if the rest of it is stored; of one without facts PostgreSQL knows it by its number. On SQLite one without
facts counts as undone: what it was to do afterwards is not done before the next start.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from careline.infra.database.failures import DatabaseUnreachable, why_unusable
from careline.infra.database.models import EventRow
from careline.kernel.events import Recorded

logger = logging.getLogger(__name__)

_STANDS = select(EventRow.position).where(  # house: allow tenant-filter – the fact is named by its own id
    EventRow.position == bindparam("at"), EventRow.id == bindparam("fact")
)
_RUNS = text("SELECT pid FROM pg_stat_activity WHERE backend_xid::text::bigint = :xid")
_STATUS = text("SELECT pg_xact_status(CAST(CAST(:xid AS text) AS xid8))")
_END = text("SELECT pg_terminate_backend(:pid)")

LOOKS = 40
"""How often PostgreSQL is asked whether a transaction still runs there, before it is left in doubt for now."""

PATIENT_LOOKS = 10
"""After so many its connection is ended: one that nobody holds any more may stand for hours, with its locks."""

PAUSE_S = 0.05


class InDoubt(Protocol):
    """A use case of which it is not known what became. Exactly one of the two is called, in the end."""

    recorded: list[Recorded]

    @property
    def xid(self) -> int:
        """PostgreSQL's number of its transaction; 0 when nobody asked for it, and on SQLite."""
        ...

    def durable(self) -> None:
        """Its changes are stored for good."""
        ...

    def lost(self) -> None:
        """Its changes are undone."""
        ...


class Doubts:
    """The use cases of this process that are in doubt, the oldest first."""

    def __init__(self, connected: Callable[[], AbstractAsyncContextManager[AsyncConnection]]) -> None:
        self._connected = connected
        self._open: deque[InDoubt] = deque()
        self._settling: asyncio.Task[None] | None = None

    def add(self, work: InDoubt) -> None:
        """Its commit failed in a way that does not say what became of it."""
        self._open.append(work)

    def __bool__(self) -> bool:
        return bool(self._open)

    async def settle(self) -> None:
        """Find out what became of each. Raises what says that the database cannot be used; they stay in doubt then.

        All who wait share one try: on a database that does not answer they would else be told one after the other.
        """
        task = self._settling
        if task is None or task.done():
            task = self._settling = asyncio.get_running_loop().create_task(self._settle(), name="doubts")
            task.add_done_callback(lambda done: done.cancelled() or done.exception())  # those who wait are told
        await asyncio.shield(task)

    async def _settle(self) -> None:
        while self._open:
            work = self._open[0]
            try:
                stored = await self._is_stored(work)
            except Exception as error:
                if why_unusable(error) is not None:
                    raise
                logger.exception("a commit whose answer was lost is taken as undone")
                stored = False
            self._open.popleft()
            if stored:
                logger.warning("a commit whose answer was lost is stored: %s", _name(work))
                work.durable()
            else:
                work.lost()

    async def _is_stored(self, work: InDoubt) -> bool:
        facts = work.recorded
        if work.xid:
            await self._until_ended(work.xid)
        if not facts and not work.xid:
            return False  # it told nobody anything and asked for nothing to be done afterwards
        async with self._connected() as connection:
            if not facts:
                return bool((await connection.execute(_STATUS, {"xid": str(work.xid)})).scalar_one() == "committed")
            if connection.dialect.name == "postgresql":
                await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
            found = await connection.execute(_STANDS, {"at": facts[0].position, "fact": facts[0].id})
            return found.first() is not None

    async def _until_ended(self, xid: int) -> None:
        """PostgreSQL may be about to carry out what we heard no answer to."""
        for look in range(LOOKS):
            async with self._connected() as connection:
                pid = (await connection.execute(_RUNS, {"xid": xid & 0xFFFFFFFF})).scalar_one_or_none()
                if pid is None:
                    return
                if look >= PATIENT_LOOKS:
                    await connection.execute(_END, {"pid": pid})
            await asyncio.sleep(PAUSE_S)
        raise DatabaseUnreachable("it is not known yet what became of a commit")


def _name(work: InDoubt) -> str:
    return work.recorded[0].event.name if work.recorded else f"transaction {work.xid}"
