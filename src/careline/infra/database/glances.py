"""Short readings of the embedded database, on the event loop's own thread.

A reading hands each of its steps to a thread and back: ``BEGIN``, the statement, its rows, ``ROLLBACK``. Finding a row
by its key takes some 20 µs, all the handing over fifty times that. So what somebody waits for and an index finds is
read here, on a connection that can do nothing else, and on a snapshot of its own.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

KEPT = 4
"""Open connections that are kept. One is enough until a glance awaits something; others are opened when needed."""


class SqliteGlances:
    """Hands out connections that only read, one for each glance that is under way."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._free: list[Connection] = []

    @contextmanager
    def one(self) -> Iterator[Connection]:
        """A connection on a snapshot that begins with its first statement and ends with the block."""
        try:
            connection = self._free.pop()
        except IndexError:  # and not asked before, since questions come from several threads
            connection = self._open()
        raw = _raw(connection)
        raw.execute("BEGIN")
        try:
            yield connection
        finally:
            try:
                raw.execute("ROLLBACK")
            except sqlite3.Error:
                _drop(connection)
                raise
            if len(self._free) < KEPT:
                self._free.append(connection)
            else:
                _drop(connection)

    def close(self) -> None:
        """Close what is open."""
        while self._free:
            _drop(self._free.pop())

    def _open(self) -> Connection:
        connection = self._engine.connect()
        _raw(connection).execute("PRAGMA query_only=ON")
        return connection


def _raw(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _drop(connection: Connection) -> None:
    with suppress(sqlite3.Error, SQLAlchemyError):
        connection.invalidate()
        connection.close()
