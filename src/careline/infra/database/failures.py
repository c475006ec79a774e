"""When the database itself fails: it is not reached, its disk is full or broken, it may not be written to."""

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_READONLY,
    }
)

_SQLITE_DOUBTFUL = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY})

_POSTGRES_CLASSES = ("08", "53", "57P", "58")
"""PostgreSQL, appendix A: connection exception, insufficient resources, operator intervention, system error."""

_POSTGRES = frozenset({"25006"})
"""It may only be read, as after a change of its leader."""


class DatabaseUnreachable(ConnectionError):
    """No connection to the database was to be had. Whoever tries again later may get one."""


def in_a_line(error: BaseException) -> str | None:
    """For the log: as long as the database is away, everything fails for that one reason, which no traceback tells."""
    why = why_unusable(error)
    return None if why is None else f"the database cannot be used ({why})"


def may_be_a_mistake(error: BaseException | None) -> str | None:
    """The kind of a failure that looks like the database's own and may be ours: who reads wrote, who is done holds on.

    None when the database is plainly away, full or broken, and for errors that say nothing of it.
    """
    while error is not None:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(error, NoConnectionFree):
            return "no-connection-free"
        if isinstance(cause, sqlite3.Error) and _sqlite_kind(cause) in _SQLITE_DOUBTFUL:
            return cause.sqlite_errorname
        if _state(cause) in _POSTGRES:
            return f"sqlstate {_state(cause)}"
        error = error.__cause__
    return None


def why_unusable(error: BaseException | None) -> str | None:
    """Why the database could not be used, in its own words, without values or passwords; None for any other error.

    What an error was raised from counts, too. What was to be stored may be stored all the same when the connection
    broke while it was committed.
    """
    while error is not None:
        if (why := _why(error)) is not None:
            return why
        error = error.__cause__
    return None


def _why(error: BaseException) -> str | None:
    if isinstance(error, DatabaseUnreachable):
        return str(error)
    if isinstance(error, NoConnectionFree):
        return "no connection was free in time"
    if isinstance(error, DBAPIError):
        return str(error.orig) if error.connection_invalidated or _says_so(error.orig) else None
    return str(error) if _says_so(error) else None


def _says_so(cause: BaseException | None) -> bool:
    if isinstance(cause, sqlite3.Error):
        return _sqlite_kind(cause) in _SQLITE
    state = _state(cause)
    return isinstance(state, str) and (state.startswith(_POSTGRES_CLASSES) or state in _POSTGRES)


def _sqlite_kind(cause: sqlite3.Error) -> int:
    """The lower byte of the code, the rest is its detail. What the driver itself refuses has none."""
    return int(getattr(cause, "sqlite_errorcode", 0)) & 0xFF


def _state(cause: BaseException | None) -> str | None:
    return getattr(cause, "sqlstate", None) or getattr(getattr(cause, "__cause__", None), "sqlstate", None)
