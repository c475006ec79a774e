"""How Chinese characters sound, from the table beside the module's files; read when the first one is asked for."""

from collections.abc import Sequence
from functools import cache
from importlib import resources

TABLE = "readings.txt"


def readings_of(char: str) -> Sequence[str]:
    """The readings of a character without tones, the usual one first; empty for what is no Chinese character."""
    return _table().get(char, ())


@cache
def _table() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    text = resources.files("careline.modules.directory.customers").joinpath(TABLE).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        _, reading, characters = line.split(" ")
        for char in characters:  # lines of usual readings come first
            found.setdefault(char, []).append(reading)
    return found
