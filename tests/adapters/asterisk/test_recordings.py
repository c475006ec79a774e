"""From raw samples to a WAV of two channels."""

import array
import os
import wave
from datetime import UTC, datetime
from pathlib import Path

import pytest

from careline.adapters.asterisk.recordings import Recordings, to_wav, write_out
from careline.kernel.errors import PermanentFailure
from careline.kernel.ids import new_id
from careline.modules.contact.telephony.ports import LegId


def frames(path: Path) -> tuple[int, list[int]]:
    with wave.open(str(path)) as file:
        assert (file.getsampwidth(), file.getframerate()) == (2, 8000)
        return file.getnchannels(), array.array("h", file.readframes(file.getnframes())).tolist()


def test_samples_come_out_as_they_went_in(tmp_path: Path) -> None:
    raw, samples = tmp_path / "r.raw", list(range(-20000, 20000))
    raw.write_bytes(array.array("h", samples).tobytes())

    to_wav(raw, tmp_path / "r.wav")

    assert frames(tmp_path / "r.wav") == (2, samples)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.raw", "r.wav"]


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_half_a_frame_at_the_end_is_left_out(tmp_path: Path, cut: int) -> None:
    raw = tmp_path / "r.raw"
    raw.write_bytes(array.array("h", [1, 2, 3, 4]).tobytes() + b"\x01" * cut)

    to_wav(raw, tmp_path / "r.wav")

    assert frames(tmp_path / "r.wav") == (2, [1, 2, 3, 4])


def test_nothing_recorded_is_an_empty_wav(tmp_path: Path) -> None:
    to_wav(tmp_path / "none.raw", tmp_path / "r.wav")

    assert frames(tmp_path / "r.wav") == (2, [])


async def test_salvage_finishes_what_was_cut_off_and_leaves_what_runs(tmp_path: Path) -> None:
    folder, gone, live = tmp_path / "recordings", new_id(), new_id()
    folder.mkdir()
    for one, leg in ((gone, "leg-gone"), (live, "leg-live")):
        (folder / f"{one}.raw").write_bytes(bytes(3200))
        (folder / f"{one}.json").write_text(f'{{"leg": "{leg}", "path": "{tmp_path}/{one}.wav"}}')
    (folder / "note.json").write_text("no note of ours")
    recordings = Recordings(None, folder)

    assert recordings.salvage({LegId("leg-live")}) == [gone]
    await recordings.close()

    assert frames(tmp_path / f"{gone}.wav") == (2, [0] * 1600)
    assert not (tmp_path / f"{live}.wav").exists()
    assert {path.stem for path in folder.iterdir()} == {str(live), "note"}


async def test_a_recording_that_cannot_be_written_keeps_its_raw_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = new_id()
    (tmp_path / f"{one}.raw").write_bytes(bytes(3200))
    (tmp_path / f"{one}.json").write_text(f'{{"leg": "leg", "path": "{tmp_path}/no/such/folder/r.wav"}}')
    recordings = Recordings(None, tmp_path)

    recordings.salvage(set())
    await recordings.close()

    assert (tmp_path / f"{one}.raw").exists()
    assert "raw file is kept" in caplog.text


async def test_who_stops_a_recording_that_cannot_be_written_is_told_in_our_words(tmp_path: Path) -> None:
    one = new_id()
    (tmp_path / f"{one}.raw").write_bytes(bytes(3200))
    (tmp_path / f"{one}.json").write_text(f'{{"leg": "leg", "path": "{tmp_path}/no/such/folder/r.wav"}}')

    recordings = Recordings(None, tmp_path)
    await recordings.stop(one, LegId("leg"))
    with pytest.raises(PermanentFailure, match="could not be written"):
        await recordings.finished(one)
    assert (tmp_path / f"{one}.raw").exists()


async def test_a_kill_after_the_raw_file_went_costs_nothing_of_the_whole_one(tmp_path: Path) -> None:
    """The note is what was left. The WAV may have been sealed and taken away by now: an empty one would take its
    place."""
    whole, sealed = new_id(), new_id()
    for one in (whole, sealed):
        (tmp_path / f"{one}.json").write_text(f'{{"leg": "leg", "path": "{tmp_path}/{one}.wav"}}')
    (tmp_path / "raw").write_bytes(bytes(3200))
    to_wav(tmp_path / "raw", tmp_path / f"{whole}.wav")
    recordings = Recordings(None, tmp_path)

    recordings.salvage(set())
    await recordings.close()

    assert frames(tmp_path / f"{whole}.wav") == (2, [0] * 1600)
    assert not (tmp_path / f"{sealed}.wav").exists()
    assert list(tmp_path.glob("*.json")) == []


def test_the_raw_file_goes_after_its_wav_is_durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, note, target = tmp_path / "r.raw", tmp_path / "r.json", tmp_path / "r.wav"
    raw.write_bytes(bytes(3200))
    note.write_text("{}")
    synced = []
    fsync = os.fsync

    def seen(descriptor: int) -> None:
        fsync(descriptor)
        what = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append((what.name, raw.exists(), note.exists(), target.exists()))

    monkeypatch.setattr(os, "fsync", seen)
    write_out(raw, note, target)

    assert synced[:2] == [(".r.wav.part", True, True, False), (tmp_path.name, True, True, True)]
    assert synced[2][1:] == (False, True, True)
    assert not note.exists()


async def test_a_node_that_never_comes_back_leaves_nothing_in_the_clear(tmp_path: Path) -> None:
    old, lately = new_id(), new_id()
    for one in (old, lately):
        (tmp_path / f"{one}.raw").write_bytes(bytes(3200))
        (tmp_path / f"{one}.json").write_text(f'{{"leg": "leg", "path": "{tmp_path}/{one}.wav"}}')
    for kind in ("raw", "json"):
        os.utime(tmp_path / f"{old}.{kind}", (1000, 1000))
    recordings = Recordings(None, tmp_path)

    assert await recordings.finish_left(datetime.fromtimestamp(2000, tz=UTC)) == 1

    assert frames(tmp_path / f"{old}.wav") == (2, [0] * 1600)
    assert {path.stem for path in tmp_path.glob("*.raw")} == {str(lately)}
    assert {path.stem for path in tmp_path.glob("*.json")} == {str(lately)}
