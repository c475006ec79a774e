"""The single writer of the embedded database, with grouped commits.

SQLite has one writer at a time, and a durable commit costs an fsync. Each use case runs in a savepoint of a shared
outer transaction; the outer one is committed when nobody waits for the writer any more or when the group is full.
A use case returns to its caller only after the outer commit, so nothing is acknowledged that could be lost, and a
hundred writers at once share one fsync instead of queueing for a hundred.

``BEGIN IMMEDIATE`` takes the write lock at the start: a deferred one fails when another process (the command line)
wrote in between.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

MAX_GROUP = 64
"""Use cases committed together at the most, so that the first of a group never waits for long."""


class SqliteWriter:
    """Hands out the one writing connection, a savepoint at a time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._connection: AsyncConnection | None = None
        self._group: asyncio.Future[None] | None = None
        self._size = 0
        self._closing: set[asyncio.Task[None]] = set()
        self.commits = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[AsyncConnection]:
        """A savepoint on the writing connection; leaving it normally means durable, leaving by an error means undone.

        What is inside the block must await nothing but the database: everybody else waits meanwhile.
        """
        await self._take_turn()
        try:
            connection = await self._begin()
            group = self._group
            assert group is not None
            await self._in_savepoint_begin(connection)
            try:
                yield connection
                await connection.exec_driver_sql("RELEASE SAVEPOINT use_case")
                self._size += 1
            except BaseException:
                await self._undo(connection)
                raise
            finally:
                if self._group is not None and (self._waiting == 0 or self._size >= MAX_GROUP):
                    await self._commit()
        finally:
            self._turn.release()
        await asyncio.shield(group)

    async def close(self) -> None:
        """Finish what is open and give the connection back."""
        async with self._turn:
            if self._group is not None:
                await self._commit()
            if self._connection is not None:
                await self._connection.close()
                self._connection = None

    async def _take_turn(self) -> None:
        self._waiting += 1
        try:
            await self._turn.acquire()
        except BaseException:
            self._waiting -= 1
            # Whoever ran before us may have left the commit to us.
            if self._waiting == 0 and self._group is not None:
                task = asyncio.create_task(self._commit_left_over())
                self._closing.add(task)
                task.add_done_callback(self._closing.discard)
            raise
        self._waiting -= 1

    async def _commit_left_over(self) -> None:
        async with self._turn:
            if self._group is not None and self._waiting == 0:
                await self._commit()

    async def _begin(self) -> AsyncConnection:
        if self._connection is None:
            self._connection = await self._engine.connect()
            await self._connection.execution_options(isolation_level="AUTOCOMMIT")
        if self._group is None:
            await self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            self._group = asyncio.get_running_loop().create_future()
            self._size = 0
        return self._connection

    async def _in_savepoint_begin(self, connection: AsyncConnection) -> None:
        try:
            await connection.exec_driver_sql("SAVEPOINT use_case")
        except BaseException as error:
            await self._fail_group(connection, error)
            raise

    async def _undo(self, connection: AsyncConnection) -> None:
        try:
            await connection.exec_driver_sql("ROLLBACK TO SAVEPOINT use_case")
            await connection.exec_driver_sql("RELEASE SAVEPOINT use_case")
        except SQLAlchemyError as error:
            # A full disk makes SQLite roll back the whole transaction, and a statement cancelled half-way makes
            # SQLAlchemy drop the connection: either way the group is lost, and everyone in it is told so.
            await self._fail_group(connection, error)

    async def _commit(self) -> None:
        connection, group = self._connection, self._group
        assert connection is not None
        assert group is not None
        self._group = None
        try:
            await connection.exec_driver_sql("COMMIT")
        except BaseException as error:
            self._group = group
            await self._fail_group(connection, error)
            raise
        self.commits += 1
        self._settle(group, None)

    async def _fail_group(self, connection: AsyncConnection, error: BaseException) -> None:
        group, self._group = self._group, None
        self._connection = None
        with suppress(SQLAlchemyError):
            await connection.invalidate()
            await connection.close()
        if group is not None:
            self._settle(group, error)

    @staticmethod
    def _settle(group: "asyncio.Future[None]", error: BaseException | None) -> None:
        if group.done():
            return
        if error is None:
            group.set_result(None)
            return
        group.set_exception(error if isinstance(error, Exception) else RuntimeError("the writer was interrupted"))
        group.exception()  # marks it as seen: the waiting use cases raise it themselves
