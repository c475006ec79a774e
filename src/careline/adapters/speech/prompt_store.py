"""The folder of prompts that were read aloud: each file is named by what it says, and the least used go first."""

import logging
import os
from pathlib import Path

from careline.adapters.speech.sound import HEADER, is_whole
from careline.kernel.errors import TransientFailure
from careline.kernel.ids import new_id

logger = logging.getLogger(__name__)

JUST_USED_S = 900
"""So long a sound that was asked for stays, however full the folder: somebody may be about to hear it."""
_EMPTIED_TO = 0.9


class PromptStore:
    """Blocks, but for ``find``, which costs one open file. Several processes may share the folder."""

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._bytes: int | None = None
        """How much there is, as far as this process knows; None until it has looked."""

    def path_of(self, name: str) -> Path:
        """Where the sound of a name is, or would be."""
        return self._folder / f"{name}.wav"

    def find(self, name: str) -> Path | None:
        """The sound of a name if it is there and whole; from now on it counts as just used."""
        path = self.path_of(name)
        try:
            found = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            whole = is_whole(os.read(found, HEADER.size), os.fstat(found).st_size)
            if whole:
                os.utime(found)
        except OSError:
            return None
        finally:
            os.close(found)
        if not whole:
            logger.warning("a kept prompt is damaged and is made anew: %s", path.name)
        return path if whole else None

    def keep(self, name: str, sound: bytes) -> Path:
        """Put a sound into its place, whole or not at all. Raises ``TransientFailure``."""
        path = self.path_of(name)
        unfinished = self._folder / f"{new_id()}.tmp"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                with unfinished.open("wb") as file:
                    file.write(sound)
                    file.flush()
                    os.fsync(file.fileno())
                unfinished.replace(path)
            finally:
                unfinished.unlink(missing_ok=True)
            self._make_room(path, len(sound))
        except OSError as error:
            raise TransientFailure(f"a prompt cannot be kept in {self._folder} ({error.strerror})") from None
        return path

    def _make_room(self, newest: Path, size: int) -> None:
        """When there is too much, remove what was not used for longest, and what a stopped process left half made."""
        if self._bytes is not None and self._bytes + size <= self._most_bytes:
            self._bytes += size
            return
        now = newest.stat().st_mtime
        kept = sorted(self._seen(now), key=lambda one: one[0])
        total = sum(size for _, size, _ in kept)
        if total > self._most_bytes:
            before = total
            for used, size, path in kept:
                if total <= self._most_bytes * _EMPTIED_TO or used > now - JUST_USED_S:
                    break
                path.unlink(missing_ok=True)
                total -= size
            logger.info("removed %d kB of prompts that were not used for longest", (before - total) // 1024)
        self._bytes = total

    def _seen(self, now: float) -> list[tuple[float, int, Path]]:
        """Last use, size and path of each sound."""
        found = []
        with os.scandir(self._folder) as entries:
            for entry in entries:
                try:
                    known = entry.stat(follow_symlinks=False)
                    if entry.name.endswith(".tmp") and known.st_mtime < now - JUST_USED_S:
                        Path(entry.path).unlink(missing_ok=True)
                except FileNotFoundError:
                    continue  # another process has removed it
                if entry.name.endswith(".wav"):
                    found.append((known.st_mtime, known.st_size, Path(entry.path)))
        return found
