"""What somebody who turns speech into text is to the rest of this folder."""

from typing import Protocol

import msgspec

from careline.adapters.speech.sound import Sound, read_wav

LONGEST_HEARD_S = 130.0
SHORTEST_HEARD_S = 0.1


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What a machine believes was said; empty when nothing was. ``confidence`` from 0 to 1, None when it says none."""

    text: str
    language: str
    confidence: float | None


class Recogniser(Protocol):
    """Somebody who writes down what is said. Nothing of it may stand in a log or a failure."""

    @property
    def name(self) -> str:
        """A stable kebab-case word."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """What it understands."""
        ...

    async def hear(self, wav: bytes, language: str) -> Heard:
        """The words of a WAV file (PCM, 16 bit). Raises ``TransientFailure`` or ``PermanentFailure``."""
        ...


def listenable(wav: bytes) -> Sound:
    """The sound of a WAV file that is neither too short nor too long. Raises ``PermanentFailure``."""
    return read_wav(wav, longest_s=LONGEST_HEARD_S, at_least_s=SHORTEST_HEARD_S)
