"""Sound as numbers: WAV files (PCM, 16 bit) of others are read with bounds, our own are written."""

from __future__ import annotations

import struct
from array import array

import msgspec

from careline.adapters.speech.resampling import TELEPHONE_HZ, resampled
from careline.kernel.errors import PermanentFailure

RATES = frozenset({8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000})
LONGEST_S = 600
HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
_PCM, _EXTENSIBLE = 1, 0xFFFE


class Sound(msgspec.Struct, frozen=True):
    """One channel of 16-bit samples, ``rate`` of them a second."""

    samples: array[int]
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def read_wav(data: bytes, *, longest_s: float = LONGEST_S, at_least_s: float = 0.0) -> Sound:
    """A WAV file of one or two channels. A length that says more than is there means all that is there, as programs
    write it into pipes. Raises ``PermanentFailure``."""
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise PermanentFailure("that is no WAV file")
    at, shape = 12, None
    while at + _CHUNK.size <= len(data):
        name, length = _CHUNK.unpack_from(data, at)
        at += _CHUNK.size
        if name == b"data":
            if shape is None:
                break
            return _sound(data[at : at + length], *shape, longest_s=longest_s, at_least_s=at_least_s)
        if name == b"fmt ":
            shape = _shape(data[at : at + length])
        at += length + length % 2
    raise PermanentFailure("the WAV file holds no sound")


def telephone_wav(sound: Sound) -> bytes:
    """A WAV file that a voice engine plays: one channel, 8 kHz, 16 bit."""
    return wav(Sound(resampled(sound.samples, sound.rate, TELEPHONE_HZ), TELEPHONE_HZ))


def wav(sound: Sound) -> bytes:
    """A WAV file of a sound, as it is."""
    data, rate = sound.samples.tobytes(), sound.rate
    size = len(data)
    head = HEADER.pack(b"RIFF", size + 36, b"WAVE", b"fmt ", 16, _PCM, 1, rate, rate * 2, 2, 16, b"data", size)
    return head + data


def is_whole(head: bytes, size: int) -> bool:
    """Whether a file that begins with ``head`` and has ``size`` bytes is one of ``telephone_wav``, with sound."""
    if len(head) < HEADER.size or size <= HEADER.size:
        return False
    riff, outer, kind, fmt, _, _, channels, rate, _, _, bits, mark, inner = HEADER.unpack_from(head)
    marks = (riff, kind, fmt, mark) == (b"RIFF", b"WAVE", b"fmt ", b"data")
    whole = (outer, inner) == (size - 8, size - HEADER.size)
    return marks and whole and (channels, rate, bits) == (1, TELEPHONE_HZ, 16)


def _shape(data: bytes) -> tuple[int, int]:
    """Channels and rate."""
    if len(data) < _FORMAT.size:
        raise PermanentFailure("the WAV file has a broken header")
    kind, channels, rate, _, _, bits = _FORMAT.unpack_from(data)
    if kind not in (_PCM, _EXTENSIBLE) or bits != 16 or channels not in (1, 2) or rate not in RATES:
        raise PermanentFailure(f"the WAV file is not PCM of 16 bit, one or two channels and a usual rate ({rate} Hz)")
    return channels, rate


def _sound(data: bytes, channels: int, rate: int, *, longest_s: float, at_least_s: float) -> Sound:
    wide = 2 * channels
    if len(data) // wide > longest_s * rate:
        raise PermanentFailure(f"the sound is longer than {longest_s:.0f} s")
    samples = array("h")
    samples.frombytes(data[: len(data) // wide * wide])
    if channels == 2:
        samples = array("h", ((left + right) // 2 for left, right in zip(samples[::2], samples[1::2], strict=True)))
    if not samples or len(samples) < at_least_s * rate:
        raise PermanentFailure("the sound is empty")
    return Sound(samples, rate)
