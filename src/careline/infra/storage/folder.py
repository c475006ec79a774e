"""Files in a folder of this machine."""

import asyncio
import fcntl
import os
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from pathlib import Path
from typing import BinaryIO

from careline.infra.storage.store import CHUNK, MAX_SIZE, checked_key
from careline.kernel.errors import Invalid, NotFound

_PARTS = ".parts"
"""Where files are written before they are whole; no key begins with a dot. Who writes one holds a lock on it (flock),
which the kernel lets go of when the writer dies: what is not locked is nobody's."""


class FolderStore:
    """A ``FileStore`` below one folder, which is made when it is not there. Disk work is done in threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: str, content: AsyncIterable[bytes], *, max_size: int = MAX_SIZE) -> int:
        target = self._path(key)
        part, file = await asyncio.to_thread(self._new_part)
        size = 0
        try:
            async for chunk in content:
                size += len(chunk)
                if size > max_size:
                    raise Invalid("file-too-large", field="content", max=max_size)
                await asyncio.to_thread(file.write, chunk)
            await asyncio.to_thread(_finish, file, part, target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        finally:
            file.close()
        return size

    async def open(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        path = self._path(key)
        try:
            file = await asyncio.to_thread(path.open, "rb")
        except (FileNotFoundError, IsADirectoryError):
            raise NotFound("file-not-found", key=key) from None
        with file:
            await asyncio.to_thread(file.seek, start)
            left = None if end is None else max(0, end - start)
            while left != 0:
                chunk = await asyncio.to_thread(file.read, CHUNK if left is None else min(CHUNK, left))
                if not chunk:
                    return
                left = None if left is None else left - len(chunk)
                yield chunk

    async def size(self, key: str) -> int | None:
        return await asyncio.to_thread(_size, self._path(key))

    async def delete(self, key: str) -> bool:
        try:
            await asyncio.to_thread(self._path(key).unlink)
        except (FileNotFoundError, IsADirectoryError):
            return False
        return True

    async def tidy(self) -> int:
        """Remove what crashes left unfinished; how many there were. At any time: what is being written stays."""
        return await asyncio.to_thread(_tidy, self._folder / _PARTS)

    def keys(self) -> Iterator[str]:
        """Every key, in order; for backups. Blocks."""
        for folder, folders, files in os.walk(self._folder):
            folders[:] = sorted(name for name in folders if name != _PARTS)
            for name in sorted(files):
                yield (Path(folder) / name).relative_to(self._folder).as_posix()

    def _path(self, key: str) -> Path:
        return self._folder / checked_key(key)

    def _new_part(self) -> tuple[Path, BinaryIO]:
        parts = self._folder / _PARTS
        parts.mkdir(parents=True, exist_ok=True)
        while True:
            handle, name = tempfile.mkstemp(dir=parts)
            file = os.fdopen(handle, "wb")
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_nlink:
                return Path(name), file
            file.close()  # taken for a dead writer's before it was locked


def _finish(file: BinaryIO, part: Path, target: Path) -> None:
    """Write through to the disk, then into place: a crash leaves the old file, the new one, or a part."""
    file.flush()
    os.fsync(file.fileno())
    target.parent.mkdir(parents=True, exist_ok=True)
    part.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _tidy(parts: Path) -> int:
    return sum(_tidied(part) for part in parts.glob("*"))


def _tidied(part: Path) -> bool:
    try:
        with part.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.path.samestat(part.stat(), os.fstat(file.fileno())):
                return False
            part.unlink()
    except (BlockingIOError, FileNotFoundError):  # being written, or finished meanwhile
        return False
    return True


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None
