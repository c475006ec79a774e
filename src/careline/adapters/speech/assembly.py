"""Makes the voices of the settings."""

from importlib.util import find_spec
from urllib.parse import urlsplit

from careline.adapters.speech.espeak import EspeakVoice
from careline.adapters.speech.espeak_bundle import locate_espeak
from careline.adapters.speech.http_recogniser import HttpRecogniser
from careline.adapters.speech.http_voice import SIZE_LIMIT, HttpVoice, secret
from careline.adapters.speech.pocketsphinx import PocketsphinxRecogniser
from careline.adapters.speech.pocketsphinx_bundle import locate_pocketsphinx
from careline.adapters.speech.prompt_store import PromptStore
from careline.adapters.speech.prompts import Prompts
from careline.adapters.speech.recognisers import Recogniser
from careline.adapters.speech.sherpa_models import voice_model
from careline.adapters.speech.sherpa_voice import SherpaVoice
from careline.adapters.speech.sherpa_worker import NOT_INSTALLED, PACKAGE
from careline.adapters.speech.voices import Voice
from careline.infra.egress.client import Egress, Host
from careline.infra.egress.departures import Departure
from careline.infra.settings.settings import Settings
from careline.infra.settings.speech import SpeechService, SttEngine, TtsEngine
from careline.kernel.clock import Clock
from careline.kernel.errors import AdapterFailure

MEGABYTE = 1_048_576


def prompts_of(settings: Settings, clock: Clock) -> Prompts:
    """Who reads prompts aloud, with espeak-ng behind whoever was chosen. Nothing is asked or started yet."""
    tts = settings.tts
    voices: tuple[Voice, ...] = (EspeakVoice(lambda: locate_espeak(settings.tools)),)
    if tts.engine is TtsEngine.HTTP:
        voices = (HttpVoice(tts, egress_to(tts.service, settings.oidc.private_hosts)), *voices)
    if tts.engine is TtsEngine.SHERPA and tts.model is not None:
        voices = (SherpaVoice(tts.model, tts.languages, int(tts.voice or "0")), *voices)
    store = PromptStore(settings.data / "prompts", most_bytes=tts.prompts_mb * MEGABYTE)
    return Prompts(voices, store, clock)


def recogniser_of(settings: Settings) -> Recogniser | None:
    """Who writes down what is said; None when the settings name nobody. Nothing is asked or started yet."""
    if settings.stt.engine is SttEngine.HTTP:
        return HttpRecogniser(settings.stt, egress_to(settings.stt.service, settings.oidc.private_hosts))
    if settings.stt.engine is SttEngine.POCKETSPHINX:
        return PocketsphinxRecogniser(lambda: locate_pocketsphinx(settings.tools))
    return None


def departures_of(settings: Settings) -> tuple[Departure, ...]:
    """What speech sends out of the house: prompts can hold a customer's amounts and dates."""
    tts, stt = settings.tts, settings.stt
    leaving = []
    if tts.engine is TtsEngine.HTTP:
        data = ("prompt-text", "account-figures")
        leaving.append(_departure(tts.service, data=data, purpose="reading-prompts-aloud"))
    if stt.engine is SttEngine.HTTP:
        leaving.append(_departure(stt.service, data=("customer-voice",), purpose="writing-down-speech"))
    return tuple(leaving)


def missing_for(settings: Settings) -> tuple[str, ...]:
    """What keeps the chosen voice from speaking, as far as it can be seen without asking it; for people."""
    tts = settings.tts
    try:
        if tts.engine is TtsEngine.SHERPA and tts.model is not None:
            voice_model(tts.model)
            if find_spec(PACKAGE) is None:
                return (NOT_INSTALLED,)
        if tts.engine is TtsEngine.HTTP:
            secret(tts.service)
    except AdapterFailure as failure:
        return (failure.reason,)
    return ()


def egress_to(service: SpeechService, private_hosts: tuple[str, ...]) -> Egress:
    """The way out to one service, and to nobody else."""
    parts = urlsplit(service.url)
    name = (parts.hostname or "").lower()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = Host(name=name, port=port, scheme=parts.scheme, private=name in private_hosts)
    return Egress((host,), timeout_s=service.timeout_s, size_limit=SIZE_LIMIT)


def _departure(service: SpeechService, *, data: tuple[str, ...], purpose: str) -> Departure:
    host = urlsplit(service.url).hostname or ""
    return Departure(adapter="speech", host=host, region=service.region, data_classes=data, purpose=purpose)
