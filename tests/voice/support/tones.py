"""Tones that can be told apart in a recording, G.711 A-law, and WAV files."""

import array
import math
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

RATE = 8000


def tone(hertz: float, seconds: float, *, start: int = 0, loudness: float = 0.4) -> list[int]:
    """16 bit samples of a sine, going on from sample ``start`` without a jump."""
    turn = 2 * math.pi * hertz / RATE
    return [int(32767 * loudness * math.sin(turn * (start + i))) for i in range(int(RATE * seconds))]


def loudness_of(samples: Sequence[int], hertz: float) -> float:
    """How loud one frequency is (0…1 of full scale), by the Goertzel algorithm over all samples."""
    if not samples:
        return 0.0
    coefficient = 2 * math.cos(2 * math.pi * hertz / RATE)
    before, now = 0.0, 0.0
    for sample in samples:
        before, now = now, sample / 32768 + coefficient * now - before
    power = now * now + before * before - coefficient * now * before
    return 2 * math.sqrt(max(power, 0.0)) / len(samples)


def loudest(samples: Sequence[int], among: Sequence[float]) -> float:
    """Which of some frequencies is the loudest; 0 when all is silence."""
    best = max(among, key=lambda hertz: loudness_of(samples, hertz))
    return best if loudness_of(samples, best) > 0.01 else 0.0


def _decode(code: int) -> int:
    code ^= 0x55
    exponent, mantissa = (code & 0x70) >> 4, code & 0x0F
    value = (mantissa << 4) + 8 if exponent == 0 else ((mantissa << 4) + 0x108) << (exponent - 1)
    return value if code & 0x80 else -value


_DECODED = [_decode(code) for code in range(256)]
_BY_VALUE = sorted((value, code) for code, value in enumerate(_DECODED))


def _nearest() -> bytes:
    """A-law code for each of the 4096 steps of a 12 bit sample."""
    codes, place = bytearray(4096), 0
    for step in range(4096):
        wanted = (step - 2048) * 16 + 8
        while place + 1 < 256 and abs(_BY_VALUE[place + 1][0] - wanted) <= abs(_BY_VALUE[place][0] - wanted):
            place += 1
        codes[step] = _BY_VALUE[place][1]
    return bytes(codes)


_ENCODED = _nearest()


def to_alaw(samples: Sequence[int]) -> bytes:
    """ITU-T G.711 A-law of 16 bit samples."""
    return bytes(_ENCODED[(sample >> 4) + 2048] for sample in samples)


def from_alaw(data: bytes) -> list[int]:
    """16 bit samples of A-law."""
    return [_DECODED[code] for code in data]


def read_wav(path: Path | BinaryIO) -> list[list[int]]:
    """The channels of a 16 bit WAV file."""
    with wave.open(str(path) if isinstance(path, Path) else path) as file:
        assert file.getsampwidth() == 2
        assert file.getframerate() == RATE
        samples = array.array("h", file.readframes(file.getnframes()))
        count = file.getnchannels()
    return [list(samples[place::count]) for place in range(count)]


def write_wav(path: Path, samples: Sequence[int]) -> Path:
    """Write mono samples."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array.array("h", samples).tobytes())
    return path
