"""Sounds that we make ourselves, so that no licence and no file is needed: music on hold and a tone of regret.

The music is a slow round of soft chords over four bars, written as 16 bit mono WAV at 8 kHz, made once for a node.
"""

import array
import math
import wave
from pathlib import Path

RATE = 8000

# A round of four chords (C, Am, F, G with an added sixth or ninth) as MIDI note numbers, lowest first.
CHORDS = ((48, 55, 64, 67, 74), (45, 52, 60, 64, 71), (41, 48, 57, 60, 67), (43, 50, 59, 62, 69))
ARPEGGIO = (0, 1, 2, 3, 4, 3, 2, 1)
NOTE_SECONDS = 0.42


def write_music(path: Path, *, rounds: int = 3) -> None:
    """A loop of about 40 s for three rounds; its end fits its beginning."""
    step = int(RATE * NOTE_SECONDS)
    total = step * len(ARPEGGIO) * len(CHORDS) * rounds
    mix = array.array("f", bytes(4 * total))
    position = 0
    for turn in range(rounds):
        for chord in CHORDS:
            for place, note in enumerate(ARPEGGIO):
                loudness = 0.20 if place % 4 == 0 else 0.13
                octave = 12 if turn % 2 and place % 2 else 0
                _add_note(mix, position, _frequency(chord[note] + octave), loudness, 1.9)
                position += step
    _write(path, mix)


def write_regret(path: Path) -> None:
    """Three falling tones, twice: understood everywhere as 'not now' where no spoken announcement is there."""
    mix = array.array("f", bytes(4 * RATE * 4))
    for start in (0.2, 2.0):
        for place, hertz in enumerate((950.0, 850.0, 700.0)):
            _add_note(mix, int(RATE * (start + 0.35 * place)), hertz, 0.2, 0.33, decay=0.5)
    _write(path, mix)


def _frequency(note: int) -> float:
    return float(440.0 * 2 ** ((note - 69) / 12))


def _add_note(
    mix: "array.array[float]",
    start: int,
    hertz: float,
    loudness: float,
    seconds: float,
    *,
    decay: float = 2.2,
) -> None:
    """Add a soft plucked note; what rings past the end goes on at the beginning, so that the loop has no seam."""
    turn, total = 2 * math.pi * hertz / RATE, len(mix)
    fade = int(RATE * 0.03)
    length = int(RATE * seconds)
    for i in range(length):
        envelope = min(i / fade, 1.0, (length - i) / fade) * math.exp(-decay * i / RATE)
        tone = math.sin(turn * i) + 0.25 * math.sin(2 * turn * i) + 0.08 * math.sin(3 * turn * i)
        mix[(start + i) % total] += loudness * envelope * tone


def _write(path: Path, mix: "array.array[float]") -> None:
    samples = array.array("h", (int(32767 * max(-1.0, min(1.0, value))) for value in mix))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
