"""The set-up of logging: one line an entry for people, one JSON object an entry for machines."""

import logging
import sys
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


def set_up(*, json: bool, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every log line of the process to ``stream`` (stderr unless told); may be called again.

    ``json`` is the setting ``CARELINE_LOG=json``. Libraries speak from warnings on.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if json else PlainLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        library = logging.getLogger(name)
        library.setLevel(max(logging.WARNING, root.level))
        library.handlers.clear()  # of its own, which would write past ours
        library.propagate = True


class PlainLines(logging.Formatter):
    """``09:00:00.123 WARNING routing.shard: … [request]``, with the traceback below."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone()
        own_id = request_id.get()
        line = f"{at:%H:%M:%S}.{at.microsecond // 1000:03} {record.levelname} {_short(record.name)}: {_said(record)}"
        if own_id:
            line += f" [{own_id}]"
        trace = _trace(record)
        return f"{line}\n{trace}" if trace else line


class JsonLines(logging.Formatter):
    """``{"at", "level", "logger", "message", "request_id", "trace"}`` on one line; times are UTC."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname,
            "logger": record.name,
            "message": _said(record),
        }
        if own_id := request_id.get():
            entry["request_id"] = own_id
        if trace := _trace(record):
            entry["trace"] = trace
        return msgspec.json.encode(entry).decode()


def _said(record: logging.LogRecord) -> str:
    """On one line, so that nobody can forge an entry by what they send."""
    return masked(record.getMessage()).replace("\r", "\\r").replace("\n", "\\n")


def _trace(record: logging.LogRecord) -> str:
    if record.exc_info is None or record.exc_info[0] is None:
        return ""
    return masked(logging.Formatter().formatException(record.exc_info))


def _short(name: str) -> str:
    return name.removeprefix("careline.").removeprefix("modules.")
