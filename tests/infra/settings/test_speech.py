"""Settings of speech: what is chosen needs what it needs, and nothing crosses the border by mistake."""

from pathlib import Path

import pytest

from careline.infra.settings.settings import load
from careline.infra.settings.speech import TtsEngine
from careline.kernel.errors import Invalid

HOME = Path("/srv/careline")
SERVICE = {"CARELINE_TTS": "http", "CARELINE_TTS_URL": "https://speech.example.com/v1", "CARELINE_TTS_REGION": "CN"}


def test_espeak_is_what_one_has_without_asking() -> None:
    assert load({}, checkout=HOME).tts.engine is TtsEngine.ESPEAK


def test_a_service_and_a_model_are_taken() -> None:
    assert load(SERVICE, checkout=HOME).tts.service.region == "cn"
    model = load({"CARELINE_TTS": "sherpa", "CARELINE_TTS_MODEL": "voices/zh"}, checkout=HOME).tts
    assert model.model == HOME / "voices/zh"


@pytest.mark.parametrize(
    ("env", "code", "field"),
    [
        ({"CARELINE_TTS": "festival"}, "choice-unknown", "CARELINE_TTS"),
        ({"CARELINE_TTS": "sherpa"}, "setting-needed", "CARELINE_TTS_MODEL"),
        (
            {"CARELINE_TTS": "sherpa", "CARELINE_TTS_MODEL": "m", "CARELINE_TTS_VOICE": "anna"},
            "speaker-no-number",
            "CARELINE_TTS_VOICE",
        ),
        ({**SERVICE, "CARELINE_TTS_URL": ""}, "setting-needed", "CARELINE_TTS_URL"),
        ({**SERVICE, "CARELINE_TTS_REGION": ""}, "setting-needed", "CARELINE_TTS_REGION"),
        ({**SERVICE, "CARELINE_TTS_REGION": "us"}, "crosses-the-border", "CARELINE_TTS_REGION"),
        ({**SERVICE, "CARELINE_TTS_REGION": "moon"}, "region-unknown", "CARELINE_TTS_REGION"),
        ({**SERVICE, "CARELINE_TTS_URL": "http://speech.example.com"}, "service-url-not-usable", "CARELINE_TTS_URL"),
        ({**SERVICE, "CARELINE_TTS_URL": "https://a:b@example.com"}, "service-url-not-usable", "CARELINE_TTS_URL"),
        ({**SERVICE, "CARELINE_TTS_URL": "https://[::1"}, "service-url-not-usable", "CARELINE_TTS_URL"),
        ({**SERVICE, "CARELINE_TTS_HEADER": "X: y\r\n"}, "service-header-not-usable", "CARELINE_TTS_HEADER"),
        ({**SERVICE, "CARELINE_TTS_TIMEOUT": "0"}, "number-out-of-range", "CARELINE_TTS_TIMEOUT"),
        ({"CARELINE_TTS_LANGUAGES": "fr"}, "choice-unknown", "CARELINE_TTS_LANGUAGES"),
        ({"CARELINE_STT": "ear"}, "choice-unknown", "CARELINE_STT"),
        ({"CARELINE_STT": "http"}, "setting-needed", "CARELINE_STT_URL"),
        (
            {"CARELINE_STT": "http", "CARELINE_STT_URL": "https://a.example", "CARELINE_STT_REGION": "us"},
            "crosses-the-border",
            "CARELINE_STT_REGION",
        ),
        ({"CARELINE_PROMPTS_MB": "-1"}, "number-out-of-range", "CARELINE_PROMPTS_MB"),
    ],
)
def test_what_cannot_be_used_is_named(env: dict[str, str], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        load(env, checkout=HOME)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_abroad_is_allowed_by_who_says_so() -> None:
    env = {**SERVICE, "CARELINE_TTS_REGION": "us", "CARELINE_CROSS_BORDER": "1"}
    assert load(env, checkout=HOME).tts.service.region == "us"


def test_a_service_in_the_house_may_do_without_tls() -> None:
    env = {**SERVICE, "CARELINE_TTS_URL": "http://10.0.0.9:8000/say", "CARELINE_EGRESS_PRIVATE": "10.0.0.9"}
    assert load(env, checkout=HOME).tts.service.url == "http://10.0.0.9:8000/say"
