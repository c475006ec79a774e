"""Recordings lie sealed; plain is only what has just been finished, and no crash leaves it so."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from careline.infra.database.database import Database
from careline.infra.storage.folder import FolderStore
from careline.infra.storage.keys import StoreKey
from careline.kernel.errors import Conflict, NotFound, TransientFailure
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony import repository
from careline.modules.contact.telephony.errors import RecordingUnavailable
from careline.modules.contact.telephony.services.recording import Recorder
from careline.modules.contact.telephony.services.sessions import CallSessions
from careline.modules.contact.telephony.services.vault import Vault
from tests.support.clock import FakeClock
from tests.support.fake_voice import FakeVoice

SOUND = b"RIFF" + os.urandom(200_000)


class Room:
    """A vault over a real database and folder, as often as a process begins anew."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder, self.tenant_id = database, folder, TenantId(new_id())

    def store(self) -> FolderStore:
        return FolderStore(self.folder / "sealed", StoreKey(self.folder / "keys/recordings.key"))

    def vault(self) -> Vault:
        return Vault(self.database, self.store(), self.folder / "plain", earlier=self.folder / "sealed")

    async def begun(self) -> UUID:
        recording_id = new_id()
        async with self.database.transaction(self.tenant_id) as tx:
            await repository.insert_recording(tx, recording_id, new_id())
        return recording_id

    async def ended(self, recording_id: UUID) -> None:
        async with self.database.transaction(self.tenant_id) as tx:
            await repository.end_recording(tx, recording_id, state="done")

    async def heard(self, recording_id: UUID, start: int = 0, length: int = len(SOUND)) -> bytes:
        parts = self.vault().read(self.tenant_id, recording_id, start=start, length=length)
        return b"".join([part async for part in parts])

    def plain(self) -> list[Path]:
        """Every file in which the sound, or its beginning, lies readable."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and path.suffix != ".key"]
        return [path for path in files if SOUND[4:64] in path.read_bytes()]


@pytest.fixture
async def room(sqlite_url: str, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Room]:
    database = Database(sqlite_url, clock)
    yield Room(database, tmp_path / "room")
    await database.close()


async def test_a_finished_recording_is_sealed_and_given_out_in_parts(room: Room) -> None:
    recording_id = await room.begun()
    room.vault().place(room.tenant_id, recording_id).write_bytes(SOUND)
    assert len(room.plain()) == 1

    assert await room.vault().seal(room.tenant_id, recording_id)

    assert room.plain() == []
    assert await room.vault().size(room.tenant_id, recording_id) == len(SOUND)
    assert await room.heard(recording_id) == SOUND
    assert await room.heard(recording_id, start=65_530, length=20) == SOUND[65_530:65_550]
    assert await room.vault().seal(room.tenant_id, recording_id), "and once more does no harm"


@pytest.mark.parametrize("content", [b"", b"R" * 44, None])
async def test_nothing_to_listen_to_is_lost(room: Room, content: bytes | None) -> None:
    recording_id = await room.begun()
    if content is not None:
        room.vault().place(room.tenant_id, recording_id).write_bytes(content)

    assert not await room.vault().seal(room.tenant_id, recording_id)

    assert [path for path in room.folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("step", ["before", "halfway", "kept"])
async def test_killed_at_any_step_it_is_sealed_afterwards(room: Room, step: str) -> None:
    recording_id = await room.begun()
    await room.ended(recording_id)
    room.vault().place(room.tenant_id, recording_id).write_bytes(SOUND)
    store, name = room.store(), str(recording_id)
    if step == "halfway":
        async with store.incoming(room.tenant_id, recording_id) as incoming:
            await incoming.write(SOUND[:100_000])
            part = room.folder / "sealed" / str(room.tenant_id) / name[-2:] / f"{name}.part"
            begun = part.read_bytes()
        part.write_bytes(begun)  # as a kill leaves it, which tidies nothing up
    if step == "kept":
        async with store.incoming(room.tenant_id, recording_id) as incoming:
            await incoming.write(SOUND)
            await incoming.keep()

    assert await room.vault().seal_left() == 1

    assert room.plain() == []
    assert await room.heard(recording_id) == SOUND
    assert [path.suffix for path in (room.folder / "sealed").rglob("*") if path.is_file()] == [".sealed"]
    assert await room.vault().seal_left() == 0


async def test_what_an_earlier_version_kept_plain_is_sealed(room: Room) -> None:
    recording_id = await room.begun()
    await room.ended(recording_id)
    earlier = room.folder / "sealed" / str(room.tenant_id) / f"{recording_id}.wav"
    earlier.parent.mkdir(parents=True)
    earlier.write_bytes(SOUND)
    (earlier.parent / "readme.wav").write_bytes(b"not one of ours")

    assert await room.vault().seal_left() == 1

    assert room.plain() == []
    assert await room.heard(recording_id) == SOUND
    assert (earlier.parent / "readme.wav").exists()


async def test_what_is_recorded_still_is_left_and_what_was_erased_goes(room: Room) -> None:
    running, erased = await room.begun(), new_id()
    for one in (running, erased):
        room.vault().place(room.tenant_id, one).write_bytes(SOUND)

    assert await room.vault().seal_left() == 0

    assert [path.stem for path in room.plain()] == [str(running)]
    assert await room.vault().size(room.tenant_id, erased) is None


async def test_a_full_disk_keeps_the_plain_one_for_another_try(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    recording_id = await room.begun()
    await room.ended(recording_id)
    room.vault().place(room.tenant_id, recording_id).write_bytes(SOUND)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("careline.infra.storage.folder.os.fsync", full)
        with pytest.raises(TransientFailure):
            await room.vault().seal(room.tenant_id, recording_id)
        assert await room.vault().seal_left() == 0
    assert len(room.plain()) == 1
    assert await room.vault().seal_left() == 1
    assert room.plain() == []


async def test_another_tenant_finds_none_of_it_and_cannot_open_a_copy(room: Room) -> None:
    recording_id = await room.begun()
    await room.ended(recording_id)
    room.vault().place(room.tenant_id, recording_id).write_bytes(SOUND)
    await room.vault().seal(room.tenant_id, recording_id)
    other, name = TenantId(new_id()), str(recording_id)
    recorder = Recorder(room.database, FakeVoice(), CallSessions(), room.vault())
    with pytest.raises(NotFound):
        await recorder.recording(other, recording_id)
    mine = room.folder / "sealed" / str(room.tenant_id) / name[-2:] / f"{name}.sealed"
    copy = room.folder / "sealed" / str(other) / name[-2:] / f"{name}.sealed"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(mine.read_bytes())
    async with room.database.transaction(other) as tx:
        await repository.insert_recording(tx, recording_id := new_id(), new_id())
        await repository.end_recording(tx, recording_id, state="done")
    copy.rename(copy.with_name(f"{recording_id}.sealed"))
    (moved := room.folder / "sealed" / str(other) / str(recording_id)[-2:]).mkdir(exist_ok=True)
    copy.with_name(f"{recording_id}.sealed").rename(moved / f"{recording_id}.sealed")
    view = await recorder.recording(other, recording_id)
    with pytest.raises(RecordingUnavailable):
        await recorder.size(other, view)


async def test_what_was_thought_lost_and_is_finished_later_can_be_listened_to(room: Room) -> None:
    recording_id = await room.begun()
    recorder = Recorder(room.database, FakeVoice(), CallSessions(), room.vault())
    await recorder.close(room.tenant_id, new_id(), recording_id)
    assert (await recorder.recording(room.tenant_id, recording_id)).state == "lost"
    room.vault().place(room.tenant_id, recording_id).write_bytes(SOUND)

    await room.vault().seal_left()

    view = await recorder.recording(room.tenant_id, recording_id)
    assert (view.state, await recorder.size(room.tenant_id, view)) == ("done", len(SOUND))


async def test_a_recording_that_runs_cannot_be_listened_to(room: Room) -> None:
    recording_id = await room.begun()
    recorder = Recorder(room.database, FakeVoice(), CallSessions(), room.vault())
    with pytest.raises(Conflict, match="recording-not-ready"):
        await recorder.size(room.tenant_id, await recorder.recording(room.tenant_id, recording_id))
