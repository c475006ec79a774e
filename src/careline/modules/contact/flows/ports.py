"""What flows need from outside."""

from pathlib import Path
from typing import Any, Protocol

import msgspec

from careline.kernel.errors import PermanentFailure, TransientFailure


class Speech(Protocol):
    """Text to speech. Rendered sounds are kept by content, so a prompt is spoken once and played often."""

    def speaks(self, language: str) -> bool:
        """Whether there is a voice for a language, or for one near to it (``en`` for ``en-GB``)."""
        ...

    async def render(self, text: str, language: str) -> Path:
        """A sound file that a voice engine can play: mono, 8 kHz, 16 bit, WAV.

        Raises ``TransientFailure`` or ``PermanentFailure``.
        """
        ...


class TookTooLong(TransientFailure):
    """A business system did not answer in time."""


class AnswerUnusable(PermanentFailure):
    """A business system answered something that is no answer. Other permanent failures are of our own making: what we
    know of the system is wrong, or it may not be asked."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What a business system is asked, with the header that proves who asks. It shows itself to nobody."""

    method: str
    url: str
    body: dict[str, Any] | None
    headers: dict[str, str]
    timeout_s: float

    def __repr__(self) -> str:
        return f"Question({self.method})"


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came back: an HTTP status, and decoded JSON, None when there was none."""

    status: int
    content: Any

    def __repr__(self) -> str:
        return f"Reply({self.status})"


class BusinessSystems(Protocol):
    """The operator's own systems, over HTTP."""

    def may_be_asked(self, url: str) -> bool:
        """Whether whoever runs this installation has named the host of an address."""
        ...

    async def ask(self, question: Question) -> Reply:
        """Ask once. Raises ``TookTooLong``, ``TransientFailure``, ``AnswerUnusable`` for failures of the system,
        ``PermanentFailure`` for ours; no reason holds a secret."""
        ...
