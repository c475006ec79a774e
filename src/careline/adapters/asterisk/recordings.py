"""Recordings in two channels, made by MixMonitor as raw samples and turned into WAV when they end.

While it is recorded, a recording is two files in the node's folder: ``<id>.raw`` (16 bit, 8 kHz, interleaved: first
what the leg says, then what it hears) and ``<id>.json`` (whose it is and where it shall lie). So a recording that a
crash cut off can be finished afterwards.
"""

import asyncio
import logging
import os
import wave
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

from careline.adapters.asterisk.ami import AmiLink
from careline.adapters.asterisk.node import write_private
from careline.infra.storage.keys import sync_folder
from careline.kernel.errors import AdapterFailure, PermanentFailure
from careline.modules.contact.telephony.ports import LegGone, LegId, RecordingSpec

log = logging.getLogger(__name__)

RATE = 8000
_FRAME = 4  # two channels of 16 bit
_QUIET_SECONDS = 0.06


class _Note(msgspec.Struct, frozen=True):
    leg: str
    path: str


class Recordings:
    """Starts, stops and finishes recordings of one node."""

    def __init__(self, ami: AmiLink | None, folder: Path) -> None:
        self._ami = ami
        self._folder = folder
        self._running: dict[UUID, RecordingSpec] = {}
        self._finishing: dict[UUID, asyncio.Task[None]] = {}

    async def start(self, spec: RecordingSpec) -> None:
        """Start; raises ``LegGone`` or ``PermanentFailure``, and leaves no file then."""
        if self._ami is None:
            raise PermanentFailure("this Asterisk has no AMI link: nothing can be recorded")
        if any(one.leg == spec.leg for one in self._running.values()):
            raise PermanentFailure(f"leg {spec.leg} is being recorded already")
        raw = self._raw(spec.recording_id)
        note = _Note(leg=spec.leg, path=str(spec.path.absolute()))
        write_private(self._note(spec.recording_id), msgspec.json.encode(note))
        self._running[spec.recording_id] = spec
        try:
            answer = await self._ami.action("MixMonitor", {"Channel": spec.leg, "File": str(raw), "Options": "D"})
            if answer.get("Response") != "Success":
                reason = answer.get("Message", "")
                if "No such channel" in reason:
                    raise LegGone(f"leg {spec.leg} is gone")
                raise PermanentFailure(f"recording was refused: {reason}")
        except AdapterFailure:
            self._running.pop(spec.recording_id, None)
            self._note(spec.recording_id).unlink(missing_ok=True)
            raise

    async def stop(self, recording_id: UUID, leg: LegId) -> None:
        """Stop, and begin to finish. Nothing happens when that was done already."""
        if recording_id in self._finishing or not self._note(recording_id).exists():
            return
        answer = {}
        if self._ami is not None:
            answer = await self._ami.action("StopMixMonitor", {"Channel": leg})
        # Success means that MixMonitor closed the file; an error, that the leg went at the same time.
        self._finish(recording_id, settled=answer.get("Response") == "Success")

    async def finished(self, recording_id: UUID) -> None:
        """Until the file of a recording that was stopped is whole."""
        task = self._finishing.get(recording_id)
        if task is not None:
            try:
                await asyncio.shield(task)
            except OSError as error:  # the disk is full, or the folder is not ours; the raw file is kept
                raise PermanentFailure(f"recording {recording_id} could not be written: {error.strerror}") from error

    def leg_ended(self, leg: LegId) -> None:
        """A leg is gone: what was recorded of it is finished by itself."""
        for recording_id in [key for key, spec in self._running.items() if spec.leg == leg]:
            self._finish(recording_id, settled=False)

    def salvage(self, live: set[LegId]) -> list[UUID]:
        """Take up what an earlier run left: goes on with what is being recorded, finishes what was cut off.

        Returns the recordings that are being finished.
        """
        cut_off = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                recording_id = UUID(path.stem)
                note = msgspec.json.decode(path.read_bytes(), type=_Note)
            except (ValueError, OSError):
                log.warning("not a note of a recording: %s", path)
                continue
            if recording_id in self._running or recording_id in self._finishing:
                continue
            leg = LegId(note.leg)
            if leg in live:
                self._running[recording_id] = RecordingSpec(recording_id=recording_id, leg=leg, path=Path(note.path))
            else:
                self._finish(recording_id, settled=False)
                cut_off.append(recording_id)
        return cut_off

    async def finish_left(self, untouched_since: datetime) -> int:
        """Complete what nothing was written to since then, whatever became of its leg."""
        busy = {*self._finishing}
        return await asyncio.to_thread(finish_left, self._folder, untouched_since.timestamp(), but=busy)

    async def close(self) -> None:
        """Wait for what is being finished; what is being recorded goes on."""
        if self._finishing:
            await asyncio.wait(list(self._finishing.values()))
        if self._ami is not None:
            await self._ami.close()

    def _finish(self, recording_id: UUID, *, settled: bool) -> asyncio.Task[None]:
        task = self._finishing.get(recording_id)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._write_out(recording_id, settled=settled))
            self._finishing[recording_id] = task
            self._running.pop(recording_id, None)  # its leg may be recorded anew
            task.add_done_callback(lambda done: self._finished(recording_id, done))
        return task

    def _finished(self, recording_id: UUID, task: asyncio.Task[None]) -> None:
        self._finishing.pop(recording_id, None)
        if not task.cancelled() and (failure := task.exception()) is not None:
            log.error("recording %s could not be finished; its raw file is kept", recording_id, exc_info=failure)

    async def _write_out(self, recording_id: UUID, *, settled: bool) -> None:
        note_path, raw = self._note(recording_id), self._raw(recording_id)
        if not note_path.exists():
            return  # nothing was written to it for so long that it was completed without us
        note = msgspec.json.decode(note_path.read_bytes(), type=_Note)
        if not settled:
            await _until_quiet(raw)
        await asyncio.to_thread(write_out, raw, note_path, Path(note.path))

    def _raw(self, recording_id: UUID) -> Path:
        return self._folder / f"{recording_id}.raw"

    def _note(self, recording_id: UUID) -> Path:
        return self._folder / f"{recording_id}.json"


