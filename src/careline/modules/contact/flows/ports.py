"""What flows need from outside."""

from pathlib import Path
from typing import Protocol


class Speech(Protocol):
    """Text to speech. Rendered sounds are kept by content, so a prompt is spoken once and played often."""

    async def render(self, text: str, language: str) -> Path:
        """A sound file that a voice engine can play: mono, 8 kHz, 16 bit, WAV.

        Raises ``TransientFailure`` or ``PermanentFailure``.
        """
        ...
