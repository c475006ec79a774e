"""The folder as a file store: whole files, bounded, and no way out of it."""

import asyncio
import fcntl
import sys
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.infra.storage.folder import FolderStore, _tidy
from careline.infra.storage.store import checked_key
from careline.kernel.errors import Invalid, NotFound
from tests.infra.storage import killed
from tests.support.browser import ROOT


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        await asyncio.sleep(0)
        yield part


async def whole(content: AsyncIterable[bytes]) -> bytes:
    return b"".join([chunk async for chunk in content])


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


async def test_a_file_comes_back_as_it_was(store: FolderStore) -> None:
    big = bytes(range(256)) * 3000

    assert await store.put("recordings/2026/a.wav", chunks(big, b"", b"end")) == len(big) + 3
    assert await whole(store.open("recordings/2026/a.wav")) == big + b"end"
    assert await store.size("recordings/2026/a.wav") == len(big) + 3
    assert list(store.keys()) == ["recordings/2026/a.wav"]


@pytest.mark.parametrize(("start", "end", "part"), [(2, 5, b"234"), (8, None, b"89"), (0, 0, b""), (20, 30, b"")])
async def test_a_part_of_a_file(store: FolderStore, start: int, end: int | None, part: bytes) -> None:
    await store.put("a.bin", chunks(b"0123456789"))

    assert await whole(store.open("a.bin", start=start, end=end)) == part


async def test_putting_again_replaces_and_readers_keep_what_they_opened(store: FolderStore) -> None:
    await store.put("a.bin", chunks(b"old"))
    reading = store.open("a.bin")
    await store.put("a.bin", chunks(b"new one"))

    assert await whole(reading) in (b"old", b"new one")
    assert await whole(store.open("a.bin")) == b"new one"


async def test_what_is_not_there(store: FolderStore) -> None:
    await store.put("folder/a.bin", chunks(b"x"))
    for key in ("b.bin", "folder"):
        with pytest.raises(NotFound, match="file-not-found"):
            await whole(store.open(key))
        assert await store.size(key) is None
        assert not await store.delete(key)


async def test_a_deleted_file_is_gone(store: FolderStore) -> None:
    await store.put("a.bin", chunks(b"x"))

    assert await store.delete("a.bin")
    assert not await store.delete("a.bin")
    assert list(store.keys()) == []


async def test_a_file_too_large_leaves_nothing_and_keeps_the_old_one(store: FolderStore, tmp_path: Path) -> None:
    await store.put("a.bin", chunks(b"old"), max_size=3)
    with pytest.raises(Invalid, match="file-too-large"):
        await store.put("a.bin", chunks(b"ne", b"wer"), max_size=4)

    assert await whole(store.open("a.bin")) == b"old"
    assert files(tmp_path / "files") == ["a.bin"]


async def test_a_source_that_breaks_off_leaves_nothing(store: FolderStore, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionError("the caller's line is gone")

    with pytest.raises(ConnectionError):
        await store.put("a.bin", broken())
    task = asyncio.create_task(store.put("b.bin", _endless()))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert files(tmp_path / "files") == []


async def _endless() -> AsyncIterator[bytes]:
    while True:
        yield b"x"
        await asyncio.sleep(0.001)


async def test_whoever_is_killed_at_any_line_leaves_a_whole_file_and_what_can_be_tidied(tmp_path: Path) -> None:
    done = await asyncio.create_subprocess_exec(sys.executable, "-m", killed.__name__, str(tmp_path), cwd=ROOT)
    assert await done.wait() == 0
    tries = sorted(tmp_path.iterdir(), key=lambda place: int(place.name))
    left = []
    for place in tries:
        store = FolderStore(place)
        left.append(await store.tidy())
        assert files(place) == [killed.KEY]
        assert await whole(store.open(killed.KEY)) in (killed.OLD, killed.NEW)
        assert await store.put(killed.KEY, chunks(b"next")) == 4
    assert set(left) == {0, 1}, "some are killed with a file begun, others before or after"
    assert left[-1] == 0


async def test_what_is_being_written_is_never_tidied_away(store: FolderStore, tmp_path: Path) -> None:
    async def tidied_meanwhile() -> AsyncIterator[bytes]:
        yield b"first"
        (tmp_path / "files/.parts/left").write_bytes(b"half")
        assert await store.tidy() == 1
        yield b"second"
        assert await store.tidy() == 0

    await store.put("a.bin", tidied_meanwhile())
    assert await whole(store.open("a.bin")) == b"firstsecond"


async def test_a_file_that_is_tidied_away_before_it_is_locked_is_begun_again(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.flock
    tidied: list[int] = []

    def slow(file: int, operation: int) -> None:
        if operation == fcntl.LOCK_EX and not tidied:
            tidied.append(_tidy(tmp_path / "files/.parts"))
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", slow)
    await store.put("a.bin", chunks(b"whole"))
    assert tidied == [1]
    assert files(tmp_path / "files") == ["a.bin"]
    assert await whole(store.open("a.bin")) == b"whole"


async def test_a_store_that_was_never_used_is_tidy(store: FolderStore) -> None:
    assert await store.tidy() == 0


@pytest.mark.parametrize(
    "key",
    [
        "",
        ".",
        "..",
        "../x",
        "a/../x",
        "a/..",
        "/etc/passwd",
        "a//b",
        "a/",
        ".parts/x",
        "a/.hidden",
        "a\\..\\b",
        "a\x00b",
        "a\n",
        "A",
        "ä",
        "a..b",
        "a.",
        "%2e%2e/x",
        "~/x",
        "a:b",
        "x" * 201,
        "/".join("abcdefghi"),
    ],
)
async def test_a_key_never_leaves_the_store(store: FolderStore, tmp_path: Path, key: str) -> None:
    with pytest.raises(Invalid, match="file-key-invalid"):
        await store.put(key, chunks(b"x"))
    with pytest.raises(Invalid, match="file-key-invalid"):
        await whole(store.open(key))
    with pytest.raises(Invalid, match="file-key-invalid"):
        await store.delete(key)

    assert files(tmp_path) == []


@given(st.text(alphabet="ab./\\-_~\x00", max_size=30))
def test_an_accepted_key_stays_below_its_folder(key: str) -> None:
    try:
        accepted = checked_key(key)
    except Invalid:
        return
    base = Path("/srv/files")
    assert (base / accepted).resolve().is_relative_to(base)
    assert not any(part.startswith(".") for part in Path(accepted).parts)
