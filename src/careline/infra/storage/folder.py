"""Files in a folder of this machine, for the embedded size: ``<tenant>/<two digits>/<id>.sealed``.

Names of files are ids, so nothing that anybody calls a file can lead anywhere.
"""

import asyncio
import bisect
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from careline.infra.storage.keys import StoreKey, sync_folder
from careline.infra.storage.sealing import (
    HEADER,
    PIECE,
    SEALED_PIECE,
    Envelope,
    content_size,
    known_envelope,
    new_envelope,
)
from careline.infra.storage.store import FileMissing, Incoming
from careline.kernel.errors import TransientFailure
from careline.kernel.tenancy import TenantId

KEPT = ".sealed"
COMING = ".part"


class FolderStore:
    """A ``FileStore`` below one folder."""

    def __init__(self, root: Path, key: StoreKey) -> None:
        self._root = root
        self._key = key

    @asynccontextmanager
    async def incoming(self, tenant_id: TenantId, file_id: UUID) -> AsyncIterator[Incoming]:
        """Begin a file; what is not kept is gone when this is left."""
        place = self._place(tenant_id, file_id)
        written = await asyncio.to_thread(self._begin, tenant_id, file_id, place)
        try:
            yield written
        finally:
            await asyncio.shield(asyncio.to_thread(written.leave))

    async def read(
        self, tenant_id: TenantId, file_id: UUID, *, start: int = 0, length: int | None = None
    ) -> AsyncIterator[bytes]:
        """The bytes from ``start`` on, piece by piece, each checked before it is handed out."""
        opened = await asyncio.to_thread(self._open, tenant_id, file_id)
        try:
            end = opened.size if length is None else min(opened.size, start + length)
            while start < end:
                number, offset = divmod(start, PIECE)
                content = await asyncio.to_thread(opened.piece, number)
                part = content[offset : offset + end - start]
                start += len(part)
                yield part
        finally:
            opened.close()

    async def size(self, tenant_id: TenantId, file_id: UUID) -> int:
        """How many bytes it has, as its header and length say; its content is not looked at."""
        with _failures():
            opened = await asyncio.to_thread(self._open, tenant_id, file_id)
        opened.close()
        return opened.size

    async def remove(self, tenant_id: TenantId, file_id: UUID) -> None:
        """Delete it, also what came of it and was never kept."""
        place = self._place(tenant_id, file_id)

        def remove() -> None:
            for suffix in (KEPT, COMING):
                place.with_suffix(suffix).unlink(missing_ok=True)

        with _failures():
            await asyncio.to_thread(remove)

    async def kept(self, tenant_id: TenantId, *, before: datetime) -> list[UUID]:
        """Ids of files older than an instant, by the clock of the machine."""
        with _failures():
            return await asyncio.to_thread(lambda: sorted(self._older(tenant_id, before)))

    async def some(self, tenant_id: TenantId, *, before: datetime, start: UUID, most: int) -> list[UUID]:
        """The same of ``most`` files: those in the folder of ``start`` from its name on, then in the next folders."""
        with _failures():
            return await asyncio.to_thread(lambda: list(self._next(tenant_id, before, str(start), most)))

    def _older(self, tenant_id: TenantId, before: datetime) -> Iterator[UUID]:
        for found in (self._root / str(tenant_id)).glob("*/*"):
            if _is_older(found, before):
                yield UUID(found.stem)

    def _next(self, tenant_id: TenantId, before: datetime, start: str, most: int) -> Iterator[UUID]:
        for file in itertools.islice(_round(self._root / str(tenant_id), start), most):
            if _is_older(file, before):
                yield UUID(file.stem)

    def _place(self, tenant_id: TenantId, file_id: UUID) -> Path:
        name = str(file_id)
        return self._root / str(tenant_id) / name[-2:] / name

    def _begin(self, tenant_id: TenantId, file_id: UUID, place: Path) -> "_Written":
        with _failures():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            envelope, header = new_envelope(self._key.master(), tenant_id, file_id)
            descriptor = os.open(place.with_suffix(COMING), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            out = os.fdopen(descriptor, "wb")
            out.write(header)
            return _Written(place, envelope, out)

    def _open(self, tenant_id: TenantId, file_id: UUID) -> "_Opened":
        try:
            source = self._place(tenant_id, file_id).with_suffix(KEPT).open("rb")
        except FileNotFoundError:
            raise FileMissing("a file is not there") from None
        try:
            size = content_size(os.fstat(source.fileno()).st_size)
            envelope = known_envelope(self._key.master(), tenant_id, file_id, source.read(HEADER))
        except BaseException:
            source.close()
            raise
        return _Opened(source, envelope, size)


class _Written:
    """One file on its way to the disk. The last piece is known when there is no more."""

    def __init__(self, place: Path, envelope: Envelope, out: BinaryIO) -> None:
        self._place = place
        self._envelope = envelope
        self._out = out
        self._rest = bytearray()
        self._number = 0

    async def write(self, part: bytes) -> None:
        self._rest += part
        if len(self._rest) > PIECE:
            with _failures():
                await asyncio.to_thread(self._seal_full)

    async def keep(self) -> None:
        with _failures():
            await asyncio.to_thread(self._finish)

    def leave(self) -> None:
        """Close it; what was not kept is deleted."""
        with suppress(OSError):  # a full disk fails once more, which was told already
            self._out.close()
        self._place.with_suffix(COMING).unlink(missing_ok=True)

    def _seal_full(self) -> None:
        while len(self._rest) > PIECE:
            self._out.write(self._envelope.seal(self._number, bytes(self._rest[:PIECE]), last=False))
            del self._rest[:PIECE]
            self._number += 1

    def _finish(self) -> None:
        self._out.write(self._envelope.seal(self._number, bytes(self._rest), last=True))
        self._out.flush()
        os.fsync(self._out.fileno())
        self._place.with_suffix(COMING).rename(self._place.with_suffix(KEPT))
        sync_folder(self._place.parent)


class _Opened:
    """One file that is read."""

    def __init__(self, source: BinaryIO, envelope: Envelope, size: int) -> None:
        self._source = source
        self._envelope = envelope
        self.size = size

    def piece(self, number: int) -> bytes:
        self._source.seek(HEADER + number * SEALED_PIECE)
        last = (number + 1) * PIECE >= self.size
        return self._envelope.open(number, self._source.read(SEALED_PIECE), last=last)

    def close(self) -> None:
        self._source.close()


def _round(root: Path, start: str) -> Iterator[Path]:
    """Every file once, from a place on; no more than the names of one folder are in memory."""
    folders = sorted(root.iterdir()) if root.exists() else []
    at = bisect.bisect_left([folder.name for folder in folders], start[-2:])
    first = [folder for folder in folders[at : at + 1] if folder.name == start[-2:]]
    for folder in first:
        yield from (file for file in sorted(folder.iterdir()) if file.name >= start)
    for folder in folders[at + len(first) :] + folders[:at]:
        yield from sorted(folder.iterdir())
    for folder in first:
        yield from (file for file in sorted(folder.iterdir()) if file.name < start)


def _is_older(file: Path, before: datetime) -> bool:
    if file.suffix not in (KEPT, COMING):
        return False
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC) < before
    except FileNotFoundError:  # removed, or kept, since its name was read
        return False


@contextmanager
def _failures() -> Iterator[None]:
    """No error of the medium passes the port."""
    try:
        yield
    except OSError as error:
        raise TransientFailure(f"files cannot be kept: {error.strerror}") from error
