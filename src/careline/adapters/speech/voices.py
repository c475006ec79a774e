"""What a voice is to the rest of this folder, and what a text must be before any voice gets it."""

import unicodedata
from typing import Protocol

from careline.adapters.speech.sound import Sound
from careline.kernel.errors import PermanentFailure

LONGEST_TEXT = 2000


class Voice(Protocol):
    """Somebody who reads aloud."""

    @property
    def name(self) -> str:
        """A stable kebab-case word, for logs and states."""
        ...

    def making(self, language: str) -> str | None:
        """Whatever decides, besides the text, what its sound will be: engine, voice, version, speed. None when it does
        not speak the language. Cheap; touches nothing but names."""
        ...

    async def speak(self, text: str, language: str) -> Sound:
        """The sound of a clean text. Raises ``TransientFailure`` or ``PermanentFailure``."""
        ...

    async def close(self) -> None:
        """Let go of what it holds."""
        ...


def clean_text(text: str) -> str:
    """A prompt as voices get it: one line without control characters. Raises ``PermanentFailure`` for nothing and for
    too much."""
    if len(text) > 20 * LONGEST_TEXT:  # even if it were mostly blanks; a megabyte is not gone through at all
        raise PermanentFailure(f"a prompt has 1 to {LONGEST_TEXT} characters, this one has {len(text)}")
    plain = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign for sign in text)
    spoken = " ".join(plain.split())
    if not spoken or len(spoken) > LONGEST_TEXT:
        raise PermanentFailure(f"a prompt has 1 to {LONGEST_TEXT} characters, this one has {len(spoken)}")
    return spoken
