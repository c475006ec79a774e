"""The list of erasures: a file beside the database that only grows, so that a restored database can forget again.

A line is an erasure (ids and times, no personal value) and its seal: a hash over the line and the seal before, so that
no line is changed, left out or put in unseen. There is no key: one that was made after the backup would be gone with
the disk, and the list good for nothing. What was cut off at the end of the last write is no line: whoever wrote it had
not been told that it stands there.
"""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from careline.modules.directory.privacy.errors import ListBroken
from careline.modules.directory.privacy.views import ListedErasure

FIRST = ""


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    erasure: msgspec.Raw
    seal: str


class Salvaged(msgspec.Struct, frozen=True, kw_only=True):
    """Erasures whose lines are as they were written, and what other lines say, by number; None says nothing."""

    good: list[ListedErasure]
    doubtful: dict[int, ListedErasure | None]


class ErasureList:
    """One file, which several processes may write."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._turn = asyncio.Lock()

    async def add(self, erasure: ListedErasure) -> None:
        """Make an erasure durable in the list; nothing happens when it stands there. Raises ``ListBroken``."""
        async with self._turn:
            await asyncio.to_thread(self._add, erasure)

    async def all(self) -> list[ListedErasure]:
        """Every erasure, the first first; none when there is no file. Raises ``ListBroken``."""
        return await asyncio.to_thread(lambda: self._read()[0])

    async def salvaged(self) -> Salvaged:
        """What a list holds that may be spoiled."""
        return await asyncio.to_thread(self._salvage)

    async def renew(self, erasures: Sequence[ListedErasure], aside: Path | None) -> None:
        """Let the list be these, whole from the first moment; what it was stays under the name ``aside``."""
        async with self._turn:
            await asyncio.to_thread(self._renew, erasures, aside)

    @property
    def file(self) -> Path:
        """Where it lies."""
        return self._file

    def _renew(self, erasures: Sequence[ListedErasure], aside: Path | None) -> None:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = self._file.with_name(f"{self._file.name}.new")
        last = FIRST
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            for erasure in erasures:
                body = msgspec.json.encode(erasure)
                last = _seal(last, body)
                out.write(msgspec.json.encode(_Line(erasure=msgspec.Raw(body), seal=last)) + b"\n")
            out.flush()
            os.fsync(out.fileno())
        if aside is not None:
            os.link(self._file, aside)
        made.replace(self._file)
        _sync(self._file.parent)

    def _salvage(self) -> Salvaged:
        """A line is good when its seal follows from the one that stands in the line before, whatever became of that.

        One that is not may have been changed, and to erase whom it names would be to erase whoever it was changed to.
        """
        try:
            content = self._file.read_bytes()
        except FileNotFoundError:
            return Salvaged(good=[], doubtful={})
        good: list[ListedErasure] = []
        doubtful: dict[int, ListedErasure | None] = {}
        last: str | None = FIRST
        for number, text in enumerate(content[: content.rfind(b"\n") + 1].split(b"\n")[:-1], start=1):
            try:
                line = msgspec.json.decode(text, type=_Line)
                erasure = msgspec.json.decode(line.erasure, type=ListedErasure)
            except (msgspec.DecodeError, UnicodeDecodeError):
                doubtful[number], last = None, None
                continue
            if last is not None and _seal(last, bytes(line.erasure)) == line.seal:
                good.append(erasure)
            else:
                doubtful[number] = erasure
            last = line.seal
        return Salvaged(good=good, doubtful=doubtful)

    def _add(self, erasure: ListedErasure) -> None:
        new = not self._file.exists()
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as out:
            fcntl.flock(out, fcntl.LOCK_EX)  # another process may be writing, too; closing lets go
            known, last, end = self._read()
            if any(one.request_id == erasure.request_id for one in known):
                return
            body = msgspec.json.encode(erasure)
            line = msgspec.json.encode(_Line(erasure=msgspec.Raw(body), seal=_seal(last, body)))
            out.truncate(end)
            out.seek(end)
            out.write(line + b"\n")
            out.flush()
            os.fsync(out.fileno())
        if new:
            _sync(self._file.parent)

    def _read(self) -> tuple[list[ListedErasure], str, int]:
        """All erasures, the last seal, and where the last whole line ends."""
        try:
            content = self._file.read_bytes()
        except FileNotFoundError:
            return [], FIRST, 0
        end = content.rfind(b"\n") + 1
        known: list[ListedErasure] = []
        last = FIRST
        for number, text in enumerate(content[:end].split(b"\n")[:-1], start=1):
            try:
                line = msgspec.json.decode(text, type=_Line)
                erasure = msgspec.json.decode(line.erasure, type=ListedErasure)
            except (msgspec.DecodeError, UnicodeDecodeError):
                raise ListBroken(number, str(self._file)) from None
            if _seal(last, bytes(line.erasure)) != line.seal:
                raise ListBroken(number, str(self._file))
            known.append(erasure)
            last = line.seal
        return known, last, end


def _seal(last: str, body: bytes) -> str:
    return hashlib.sha256(last.encode() + body).hexdigest()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
