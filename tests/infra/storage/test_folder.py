"""Files are durable or not there, sealed on the disk, and never anything but what was written."""

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careline.infra.storage.folder import FolderStore
from careline.infra.storage.keys import StoreKey
from careline.infra.storage.sealing import HEADER, PIECE, SEALED_PIECE
from careline.kernel.errors import PermanentFailure, TransientFailure
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId

TENANT = TenantId(new_id())


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files", StoreKey(tmp_path / "keys/files.key"))


async def written(store: FolderStore, content: bytes, *, part: int = 10_000) -> object:
    file_id = new_id()
    async with store.incoming(TENANT, file_id) as incoming:
        for at in range(0, len(content), part):
            await incoming.write(content[at : at + part])
        await incoming.keep()
    return file_id


def on_disk(folder: Path) -> list[Path]:
    return [found for found in (folder / "files").rglob("*") if found.is_file()]


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 200_001])
async def test_what_was_kept_is_read(store: FolderStore, tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    file_id = await written(store, content)
    assert b"".join([part async for part in store.read(TENANT, file_id)]) == content  # type: ignore[arg-type]
    [file] = on_disk(tmp_path)
    assert file.stat().st_mode & 0o077 == 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 150_000), length=st.integers(0, 150_000))
async def test_any_part_is_read(store: FolderStore, start: int, length: int) -> None:
    content = bytes(at % 251 for at in range(140_000))
    file_id = await written(store, content, part=PIECE)
    found = [part async for part in store.read(TENANT, file_id, start=start, length=length)]  # type: ignore[arg-type]
    assert b"".join(found) == content[start : start + length]


async def test_a_full_disk_is_told_as_what_may_pass(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be written fails once more when the file is closed."""

    def on_a_full_disk(descriptor: int, mode: str) -> BinaryIO:
        os.close(descriptor)
        return Path("/dev/full").open(mode)  # type: ignore[return-value]

    monkeypatch.setattr(os, "fdopen", on_a_full_disk)
    with pytest.raises(TransientFailure, match="No space left"):
        await written(store, b"x" * 1000)
    assert not on_disk(tmp_path)


async def test_nothing_lies_on_the_disk_unsealed(store: FolderStore, tmp_path: Path) -> None:
    await written(store, b"secret of a customer" * 5000)
    async with store.incoming(TENANT, new_id()) as incoming:
        await incoming.write(b"secret of a customer" * 5000)
        assert len(on_disk(tmp_path)) == 2
        assert all(b"secret" not in file.read_bytes() for file in on_disk(tmp_path))


async def test_what_was_not_kept_is_gone(store: FolderStore, tmp_path: Path) -> None:
    with suppress(RuntimeError):
        async with store.incoming(TENANT, new_id()) as incoming:
            await incoming.write(b"x" * 100_000)
            raise RuntimeError("the network is gone")
    assert on_disk(tmp_path) == []


@pytest.mark.parametrize(
    "harm",
    [
        lambda all_: all_[:-1],
        lambda all_: all_[: HEADER + SEALED_PIECE],
        lambda all_: all_[:HEADER] + all_[HEADER + SEALED_PIECE :],
        lambda all_: all_[: HEADER + 9] + bytes([all_[HEADER + 9] ^ 1]) + all_[HEADER + 10 :],
        lambda all_: all_[:9] + bytes([all_[9] ^ 1]) + all_[10:],
        lambda _: b"",
        lambda _: b"not sealed at all" * 10,
    ],
)
async def test_what_was_changed_is_not_handed_out(store: FolderStore, tmp_path: Path, harm: object) -> None:
    file_id = await written(store, b"x" * 2 * PIECE)
    [file] = on_disk(tmp_path)
    file.write_bytes(harm(file.read_bytes()))  # type: ignore[operator]
    with pytest.raises(PermanentFailure):
        _ = [part async for part in store.read(TENANT, file_id)]  # type: ignore[arg-type]


async def test_a_file_of_another_tenant_or_id_does_not_open(store: FolderStore, tmp_path: Path) -> None:
    file_id = await written(store, b"theirs")
    [file] = on_disk(tmp_path)
    other = TenantId(new_id())
    stolen = tmp_path / "files" / str(other) / file.parent.name / file.name
    stolen.parent.mkdir(parents=True)
    stolen.write_bytes(file.read_bytes())
    with pytest.raises(PermanentFailure):
        _ = [part async for part in store.read(other, file_id)]  # type: ignore[arg-type]
    with pytest.raises(PermanentFailure, match="not there"):
        _ = [part async for part in store.read(TENANT, new_id())]


async def test_files_are_found_by_age_and_removed_with_what_was_broken_off(store: FolderStore, tmp_path: Path) -> None:
    file_id, soon = await written(store, b"x"), datetime.now(UTC) + timedelta(minutes=1)
    [file] = on_disk(tmp_path)
    broken = new_id()
    (file.parent / f"{broken}.part").write_bytes(b"half")
    assert await store.kept(TENANT, before=soon - timedelta(hours=1)) == []
    assert set(await store.kept(TENANT, before=soon)) == {file_id, broken}
    (tmp_path / "files" / str(TENANT) / str(broken)[-2:]).mkdir(exist_ok=True)
    await store.remove(TENANT, file_id)  # type: ignore[arg-type]
    await store.remove(TENANT, file_id)  # type: ignore[arg-type]
    assert [left.suffix for left in on_disk(tmp_path)] == [".part"]


async def test_a_large_store_is_looked_through_bit_by_bit(store: FolderStore, tmp_path: Path) -> None:
    files = {UUID(str(await written(store, b"x"))) for _ in range(9)}
    soon = datetime.now(UTC) + timedelta(minutes=1)
    assert await store.some(TENANT, before=soon - timedelta(hours=1), start=new_id(), most=9) == []
    assert await store.some(TenantId(new_id()), before=soon, start=new_id(), most=9) == []
    seen: set[UUID] = set()
    for start in sorted(files):
        bit = await store.some(TENANT, before=soon, start=start, most=4)
        assert (len(bit), bit[0]) == (4, start)
        assert set(await store.some(TENANT, before=soon, start=start, most=99)) == files
        seen |= set(bit)
    assert seen == files


def test_the_key_is_made_once_and_is_ours_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys/files.key"
    first = StoreKey(file)
    assert first.master() == StoreKey(file).master() == first.master()
    assert file.stat().st_mode & 0o777 == 0o600
    assert [left.name for left in file.parent.iterdir()] == ["files.key"]
    assert first.of("links") != first.master()
    file.write_bytes(b"short")
    with pytest.raises(PermanentFailure, match="bring back the right one"):
        StoreKey(file).master()
