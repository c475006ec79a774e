"""The store's own key, in a file of its own that only we may read."""

import os
from pathlib import Path

from careline.infra.storage.sealing import KEY, derived
from careline.kernel.errors import PermanentFailure


class StoreKey:
    """Read when it is first needed, and made then when there is none yet."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: bytes | None = None

    def master(self) -> bytes:
        """The key under which the keys of files are sealed. Raises ``PermanentFailure`` when its file is no key."""
        if self._known is None:
            self._known = self._read() or self._make()
        return self._known

    def of(self, purpose: str) -> bytes:
        """A key for something else than files."""
        return derived(self.master(), purpose)

    def _read(self) -> bytes | None:
        try:
            key = self._file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise PermanentFailure(f"the key of files cannot be read: {error.strerror}") from error
        if len(key) != KEY:
            raise PermanentFailure(f"the key of files has {len(key)} bytes instead of {KEY}: bring back the right one")
        return key

    def _make(self) -> bytes:
        """Written aside and linked to its name, so that of two who make one at once both take the same."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = self._file.with_suffix(f".{os.getpid()}")
        key = os.urandom(KEY)
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(key)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(aside, self._file)
        except FileExistsError:
            return self._read() or key
        finally:
            aside.unlink()
        sync_folder(self._file.parent)
        return key


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
