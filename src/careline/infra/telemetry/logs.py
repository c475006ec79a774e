"""The set-up of logging: one line an entry for people, one JSON object an entry for machines."""

import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TextIO

import msgspec

from careline.infra.telemetry.context import request_id
from careline.infra.telemetry.masking import masked

_QUIET = (
    "uvicorn",
    "uvicorn.error",
    "uvicorn.access",
    "alembic",
    "aiosqlite",
    "websockets",
    "asyncio",
    "httpx",  # names each address that it asks, whole
    "httpcore",
)


Brief = Callable[[BaseException], str | None]
"""Says of an error in one line what there is to know, or None when its traceback is needed."""


def _never_brief(_error: BaseException) -> str | None:
    return None


TRACE_AGAIN_S = 60.0
"""So long a traceback of a kind is not shown again, where a line is enough for the most part."""


def set_up(
    *,
    json: bool,
    level: str = "INFO",
    stream: TextIO | None = None,
    brief: Brief = _never_brief,
    doubtful: Brief = _never_brief,
) -> None:
    """Send every log line of the process to ``stream`` (stderr unless told); may be called again.

    ``json`` is the setting ``CARELINE_LOG=json``. Libraries speak from warnings on. ``brief`` knows the errors that
    are nobody's mistake in the code and come by the thousand, as when the database is away: a line is enough.
    ``doubtful`` names the kind of those that may be a mistake all the same: their traceback is shown once a minute.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(brief, doubtful) if json else PlainLines(brief, doubtful))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        library = logging.getLogger(name)
        library.setLevel(max(logging.WARNING, root.level))
        library.handlers.clear()  # of its own, which would write past ours
        library.propagate = True


class _Lines(logging.Formatter):
    def __init__(self, brief: Brief = _never_brief, doubtful: Brief = _never_brief) -> None:
        super().__init__()
        self._brief = brief
        self._doubtful = doubtful
        self._traced: dict[str, float] = {}

    def _told(self, record: logging.LogRecord) -> tuple[str, str]:
        """What is said, on one line, so that nobody can forge an entry by what they send; and the traceback, if any."""
        said, trace = record.getMessage(), ""
        if record.exc_info is not None and record.exc_info[1] is not None:
            why = self._brief(record.exc_info[1])
            if why is None or self._is_to_trace(record.exc_info[1], record.created):
                trace = masked(logging.Formatter().formatException(record.exc_info))
            if why is not None:
                said = f"{said}: {why}"
        return masked(said).replace("\r", "\\r").replace("\n", "\\n"), trace

    def _is_to_trace(self, error: BaseException, at: float) -> bool:
        kind = self._doubtful(error)
        if kind is None or at - self._traced.get(kind, -TRACE_AGAIN_S) < TRACE_AGAIN_S:
            return False
        self._traced[kind] = at
        return True


class PlainLines(_Lines):
    """``09:00:00.123 WARNING routing.shard: … [request]``, with the traceback below."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone()
        own_id = request_id.get()
        said, trace = self._told(record)
        line = f"{at:%H:%M:%S}.{at.microsecond // 1000:03} {record.levelname} {_short(record.name)}: {said}"
        if own_id:
            line += f" [{own_id}]"
        return f"{line}\n{trace}" if trace else line


class JsonLines(_Lines):
    """``{"at", "level", "logger", "message", "request_id", "trace"}`` on one line; times are UTC."""

    def format(self, record: logging.LogRecord) -> str:
        said, trace = self._told(record)
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname,
            "logger": record.name,
            "message": said,
        }
        if own_id := request_id.get():
            entry["request_id"] = own_id
        if trace:
            entry["trace"] = trace
        return msgspec.json.encode(entry).decode()


def _short(name: str) -> str:
    return name.removeprefix("careline.").removeprefix("modules.")
