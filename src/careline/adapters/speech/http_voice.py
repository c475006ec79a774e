"""A service over HTTP reads aloud: text, language and voice are posted as JSON, a WAV file comes back."""

import asyncio
import json

from careline.adapters.speech.sound import Sound, read_wav
from careline.adapters.speech.voices import nearest
from careline.infra.egress.client import Egress
from careline.infra.settings.speech import SpeechService, TtsSettings
from careline.kernel.errors import PermanentFailure, TransientFailure

SIZE_LIMIT = 32 * 1_048_576
SHORTEST_S = 0.05
WORTH_TRYING_AGAIN = frozenset({408, 425, 429})


class HttpVoice:
    """Tried once for each prompt: a caller waits, and another voice is there. Text and secret stand in no failure."""

    name = "http"

    def __init__(self, settings: TtsSettings, egress: Egress) -> None:
        self._settings = settings
        self._egress = egress

    def making(self, language: str) -> str | None:
        near = nearest(language, self._settings.languages)
        if near is None:
            return None
        return "\0".join(("http", self._settings.service.url, self._settings.voice, near))

    async def speak(self, text: str, language: str) -> Sound:
        service = self._settings.service
        near = nearest(language, self._settings.languages) or language
        body = {"text": text, "language": near, "voice": self._settings.voice}
        headers = {
            "Content-Type": "application/json",
            "Accept": "audio/wav",
            **await asyncio.to_thread(secret, service),
        }
        answer = await self._egress.post(service.url, json.dumps(body, ensure_ascii=False).encode(), headers=headers)
        check_status(answer.status)
        return await asyncio.to_thread(read_wav, answer.body, at_least_s=SHORTEST_S)

    async def close(self) -> None:
        """Nothing is held."""


def check_status(status: int) -> None:
    """Raises ``TransientFailure`` or ``PermanentFailure`` unless a service has done what was asked."""
    if 200 <= status < 300:
        return
    if status in WORTH_TRYING_AGAIN or status >= 500:
        raise TransientFailure(f"the speech service answered {status}")
    # A redirect, too: a service that has moved is to be named where it is.
    raise PermanentFailure(f"the speech service answered {status}")


def secret(service: SpeechService) -> dict[str, str]:
    """The header that lets us in; read anew each time, so that it can be changed without a restart."""
    if service.secret_file is None:
        return {}
    try:
        word = service.secret_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PermanentFailure(f"the secret of the speech service cannot be read ({type(error).__name__})") from None
    if not word or not word.isprintable() or not word.isascii():
        raise PermanentFailure("the secret of the speech service is no line of plain characters")
    return {service.header: word}
