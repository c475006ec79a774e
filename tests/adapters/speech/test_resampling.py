"""The filter keeps what a telephone carries and drops what would come back as a whistle."""

from __future__ import annotations

import math
from array import array
from itertools import pairwise

import pytest

from careline.adapters.speech.resampling import resampled


def tone(hz: float, rate: int, seconds: float = 0.5, amplitude: int = 10_000) -> array[int]:
    return array("h", (round(amplitude * math.sin(2 * math.pi * hz * n / rate)) for n in range(int(rate * seconds))))


def loudness(samples: array[int]) -> float:
    middle = samples[len(samples) // 4 : 3 * len(samples) // 4]
    return math.sqrt(sum(value * value for value in middle) / len(middle))


def strength(samples: array[int], hz: float, rate: int = 8000) -> float:
    """Amplitude of one frequency in the middle half (correlation with sine and cosine)."""
    middle = samples[len(samples) // 4 : 3 * len(samples) // 4]
    turn = 2 * math.pi * hz / rate
    sine = sum(value * math.sin(turn * n) for n, value in enumerate(middle))
    cosine = sum(value * math.cos(turn * n) for n, value in enumerate(middle))
    return 2 * math.hypot(sine, cosine) / len(middle)


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("hz", [200, 440, 1000, 3000])
def test_what_a_telephone_carries_stays(rate: int, hz: int) -> None:
    heard = resampled(tone(hz, rate), rate, 8000)
    assert len(heard) == pytest.approx(4000, abs=2)
    assert strength(heard, hz) == pytest.approx(10_000, rel=0.02)


@pytest.mark.parametrize("hz", [5000, 6500, 9000])
def test_what_it_cannot_carry_is_gone(hz: int) -> None:
    assert loudness(resampled(tone(hz, 22_050), 22_050, 8000)) < 10_000 * 0.002


def test_the_same_rate_is_left_alone() -> None:
    samples = tone(440, 8000)
    assert resampled(samples, 8000, 8000) is samples


def test_loud_sound_does_not_wrap_around() -> None:
    square = array("h", [32767 if n // 20 % 2 else -32768 for n in range(4000)])
    heard = resampled(square, 16_000, 8000)
    assert max(heard) > 30_000
    assert all(abs(a - b) < 62_000 for a, b in pairwise(heard))


@pytest.mark.parametrize("hz", [200, 1000, 3000])
def test_what_a_telephone_carried_is_brought_up(hz: int) -> None:
    heard = resampled(tone(hz, 8000), 8000, 16_000)
    assert len(heard) == pytest.approx(8000, abs=2)
    assert strength(heard, hz, 16_000) == pytest.approx(10_000, rel=0.02)
    assert strength(heard, 8000 - hz, 16_000) < 50, "the mirror image is not heard"
