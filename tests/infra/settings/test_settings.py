"""Settings: defaults that run at once, and one clear refusal for each wrong value."""

from pathlib import Path

import pytest

from careline.infra.settings.settings import VoiceMode, is_loopback, load
from careline.kernel.errors import Invalid

HOME = Path("/srv/careline")


def test_nothing_set_runs_embedded_on_loopback() -> None:
    settings = load({}, checkout=HOME)

    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8080)
    assert settings.database_url == "sqlite+aiosqlite:////srv/careline/var/careline.db"
    assert settings.voice is VoiceMode.AUTO
    assert settings.tools == HOME / ".tools"
    assert not settings.is_postgres
    assert not settings.demo
    assert not settings.log_json


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://a@db/careline", "postgresql+asyncpg://a@db/careline"),
        ("postgresql+asyncpg://a@db/careline", "postgresql+asyncpg://a@db/careline"),
        ("sqlite:////data/x.db", "sqlite+aiosqlite:////data/x.db"),
        ("sqlite:///x.db", "sqlite+aiosqlite:///x.db"),
    ],
)
def test_the_database_by_its_plain_name(given: str, used: str) -> None:
    assert load({"CARELINE_DATABASE_URL": given}, checkout=HOME).database_url == used


@pytest.mark.parametrize(
    ("env", "code", "field"),
    [
        ({"CARELINE_HTTP_PORT": "65536"}, "port-out-of-range", "CARELINE_HTTP_PORT"),
        ({"CARELINE_HTTP_PORT": "-1"}, "port-out-of-range", "CARELINE_HTTP_PORT"),
        ({"CARELINE_HTTP_PORT": "8080 "}, "port-out-of-range", "CARELINE_HTTP_PORT"),
        ({"CARELINE_HTTP_PORT": "٨٠"}, "port-out-of-range", "CARELINE_HTTP_PORT"),
        ({"CARELINE_SIP_PORT": "9" * 5000}, "port-out-of-range", "CARELINE_SIP_PORT"),
        ({"CARELINE_DEMO": "yes"}, "flag-not-0-or-1", "CARELINE_DEMO"),
        ({"CARELINE_VOICE": "loud"}, "voice-mode-unknown", "CARELINE_VOICE"),
        ({"CARELINE_VOICE": "external"}, "asterisk-url-needed", "CARELINE_ASTERISK_URL"),
        ({"CARELINE_LOG": "xml"}, "log-style-unknown", "CARELINE_LOG"),
        ({"CARELINE_DATABASE_URL": "mysql://x"}, "database-url-unknown", "CARELINE_DATABASE_URL"),
        ({"CARELINE_DATABASE_URL": "sqlite://"}, "database-url-needs-file", "CARELINE_DATABASE_URL"),
        ({"CARELINE_DATABASE_URL": "sqlite:///:memory:"}, "database-url-needs-file", "CARELINE_DATABASE_URL"),
        ({"CARELINE_HTTP_HOST": "0.0.0.0"}, "tls-needed-off-loopback", "CARELINE_TLS_CERTIFICATE"),
        ({"CARELINE_HTTP_HOST": ""}, "tls-needed-off-loopback", "CARELINE_TLS_CERTIFICATE"),
        ({"CARELINE_HTTP_HOST": "0.0.0.0", "CARELINE_DEMO": "1"}, "demo-needs-loopback", "CARELINE_HTTP_HOST"),
        ({"CARELINE_TLS_KEY": "key.pem"}, "tls-needs-both", "CARELINE_TLS_KEY"),
        *(
            ({"CARELINE_WIDGET_ORIGINS": wrong}, "origin-not-usable", "CARELINE_WIDGET_ORIGINS")
            for wrong in (
                "*",
                "null",
                "https://*.example.com",
                "https://example.com/",
                "https://example.com/shop",
                "https://",
                "https://user@example.com",
                "https://example.com:0",
                "https://example.com:123456",
                "http://example.com",
                "ftp://example.com",
                "example.com",
                "https://exämple.com",
                "https://a.example https://b.example",
                "https://a.example\r\nX: y",
            )
        ),
    ],
)
def test_a_wrong_value_names_its_variable(env: dict[str, str], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        load(env, checkout=HOME)

    assert (refused.value.code, refused.value.field) == (code, field)


def test_off_loopback_works_with_both_files_of_tls() -> None:
    env = {"CARELINE_HTTP_HOST": "0.0.0.0", "CARELINE_TLS_KEY": "k.pem", "CARELINE_TLS_CERTIFICATE": "/etc/c.pem"}
    settings = load(env, checkout=HOME)

    assert (settings.tls_key, settings.tls_certificate) == (HOME / "k.pem", Path("/etc/c.pem"))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("a.b", False)],
)
def test_what_is_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_where_files_are() -> None:
    settings = load({"CARELINE_DATA": "/data"}, checkout=HOME)
    assert settings.files == Path("/data/files")
    assert settings.sqlite_file == Path("/data/careline.db")
    assert load({"CARELINE_DATABASE_URL": "postgresql://a@db/c"}, checkout=HOME).sqlite_file is None


def test_shown_settings_hold_no_password() -> None:
    env = {
        "CARELINE_DATABASE_URL": "postgresql://careline:s3cret@db/careline",
        "CARELINE_ASTERISK_URL": "http://ari:s3cret@pbx:8088",
    }
    shown = load(env, checkout=HOME).shown()

    assert shown["CARELINE_DATABASE_URL"] == "postgresql+asyncpg://careline:•••@db/careline"
    assert shown["CARELINE_ASTERISK_URL"] == "http://ari:•••@pbx:8088"
    assert "s3cret" not in str(shown)


def test_the_widgets_origins_are_none_unless_named() -> None:
    assert load({}, checkout=HOME).widget_origins == ()
    named = load({"CARELINE_WIDGET_ORIGINS": " https://WWW.Example.com:443, http://127.0.0.1:8000,,"}, checkout=HOME)

    assert named.widget_origins == ("https://www.example.com", "http://127.0.0.1:8000")
    assert named.shown()["CARELINE_WIDGET_ORIGINS"] == "https://www.example.com,http://127.0.0.1:8000"


def test_a_password_in_the_query_is_not_shown_either() -> None:
    env = {"CARELINE_DATABASE_URL": "postgresql://db/careline?user=a&password=s3cret&ssl=require"}
    in_query = load(env, checkout=HOME).shown()["CARELINE_DATABASE_URL"]
    assert in_query == "postgresql+asyncpg://db/careline?user=a&password=•••&ssl=require"
