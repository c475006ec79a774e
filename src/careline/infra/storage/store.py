"""The port for files. Keys are ``part/part/name.ext``: lower-case letters, digits, ``-``, ``_`` and dots within."""

import re
from collections.abc import AsyncIterable, AsyncIterator
from typing import Protocol

from careline.kernel.errors import Invalid

MAX_SIZE = 512 * 1024 * 1024
"""Bytes of one file, unless told otherwise: some nine hours of two-channel telephone sound."""

CHUNK = 256 * 1024

_KEY = re.compile(r"[a-z0-9](?:[a-z0-9_-]|\.(?=[a-z0-9]))*(?:/[a-z0-9](?:[a-z0-9_-]|\.(?=[a-z0-9]))*){0,7}")


class FileStore(Protocol):
    """Files by key. A stored file never changes: putting the same key again replaces it whole."""

    async def put(self, key: str, content: AsyncIterable[bytes], *, max_size: int = MAX_SIZE) -> int:
        """Keep a file and return its size; durable when this returns. Raises ``Invalid`` when it is too large."""
        ...

    def open(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from ``start`` to before ``end``, in chunks. Raises ``NotFound``."""
        ...

    async def size(self, key: str) -> int | None:
        """Its size in bytes; None when there is none."""
        ...

    async def delete(self, key: str) -> bool:
        """Remove it; whether there was one."""
        ...


def checked_key(key: str) -> str:
    """The key itself, or ``Invalid``: nothing absolute, no ``..``, no hidden name, at most 200 characters."""
    if len(key) > 200 or not _KEY.fullmatch(key):
        raise Invalid("file-key-invalid", field="key")
    return key
