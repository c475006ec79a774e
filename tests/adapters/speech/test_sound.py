"""WAV files of others: what is one is read, whatever is not is refused, and nothing costs more than its bytes."""

import contextlib
import struct
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.adapters.speech.sound import Sound, is_whole, read_wav, telephone_wav, wav
from careline.kernel.errors import PermanentFailure

GOOD = wav(Sound(array("h", range(1000)), 16_000))


def test_what_was_written_is_read() -> None:
    assert read_wav(GOOD) == Sound(array("h", range(1000)), 16_000)
    assert not is_whole(GOOD, len(GOOD)), "16 kHz is not what a telephone plays"
    kept = telephone_wav(read_wav(GOOD))
    assert is_whole(kept[:44], len(kept))
    assert not is_whole(kept[:44], len(kept) - 2)


def test_two_channels_become_one() -> None:
    data = array("h", [100, 300] * 500).tobytes()
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36, b"WAVE", b"fmt ", 16, 1, 2, 8000, 32000, 4, 16, b"data", 2000)
    assert set(read_wav(head + data).samples) == {200}


def test_a_length_from_a_pipe_means_all_that_is_there() -> None:
    assert len(read_wav(GOOD[:40] + b"\xff\xff\xff\xff" + GOOD[44:]).samples) == 1000


@pytest.mark.parametrize(
    "changed",
    [
        b"",
        GOOD[:43],
        b"RIFX" + GOOD[4:],
        GOOD[:16] + struct.pack("<I", 0xFFFFFFFF) + GOOD[20:],
        GOOD[:20] + struct.pack("<H", 85) + GOOD[22:],
        GOOD[:22] + struct.pack("<H", 9) + GOOD[24:],
        GOOD[:24] + struct.pack("<I", 7919) + GOOD[28:],
        GOOD[:34] + struct.pack("<H", 24) + GOOD[36:],
        GOOD[:12] + GOOD[36:],
    ],
)
def test_what_is_not_what_we_play_is_refused(changed: bytes) -> None:
    with pytest.raises(PermanentFailure):
        read_wav(changed)


def test_a_sound_that_is_too_long_is_refused_before_it_is_worked_on() -> None:
    with pytest.raises(PermanentFailure, match="longer than 1 s"):
        read_wav(wav(Sound(array("h", bytes(40_000)), 8000)), longest_s=1)


@given(st.binary(max_size=200), st.integers(0, len(GOOD)))
def test_no_bytes_are_anything_but_a_sound_or_a_refusal(noise: bytes, at: int) -> None:
    with contextlib.suppress(PermanentFailure):
        assert read_wav(GOOD[:at] + noise).samples
