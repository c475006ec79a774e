"""Settings of the voice that reads prompts aloud, and of whoever turns speech into text."""

import enum
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from careline.infra.egress.departures import at_home
from careline.kernel.errors import Invalid

LANGUAGES = ("zh-CN", "en")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}\Z")
_REGION = re.compile(r"([a-z]{2}|house)\Z")


class TtsEngine(enum.StrEnum):
    """Who reads aloud. Whichever is chosen, espeak-ng stands in for it."""

    ESPEAK = "espeak"
    SHERPA = "sherpa"
    HTTP = "http"


class SttEngine(enum.StrEnum):
    """Who writes down what is said."""

    OFF = "off"
    POCKETSPHINX = "pocketsphinx"
    HTTP = "http"


class SpeechService(msgspec.Struct, frozen=True, kw_only=True):
    """A service over HTTP. ``region``: the country in which it works, or ``house``; the content of ``secret_file``
    goes into ``header``."""

    url: str
    header: str
    secret_file: Path | None
    timeout_s: float
    region: str


class TtsSettings(msgspec.Struct, frozen=True, kw_only=True):
    """``model``: the folder of a model; ``voice``: a service's name of a voice, or a model's number of a speaker;
    ``prompts_mb``: how much of what was read aloud is kept."""

    engine: TtsEngine
    model: Path | None
    languages: tuple[str, ...]
    voice: str
    service: SpeechService
    prompts_mb: int


class SttSettings(msgspec.Struct, frozen=True, kw_only=True):
    """``languages``: what the service understands."""

    engine: SttEngine
    languages: tuple[str, ...]
    service: SpeechService


def load_tts(env: Mapping[str, str], home: Path, *, private_hosts: Collection[str], cross_border: bool) -> TtsSettings:
    """The voice. Raises ``Invalid`` naming the variable that is missing or wrong."""
    name = env.get("CARELINE_TTS") or TtsEngine.ESPEAK.value
    if name not in list(TtsEngine):
        raise Invalid("choice-unknown", field="CARELINE_TTS", value=name, allowed=", ".join(TtsEngine))
    settings = TtsSettings(
        engine=TtsEngine(name),
        model=_folder(env, "CARELINE_TTS_MODEL", home),
        languages=_languages(env, "CARELINE_TTS_LANGUAGES"),
        voice=env.get("CARELINE_TTS_VOICE", ""),
        service=_service(env, "CARELINE_TTS", home, private_hosts, seconds=4),
        prompts_mb=_number(env, "CARELINE_PROMPTS_MB", 256, most=99_999),
    )
    if settings.engine is TtsEngine.SHERPA:
        _need_model(settings.model, "CARELINE_TTS_MODEL")
        if not settings.voice.isascii() or not (settings.voice or "0").isdigit():
            raise Invalid("speaker-no-number", field="CARELINE_TTS_VOICE", value=settings.voice)
    if settings.engine is TtsEngine.HTTP:
        _need_service(settings.service, "CARELINE_TTS", cross_border)
    return settings


def load_stt(env: Mapping[str, str], home: Path, *, private_hosts: Collection[str], cross_border: bool) -> SttSettings:
    """Who writes down. Raises ``Invalid`` naming the variable that is missing or wrong."""
    name = env.get("CARELINE_STT") or SttEngine.OFF.value
    if name not in list(SttEngine):
        raise Invalid("choice-unknown", field="CARELINE_STT", value=name, allowed=", ".join(SttEngine))
    settings = SttSettings(
        engine=SttEngine(name),
        languages=_languages(env, "CARELINE_STT_LANGUAGES"),
        service=_service(env, "CARELINE_STT", home, private_hosts, seconds=30),
    )
    if settings.engine is SttEngine.HTTP:
        _need_service(settings.service, "CARELINE_STT", cross_border)
    return settings


def shown_stt(stt: SttSettings) -> dict[str, str]:
    """Each setting by its variable's name; the secret stays in its file."""
    return {
        "CARELINE_STT": stt.engine.value,
        "CARELINE_STT_LANGUAGES": ",".join(stt.languages),
        **_shown_service(stt.service, "CARELINE_STT"),
    }


def shown_tts(tts: TtsSettings) -> dict[str, str]:
    """Each setting by its variable's name; the secret stays in its file."""
    return {
        "CARELINE_TTS": tts.engine.value,
        "CARELINE_TTS_MODEL": str(tts.model or ""),
        "CARELINE_TTS_LANGUAGES": ",".join(tts.languages),
        "CARELINE_TTS_VOICE": tts.voice,
        **_shown_service(tts.service, "CARELINE_TTS"),
        "CARELINE_PROMPTS_MB": str(tts.prompts_mb),
    }


def _service(
    env: Mapping[str, str], prefix: str, home: Path, private_hosts: Collection[str], *, seconds: int
) -> SpeechService:
    url, header = env.get(f"{prefix}_URL", ""), env.get(f"{prefix}_HEADER") or "Authorization"
    region = (env.get(f"{prefix}_REGION") or "").lower()
    if url and not _is_usable(url, private_hosts):
        raise Invalid("service-url-not-usable", field=f"{prefix}_URL")
    if not _HEADER.match(header):
        raise Invalid("service-header-not-usable", field=f"{prefix}_HEADER", value=header)
    if region and not _REGION.match(region):
        raise Invalid("region-unknown", field=f"{prefix}_REGION", value=region)
    return SpeechService(
        url=url,
        header=header,
        secret_file=_folder(env, f"{prefix}_SECRET_FILE", home),
        timeout_s=float(_number(env, f"{prefix}_TIMEOUT", seconds, most=60)),
        region=region,
    )


def _shown_service(service: SpeechService, prefix: str) -> dict[str, str]:
    return {
        f"{prefix}_URL": service.url,
        f"{prefix}_HEADER": service.header,
        f"{prefix}_SECRET_FILE": str(service.secret_file or ""),
        f"{prefix}_TIMEOUT": f"{service.timeout_s:.0f}",
        f"{prefix}_REGION": service.region,
    }


def _need_model(model: Path | None, field: str) -> None:
    if model is None:
        raise Invalid("setting-needed", field=field)


def _need_service(service: SpeechService, prefix: str, cross_border: bool) -> None:
    for field, value in ((f"{prefix}_URL", service.url), (f"{prefix}_REGION", service.region)):
        if not value:
            raise Invalid("setting-needed", field=field)
    if not cross_border and not at_home(service.region):
        raise Invalid("crosses-the-border", field=f"{prefix}_REGION", value=service.region)


def _is_usable(url: str, private_hosts: Collection[str]) -> bool:
    try:
        parts = urlsplit(url)
        odd = parts.port == 0 or parts.fragment or parts.username is not None or not parts.hostname
    except ValueError:
        return False
    plain = parts.scheme == "http" and parts.hostname in private_hosts
    return not odd and (parts.scheme == "https" or plain)


def _languages(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in (env.get(name) or LANGUAGES[0]).split(",") if part.strip())
    for language in found:
        if language not in LANGUAGES:
            raise Invalid("choice-unknown", field=name, value=language, allowed=", ".join(LANGUAGES))
    return found


def _folder(env: Mapping[str, str], name: str, home: Path) -> Path | None:
    text = env.get(name)
    return (home / text).resolve() if text else None


def _number(env: Mapping[str, str], name: str, default: int, *, most: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or len(text) > 5 or not 1 <= int(text) <= most:
        raise Invalid("number-out-of-range", field=name, value=text, min=1, max=most)
    return int(text)
