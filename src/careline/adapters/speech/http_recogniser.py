"""A service over HTTP writes down what is said: a WAV file is posted, text and confidence come back as JSON."""

import asyncio

import msgspec

from careline.adapters.speech.http_voice import check_status, secret
from careline.adapters.speech.recognisers import Heard, listenable
from careline.adapters.speech.sound import wav
from careline.infra.egress.client import Egress
from careline.infra.settings.speech import SttSettings
from careline.kernel.errors import PermanentFailure

LONGEST_ANSWERED = 20_000


class _Answer(msgspec.Struct, frozen=True):
    text: str
    confidence: float | None = None


class HttpRecogniser:
    """What is posted is written anew from the samples, so that nothing but sound leaves. Asked once; who needs the
    text tries again by the job table."""

    name = "http"

    def __init__(self, settings: SttSettings, egress: Egress) -> None:
        self._settings = settings
        self._egress = egress

    @property
    def languages(self) -> tuple[str, ...]:
        return self._settings.languages

    async def hear(self, wav: bytes, language: str) -> Heard:
        if language not in self.languages:
            raise PermanentFailure(f"the speech service is not said to understand {language}")
        body = await asyncio.to_thread(_bare, wav)
        service = self._settings.service
        headers = {
            "Content-Type": "audio/wav",
            "Content-Language": language,
            **await asyncio.to_thread(secret, service),
        }
        answer = await self._egress.post(service.url, body, headers=headers)
        check_status(answer.status)
        try:
            found = msgspec.json.decode(answer.body, type=_Answer)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise PermanentFailure("the speech service answered something else than text and confidence") from None
        if found.confidence is not None and not 0 <= found.confidence <= 1:
            raise PermanentFailure("the speech service is surer than one can be: confidence is from 0 to 1")
        plain = "".join(sign if sign.isprintable() else " " for sign in found.text[:LONGEST_ANSWERED])
        return Heard(text=" ".join(plain.split()), language=language, confidence=found.confidence)


def _bare(data: bytes) -> bytes:
    return wav(listenable(data))
