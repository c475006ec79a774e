"""What a voice is to the rest of this folder, and what a text must be before any voice gets it."""

import unicodedata
from collections.abc import Collection
from typing import Protocol

from careline.adapters.speech.sound import Sound
from careline.kernel.errors import PermanentFailure

LONGEST_TEXT = 2000


def nearest(language: str, known: Collection[str]) -> str | None:
    """The one of some languages (BCP 47) in which to read another: just it, shorter forms of it (RFC 4647, section
    3.4), another of the same main language; None when there is none."""
    by_form = {one.casefold(): one for one in known}
    form = language.casefold()
    while form:
        if form in by_form:
            return by_form[form]
        form = form.rpartition("-")[0]
    main = language.partition("-")[0].casefold()
    return next((one for one in known if one.partition("-")[0].casefold() == main), None)


class Voice(Protocol):
    """Somebody who reads aloud."""

    @property
    def name(self) -> str:
        """A stable kebab-case word, for logs and states."""
        ...

    def making(self, language: str) -> str | None:
        """Whatever decides, besides the text, what its sound will be: engine, voice, version, speed. None when it
        speaks neither the language nor one near to it. Cheap; touches nothing but names."""
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
