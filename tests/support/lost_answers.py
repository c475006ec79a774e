"""A commit whose answer does not come: it went through, or it did not, and for a while the database may be away."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncTransaction

from careline.infra.database import database as database_file
from careline.infra.database.database import Database
from careline.infra.database.failures import DatabaseUnreachable

NO_FACTS = "-"


class LostAnswers:
    """Breaks the commit of one use case, the next that says a fact named ``of`` (or, as ``NO_FACTS``, none).

    ``lost`` counts what was broken.

    So many connections will be refused: ``away_for``.
    """

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self._database = database
        self._of = ""
        self._goes_through = False
        self._away_for = 0
        self._connected = database._connected
        self._commit = database_file._commit
        self.away_for = 0
        self.lost = 0
        monkeypatch.setattr(database, "_connected", self._reach)
        monkeypatch.setattr(database._doubts, "_connected", self._reach)
        monkeypatch.setattr(database_file, "_commit", self._commit_on_postgres)
        if database._writer is not None:
            self._in_thread = database._writer._in_thread
            monkeypatch.setattr(database._writer, "_in_thread", self._commit_on_sqlite)

    def plan(self, of: str, *, goes_through: bool, away_for: int = 0) -> None:
        """Break the next such commit, and refuse the next ``away_for`` connections."""
        self._of, self._goes_through, self._away_for = of, goes_through, away_for

    @asynccontextmanager
    async def _reach(self) -> AsyncIterator[AsyncConnection]:
        if self.away_for:
            self.away_for -= 1
            raise DatabaseUnreachable("Connection refused")
        async with self._connected() as connection:
            yield connection

    def _is_meant(self, works: list[Any]) -> bool:
        named = any(item.event.name == self._of for work in works for item in work.recorded)
        meant = named or (self._of == NO_FACTS and any(not work.recorded for work in works))
        if meant:
            self._of = ""
            self.lost += 1
        return meant

    async def _commit_on_postgres(self, transaction: AsyncTransaction, work: Any) -> None:
        broken = _BrokenTransaction(transaction, self) if self._is_meant([work]) else transaction
        await self._commit(broken, work)  # type: ignore[arg-type]

    async def break_off(self, transaction: AsyncTransaction) -> None:
        """What the driver does when the line is cut, before or after the server has heard the word."""
        line = (await transaction.connection.get_raw_connection()).driver_connection
        assert line is not None
        if self._goes_through:
            await line.execute("COMMIT")
        self.away_for = self._away_for
        line.terminate()
        await transaction.commit()

    async def _commit_on_sqlite(self, work: Callable[..., Any], *args: Any) -> None:
        assert self._database._writer is not None
        if args != ("COMMIT",) or not self._is_meant(self._database._writer._outcomes):
            await self._in_thread(work, *args)
            return
        if self._goes_through:
            await self._in_thread(work, *args)
        self.away_for = self._away_for
        broken = sqlite3.OperationalError("disk I/O error")
        broken.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise broken


class _BrokenTransaction:
    def __init__(self, transaction: AsyncTransaction, answers: LostAnswers) -> None:
        self._transaction = transaction
        self._answers = answers

    async def commit(self) -> None:
        await self._answers.break_off(self._transaction)
