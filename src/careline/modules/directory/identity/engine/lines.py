"""An extract of the audit as a file: rows for a spreadsheet (RFC 4180) or JSON lines; entries read back from either."""

import csv
import enum
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from careline.modules.directory.identity.engine import seals
from careline.modules.directory.identity.engine.actions import kind_of, outcome_of
from careline.modules.directory.identity.engine.seals import AuditRecord

COLUMNS = (
    "seq",
    "at",
    "actor",
    "actor_name",
    "action",
    "outcome",
    "kind",
    "subject",
    "subject_name",
    "params",
)

_FORMULA = frozenset("=+-@＝＋－＠\t\r\n'")
"""What a spreadsheet may take for the beginning of a formula, and the mark that keeps it from doing so."""

MARK = "'"
UTF8_MARK = "\ufeff"
"""Tells a spreadsheet that names are not in the encoding of its country."""


class ExtractFormat(enum.StrEnum):
    """How an extract is written."""

    CSV = "csv"
    JSONL = "jsonl"


def written(entries: Sequence[AuditRecord], names: Mapping[str, str], form: ExtractFormat) -> bytes:
    """The lines of some entries. ``names`` says what ids are called."""
    values = [_values(entry, names) for entry in entries]
    if form is ExtractFormat.JSONL:
        return b"".join(
            msgspec.json.encode({**one, "params": msgspec.Raw(str(one["params"]).encode())}) + b"\n" for one in values
        )
    return _rows([["" if one[name] is None else str(one[name]) for name in COLUMNS] for one in values])


def top(form: ExtractFormat) -> bytes:
    """What stands above the entries."""
    return UTF8_MARK.encode() + _rows([list(COLUMNS)]) if form is ExtractFormat.CSV else b""


def harmless(cell: str) -> str:
    """A cell that no spreadsheet calculates: what could begin a formula gets a mark in front, and so does the mark."""
    begins = {cell[:1], cell.lstrip()[:1]} - {""}
    return MARK + cell if begins & _FORMULA else cell


def as_it_was(cell: str) -> str:
    """The cell before it was made harmless."""
    return cell.removeprefix(MARK)


def read_back(lines: Iterator[str]) -> Iterator[tuple[int, AuditRecord | None]]:
    """The entries of a file with the line of each; None for a line that is none.

    Which of the two formats it is, the first character says.
    """
    first = next(lines, "")
    if first.startswith(UTF8_MARK):
        rows = csv.reader(lines, strict=True)
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error:
                yield rows.line_num + 1, None
                continue
            yield rows.line_num + 1, _of_row(row)
    number = 1
    line: str | None = first
    while line:
        yield number, _of_line(line)
        number, line = number + 1, next(lines, None)


def _of_row(row: Sequence[str]) -> AuditRecord | None:
    if len(row) != len(COLUMNS):
        return None
    cells = dict(zip(COLUMNS, map(as_it_was, row), strict=True))
    try:
        return _record({**cells, "seq": int(cells["seq"]), "subject": cells["subject"] or None}, cells["params"])
    except (msgspec.MsgspecError, ValueError):
        return None


def _of_line(line: str) -> AuditRecord | None:
    try:
        values = msgspec.json.decode(line, type=dict[str, Any])
        return _record(values, seals.canonical(values["params"]))
    except (msgspec.MsgspecError, ValueError, KeyError, UnicodeEncodeError):
        return None


def _record(values: Mapping[str, object], params: str) -> AuditRecord:
    told = {name: values[name] for name in ("seq", "at", "actor", "action", "subject")}
    return msgspec.convert({**told, "params": params}, AuditRecord)


def _values(entry: AuditRecord, names: Mapping[str, str]) -> dict[str, str | int | None]:
    return {
        "seq": entry.seq,
        "at": msgspec.to_builtins(entry.at),
        "actor": entry.actor,
        "actor_name": names.get(entry.actor.rpartition(":")[2]),
        "action": entry.action,
        "outcome": outcome_of(entry.action).value,
        "kind": kind_of(entry.action),
        "subject": entry.subject,
        "subject_name": None if entry.subject is None else names.get(entry.subject),
        "params": entry.params,
    }


def _rows(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([[harmless(cell) for cell in row] for row in rows])
    return text.getvalue().encode()
