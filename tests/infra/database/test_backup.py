"""Backups: made while somebody writes, restored as they were, and refused when a byte is wrong."""

import asyncio
import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from careline.infra.database import schema
from careline.infra.database.backup import backup, check, restore
from careline.infra.database.database import Database
from careline.kernel.clock import SystemClock
from careline.kernel.errors import Invalid, NotFound
from tests.infra.facts import do, logged, numbers, stored_rows

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Installation:
    """A data folder with a database and files."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "careline.db"
        self.files = folder / "files"
        self.database = Database(f"sqlite+aiosqlite:///{self.file}", SystemClock())

    async def fill(self) -> None:
        await schema.migrate(self.database)
        for number in range(10):
            await do(self.database, number)
        (self.files / "recordings").mkdir(parents=True)
        (self.files / "recordings" / "a.wav").write_bytes(b"RIFF" * 1000)
        (self.files / "客服.txt").write_bytes(b"")
        (self.files / ".parts").mkdir()
        (self.files / ".parts" / "half").write_bytes(b"half")

    def backup(self, target: Path) -> None:
        backup(self.file, {"files": self.files}, target, version="1", now=NOW)

    def restore(self, archive: Path) -> None:
        restore(archive, self.file, {"files": self.files})


@pytest.fixture
async def original(tmp_path: Path) -> Installation:
    (tmp_path / "original").mkdir()
    installation = Installation(tmp_path / "original")
    await installation.fill()
    await installation.database.close()
    return installation


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


async def test_a_journal_that_stayed_behind_is_not_played_into_what_comes_back(
    original: Installation, tmp_path: Path
) -> None:
    """Somebody removed the database by hand, and not what the last one had written beside it."""
    archive = tmp_path / "backup.tar"
    original.backup(archive)
    (tmp_path / "copy").mkdir()
    copy = Installation(tmp_path / "copy")
    await schema.migrate(copy.database)
    await copy.database.close()
    copy.file.with_name("careline.db-wal").write_bytes(b"what was written last")
    copy.file.unlink()

    with pytest.raises(Invalid, match="restore-target-not-empty"):
        copy.restore(archive)
    assert not copy.file.exists()


async def test_what_was_kept_comes_back(original: Installation, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar"
    original.backup(archive)
    manifest = check(archive)
    copy = Installation(tmp_path / "copy")
    copy.restore(archive)

    assert (manifest.made_at, manifest.revision) == (NOW, schema.newest())
    assert [member.name for member in manifest.members] == ["careline.db", "files/recordings/a.wav", "files/客服.txt"]
    await schema.check(copy.database)
    assert await stored_rows(copy.database) == set(range(10))
    assert numbers(await logged(copy.database)) == list(range(10))
    assert (copy.files / "recordings" / "a.wav").read_bytes() == b"RIFF" * 1000
    await do(copy.database, 10)
    await copy.database.close()
    assert everything(copy.files) == ["recordings", "recordings/a.wav", "客服.txt"]
    assert not [name for name in everything(tmp_path) if name.startswith((".backup", "copy/.restore"))]


async def test_a_backup_while_somebody_writes_is_of_one_moment(original: Installation, tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{original.file}", SystemClock())
    stop = asyncio.Event()

    async def write() -> None:
        number = 100
        while not stop.is_set():
            await do(database, number)
            number += 1

    writing = asyncio.create_task(write())
    for turn in range(3):
        await asyncio.to_thread(original.backup, tmp_path / f"{turn}.tar")
    stop.set()
    await writing
    await database.close()
    for turn in range(3):
        copy = Installation(tmp_path / f"copy-{turn}")
        copy.restore(tmp_path / f"{turn}.tar")
        rows = await stored_rows(copy.database)
        assert rows == set(numbers(await logged(copy.database)))
        assert rows >= set(range(10))
        await copy.database.close()


async def test_nothing_is_overwritten(original: Installation, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar"
    original.backup(archive)
    before = archive.read_bytes()
    with pytest.raises(Invalid, match="backup-exists"):
        original.backup(archive)
    with pytest.raises(Invalid, match="restore-target-not-empty"):
        original.restore(archive)
    with pytest.raises(Invalid, match="restore-target-not-empty"):
        restore(archive, tmp_path / "new" / "careline.db", {"files": original.files})

    assert archive.read_bytes() == before
    assert not (tmp_path / "new").exists()


def rewritten(archive: Path, target: Path, change: str) -> None:
    """The archive with one fault in it."""
    with tarfile.open(archive) as old, tarfile.open(target, "w") as new:
        for entry in old:
            content = old.extractfile(entry)
            assert content is not None
            data = content.read()
            if change == f"drop {entry.name}":
                continue
            if change == f"spoil {entry.name}":
                data = data[:-1] + bytes([data[-1] ^ 1])
            if entry.name == "manifest.json" and change.startswith("add "):
                extra = tarfile.TarInfo(change.removeprefix("add "))
                extra.size = 1
                new.addfile(extra, io.BytesIO(b"x"))
            if entry.name == "manifest.json" and change == "link":
                link = tarfile.TarInfo("files/link")
                link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
                new.addfile(link)
            entry.size = len(data)
            new.addfile(entry, io.BytesIO(data))


@pytest.mark.parametrize(
    "change",
    [
        "drop careline.db",
        "drop manifest.json",
        "drop files/recordings/a.wav",
        "spoil careline.db",
        "spoil files/recordings/a.wav",
        "spoil manifest.json",
        "add files/more.txt",
        "add ../outside",
        "add /tmp/outside",
        "add files/../../outside",
        "add files/.hidden",
        "add other/x",
        "add careline.db",
        "link",
    ],
)
async def test_an_archive_that_is_not_what_was_written_changes_nothing(
    original: Installation, tmp_path: Path, change: str
) -> None:
    original.backup(tmp_path / "backup.tar")
    rewritten(tmp_path / "backup.tar", tmp_path / "spoilt.tar", change)
    target = tmp_path / "copy"
    with pytest.raises(Invalid, match="backup-broken"):
        restore(tmp_path / "spoilt.tar", target / "careline.db", {"files": target / "files"})

    assert everything(target) == []
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("kept", [0, 100, 512, 5000, -2000])
async def test_an_archive_that_was_cut_off(original: Installation, tmp_path: Path, kept: int) -> None:
    original.backup(tmp_path / "backup.tar")
    content = (tmp_path / "backup.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(content[:kept].rstrip(b"\0") if kept < 0 else content[:kept])
    with pytest.raises(Invalid, match="backup-broken"):
        check(tmp_path / "cut.tar")


async def test_a_backup_of_a_newer_version_is_refused(
    original: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original.backup(tmp_path / "backup.tar")
    monkeypatch.setattr(schema, "newest", lambda: "0000")
    with pytest.raises(schema.DatabaseTooNew):
        Installation(tmp_path / "copy").restore(tmp_path / "backup.tar")

    assert everything(tmp_path / "copy") == []


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="database-not-found"):
        backup(tmp_path / "no.db", {}, tmp_path / "b.tar", version="1", now=NOW)
    with pytest.raises(NotFound, match="backup-not-found"):
        check(tmp_path / "no.tar")
