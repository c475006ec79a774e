"""Copies of the embedded size to keep elsewhere: the database and the folders of files, in one archive.

Made while the server runs: the database is copied at one moment, and the files after it, which only come and go whole.
On PostgreSQL the operator's own tools (``pg_dump``, base backups) do this better. Everything here blocks: call it
from a thread or the command line.
"""

import hashlib
import io
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec

from careline.infra.database import schema
from careline.kernel.errors import Invalid, NotFound

FORMAT = 1
DATABASE = "careline.db"
MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
LARGEST_MANIFEST = 256 * 1024 * 1024


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a backup; ``sha256`` in hexadecimal."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds; its last member, so an archive that was cut off has none."""

    format: int
    made_at: datetime
    careline: str
    revision: str
    members: list[Member]


def backup(database: Path, folders: Mapping[str, Path], target: Path, *, version: str, now: datetime) -> Manifest:
    """Write an archive of a SQLite database and of folders by name; whole under its name, or not there at all.

    Raises ``NotFound`` when there is no database, and ``Invalid`` ("backup-exists") rather than replace an archive.
    """
    if not database.is_file():
        raise NotFound("database-not-found", path=str(database))
    if target.exists():
        raise Invalid("backup-exists", field="target", path=str(target))
    if not target.parent.is_dir() or not os.access(target.parent, os.W_OK | os.X_OK):
        raise Invalid("backup-folder-not-writable", field="target", path=str(target.parent))
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as work:
        part = Path(work) / "part"
        copy = Path(work) / DATABASE
        revision = _copy_database(database, copy)
        with part.open("wb") as raw:
            with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
                members = [_add(archive, DATABASE, copy)]
                for name, path in _files(folders):
                    added = _add(archive, name, path)
                    members += [added] if added else []
                manifest = Manifest(
                    format=FORMAT,
                    made_at=now,
                    careline=version,
                    revision=revision,
                    members=[member for member in members if member is not None],
                )
                content = msgspec.json.encode(manifest)
                archive.addfile(_entry(MANIFEST, len(content)), io.BytesIO(content))
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(target)
    _sync(target.parent)
    return manifest


def restore(archive: Path, database: Path, folders: Mapping[str, Path]) -> Manifest:
    """Bring back what ``backup`` wrote, after every byte of it was checked.

    Only to where nothing is: raises ``Invalid`` ("restore-target-not-empty") otherwise, "backup-broken" when the
    archive is not whole, and ``DatabaseTooNew`` when a newer version wrote it. Then nothing was changed.
    """
    # A journal that stayed behind would be played into the database that is put beside it.
    journals = [database.with_name(database.name + suffix) for suffix in ("-wal", "-journal")]
    for place in (database, *journals, *folders.values()):
        if place.exists() and (place.is_file() or any(place.iterdir())):
            raise Invalid("restore-target-not-empty", field="target", path=str(place))
    database.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=database.parent, prefix=".restore-") as work:
        manifest = _unpack(archive, Path(work), set(folders))
        if manifest.revision > schema.newest():
            raise schema.DatabaseTooNew(manifest.revision, schema.newest())
        for name, folder in folders.items():
            unpacked = Path(work) / name
            if unpacked.is_dir():
                folder.parent.mkdir(parents=True, exist_ok=True)
                if folder.exists():
                    folder.rmdir()
                unpacked.replace(folder)
        # Last: while there is no database, there is nothing that could be started half restored.
        (Path(work) / DATABASE).replace(database)
    _sync(database.parent)
    return manifest


def check(archive: Path) -> Manifest:
    """Read a whole archive and compare it with its manifest. Raises ``Invalid`` ("backup-broken")."""
    with tempfile.TemporaryDirectory() as work:
        return _unpack(archive, Path(work), None)


def _copy_database(database: Path, copy: Path) -> str:
    """A copy of one moment, checked, in one file; its revision."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as source:
        target = sqlite3.connect(copy)
        with closing(target):
            try:
                source.backup(target)
                target.execute("PRAGMA journal_mode=DELETE")
                found = target.execute("PRAGMA integrity_check").fetchone()
                if found != ("ok",):
                    raise Invalid("database-damaged", path=str(database), found=str(found[0]))
                row = target.execute("SELECT version_num FROM alembic_version").fetchone()
            except sqlite3.DatabaseError as error:
                raise Invalid("database-damaged", path=str(database), found=str(error)) from None
    if row is None:
        raise Invalid("database-damaged", path=str(database), found="no revision")
    return str(row[0])


def _files(folders: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    for name, folder in sorted(folders.items()):
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_file() and not path.is_symlink() and not any(part.startswith(".") for part in inside.parts):
                yield f"{name}/{inside.as_posix()}", path


def _add(archive: tarfile.TarFile, name: str, path: Path) -> Member | None:
    """Add a file; None when it was deleted meanwhile."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    with file:
        size = os.fstat(file.fileno()).st_size
        hashing = _Hashing(file)
        archive.addfile(_entry(name, size), hashing)
    return Member(name=name, size=size, sha256=hashing.sha256.hexdigest())


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size = size
    entry.mode = 0o600
    return entry


class _Hashing(io.RawIOBase):
    """Reads a file and remembers the hash of what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self.sha256.update(content)
        return content


def _unpack(archive: Path, work: Path, folders: set[str] | None) -> Manifest:
    """Write every member below ``work`` (folders by their names) and compare all with the manifest."""
    found: dict[str, Member] = {}
    manifest: Manifest | None = None
    with _reading(archive) as opened:
        for entry in opened:
            content = opened.extractfile(entry) if entry.isreg() else None
            if manifest is not None or content is None or entry.name in found:
                raise _broken(entry.name)
            if entry.name == MANIFEST and entry.size > LARGEST_MANIFEST:
                raise _broken(entry.name)
            if entry.name == MANIFEST:
                manifest = msgspec.json.decode(content.read(), type=Manifest)
            else:
                found[entry.name] = _write(content, entry, work / _safe(entry.name, folders))
    if manifest is None or manifest.format != FORMAT:
        raise _broken(MANIFEST)
    for member in manifest.members:
        if found.pop(member.name, None) != member:
            raise _broken(member.name)
    if found or not (work / DATABASE).is_file():
        raise _broken(min(found, default=DATABASE))
    return manifest


@contextmanager
def _reading(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(archive, "r:") as opened:
            yield opened
    except FileNotFoundError:
        raise NotFound("backup-not-found", path=str(archive)) from None
    except (tarfile.TarError, msgspec.DecodeError, EOFError, OSError, UnicodeError) as error:
        raise _broken(type(error).__name__) from error


def _safe(name: str, folders: set[str] | None) -> PurePosixPath:
    """A name that stays below: the database, or a file in a folder that was asked for."""
    path = PurePosixPath(name)
    known = name == DATABASE or (len(path.parts) > 1 and (folders is None or path.parts[0] in folders))
    if not known or path.is_absolute() or "\x00" in name or any(part.startswith(".") for part in path.parts):
        raise _broken(name)
    return path


def _write(content: IO[bytes], entry: tarfile.TarInfo, target: Path) -> Member:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    size = 0
    # Ours alone from the first byte on: there are keys among them.
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            size += file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Member(name=entry.name, size=size, sha256=digest.hexdigest())


def _broken(what: str) -> Invalid:
    return Invalid("backup-broken", field="archive", what=what)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
