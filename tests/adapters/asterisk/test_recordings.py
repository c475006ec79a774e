"""From raw samples to a WAV of two channels."""

import array
import wave
from pathlib import Path

import pytest

from careline.adapters.asterisk.recordings import Recordings, to_wav
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

    with pytest.raises(PermanentFailure, match="could not be written"):
        await Recordings(None, tmp_path).stop(one, LegId("leg"))
    assert (tmp_path / f"{one}.raw").exists()