class Recorded:
    """What a ``VoiceEngine`` does with recordings once they run."""

    _recordings: Recordings

    async def stop_recording(self, recording_id: UUID, leg: LegId) -> None:
        await self._recordings.stop(recording_id, leg)

    async def recording_finished(self, recording_id: UUID) -> None:
        await self._recordings.finished(recording_id)

    async def finish_recordings(self, untouched_since: datetime) -> int:
        return await self._recordings.finish_left(untouched_since)


async def _until_quiet(raw: Path) -> None:
    """Wait until Asterisk wrote the last of a recording whose leg is gone; it closes the file within a frame."""
    size, deadline = None, asyncio.get_running_loop().time() + 2.0
    while asyncio.get_running_loop().time() < deadline:
        now = _size(raw)
        if now is not None and now == size:
            return
        size = now
        await asyncio.sleep(_QUIET_SECONDS)


def _size(raw: Path) -> int | None:
    try:
        return raw.stat().st_size
    except FileNotFoundError:
        return None


def write_out(raw: Path, note: Path, target: Path) -> None:
    """Turn raw samples into their WAV. They go when that is durable, then their note. Where a kill left the note alone
    the WAV was whole, and perhaps has been sealed and taken away since; only the note is left to go."""
    if raw.exists():
        to_wav(raw, target)
        raw.unlink()
        sync_folder(raw.parent)
    note.unlink(missing_ok=True)


def finish_left(folder: Path, untouched_since: float, *, but: Collection[UUID] = ()) -> int:
    """Finish, without any link, what nothing was written to since then (as ``time.time``): nobody records it any more.

    Returns how many that were. What cannot be read or written stays for another try.
    """
    done = 0
    for note_path in sorted(folder.glob("*.json")):
        raw = note_path.with_suffix(".raw")
        try:
            recording_id, note = UUID(note_path.stem), msgspec.json.decode(note_path.read_bytes(), type=_Note)
            touched = max(path.stat().st_mtime for path in (note_path, raw) if path.exists())
            if touched < untouched_since and recording_id not in but:
                write_out(raw, note_path, Path(note.path))
                done += 1
        except (ValueError, OSError):
            log.exception("%s could not be finished", note_path.name)
    return done


def to_wav(raw: Path, target: Path) -> None:
    """Write a WAV of two channels from raw samples, durable and in one step. A half frame at the end is left out; a
    recording of which nothing was written is an empty WAV."""
    fresh = target.with_name(f".{target.name}.part")
    size = _size(raw) or 0
    with fresh.open("wb") as out, wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.setnframes(size // _FRAME)
        file.writeframesraw(b"")
        if size >= _FRAME:
            with raw.open("rb") as source:
                while chunk := source.read(1 << 16):
                    file.writeframesraw(chunk[: len(chunk) - len(chunk) % _FRAME])
    with fresh.open("rb") as whole:
        os.fsync(whole.fileno())
    fresh.replace(target)
    sync_folder(target.parent)
