"""From one rate to another, mostly the synthesiser's to the telephone's: a windowed-sinc polyphase filter (ITU-T G.711
hears up to 3.4 kHz).

Pure Python on purpose: a prompt is rendered once and cached, at about a tenth of its own length in time.
"""

from __future__ import annotations

import math
from array import array
from functools import lru_cache
from math import gcd
from operator import mul

TELEPHONE_HZ = 8000
_HALF_WIDTH = 16
"""Zero crossings of the sinc on each side: 60 dB below the pass band, far under the noise of G.711."""
_PASS = 0.92
"""Share of the lower rate's half that is kept (of the telephone's 4 kHz); the rest is the filter's slope."""


def resampled(samples: array[int], rate: int, wanted: int) -> array[int]:
    """Mono 16-bit samples at ``rate`` Hz as mono 16-bit samples at ``wanted`` Hz. Usual rates: the filter of two odd
    ones would be large."""
    if rate == wanted:
        return samples
    divisor = gcd(rate, wanted)
    up, down = wanted // divisor, rate // divisor
    phases, reach = _phases(up, down)
    padded = array("h", bytes(2 * reach)) + samples + array("h", bytes(2 * (reach + down // up + 1)))
    out = array("h", bytes(2 * (len(samples) * up // down)))
    for index in range(len(out)):
        start, phase = divmod(index * down, up)
        window = padded[start + 1 : start + 1 + 2 * reach]
        value = sum(map(mul, window, phases[phase]))
        out[index] = max(-32768, min(32767, round(value)))
    return out


@lru_cache(maxsize=4)
def _phases(up: int, down: int) -> tuple[list[list[float]], int]:
    """The filter's taps for each of ``up`` positions between two input samples, and how far it reaches."""
    cutoff = _PASS * min(1.0, up / down)
    reach = math.ceil(_HALF_WIDTH / cutoff)
    phases = []
    for phase in range(up):
        offset = phase / up
        taps = [_tap(reach - 1 - position + offset, cutoff, reach) for position in range(2 * reach)]
        total = sum(taps)
        phases.append([tap / total for tap in taps])
    return phases, reach


def _tap(distance: float, cutoff: float, reach: int) -> float:
    if abs(distance) >= reach:
        return 0.0
    x = math.pi * distance * cutoff
    sinc = 1.0 if x == 0 else math.sin(x) / x
    # Blackman's window (Oppenheim & Schafer, Discrete-Time Signal Processing, §7.5.1)
    w = math.pi * distance / reach
    return sinc * (0.42 + 0.5 * math.cos(w) + 0.08 * math.cos(2 * w))
