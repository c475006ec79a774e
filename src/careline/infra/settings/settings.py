"""The settings of one Careline process, read from ``CARELINE_*`` variables."""

import enum
import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from careline.infra.settings.business import BusinessSystem, load_business, shown_business
from careline.infra.settings.oidc import OidcSettings, load_oidc, shown_oidc
from careline.infra.settings.sms import SmsSettings, load_sms, shown_sms
from careline.infra.settings.speech import SttSettings, TtsSettings, load_stt, load_tts, shown_stt, shown_tts
from careline.kernel.errors import Invalid

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:[1-9][0-9]{0,4})?")
_QUERY_PASSWORD = re.compile(r"(?i)([?&](?:password|passfile)=)[^&]*")


class VoiceMode(enum.StrEnum):
    """``auto``: our own supervised Asterisk. ``off``: none. ``external``: one at ``CARELINE_ASTERISK_URL``."""

    AUTO = "auto"
    OFF = "off"
    EXTERNAL = "external"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Checked settings. Paths are absolute; ``database_url`` is an SQLAlchemy URL with an async driver."""

    http_host: str
    http_port: int
    data: Path
    database_url: str
    demo: bool
    sip_port: int
    voice: VoiceMode
    asterisk_url: str | None
    tls_certificate: Path | None
    tls_key: Path | None
    tools: Path
    ui: Path
    seal_key: Path
    address: str | None
    oidc: OidcSettings
    sms: SmsSettings
    tts: TtsSettings
    stt: SttSettings
    erasures: Path
    business: tuple[BusinessSystem, ...] = ()
    widget_origins: tuple[str, ...] = ()
    cross_border: bool = False
    log_json: bool = False

    @property
    def is_postgres(self) -> bool:
        """Whether the cluster's database is used instead of the embedded one."""
        return self.database_url.startswith("postgresql")

    @property
    def sqlite_file(self) -> Path | None:
        """The file of the embedded database; None when it is another one."""
        driver, _, file = self.database_url.partition(":///")
        return Path(file) if driver.startswith("sqlite") else None

    @property
    def files(self) -> Path:
        """The folder of the file store (recordings, uploads)."""
        return self.data / "files"

    @property
    def keys(self) -> Path:
        """The folder of keys that are made here: for files, and for second factors unless ``seal_key`` is elsewhere."""
        return self.data / "keys"

    @property
    def listens_on_loopback(self) -> bool:
        """Whether only this machine can reach the HTTP port."""
        return is_loopback(self.http_host)

    def shown(self) -> dict[str, str]:
        """Every setting by its variable's name, the password of the database left out."""
        database = _QUERY_PASSWORD.sub("\\1•••", _without_password(self.database_url))
        return {
            "CARELINE_HTTP_HOST": self.http_host,
            "CARELINE_HTTP_PORT": str(self.http_port),
            "CARELINE_DATA": str(self.data),
            "CARELINE_DATABASE_URL": database,
            "CARELINE_DEMO": "1" if self.demo else "0",
            "CARELINE_SIP_PORT": str(self.sip_port),
            "CARELINE_VOICE": self.voice.value,
            "CARELINE_ASTERISK_URL": "" if self.asterisk_url is None else _without_password(self.asterisk_url),
            "CARELINE_TLS_CERTIFICATE": str(self.tls_certificate or ""),
            "CARELINE_TLS_KEY": str(self.tls_key or ""),
            "CARELINE_SEAL_KEY": str(self.seal_key),
            "CARELINE_ERASURES": str(self.erasures),
            "CARELINE_TOOLS": str(self.tools),
            "CARELINE_UI": str(self.ui),
            "CARELINE_ADDRESS": self.address or "",
            **shown_oidc(self.oidc),
            **shown_sms(self.sms),
            **shown_tts(self.tts),
            **shown_stt(self.stt),
            "CARELINE_CROSS_BORDER": "1" if self.cross_border else "0",
            **shown_business(self.business),
            "CARELINE_WIDGET_ORIGINS": ",".join(self.widget_origins),
            "CARELINE_LOG": "json" if self.log_json else "plain",
        }


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be reached from this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def load(env: Mapping[str, str] | None = None, *, checkout: Path | None = None) -> Settings:
    """Read the environment. Raises ``Invalid`` naming the variable when a value cannot be used."""
    env = os.environ if env is None else env
    home = (checkout or Path.cwd()).resolve()
    data = (home / env.get("CARELINE_DATA", "var")).resolve()
    address = next(iter(_origins(env, "CARELINE_ADDRESS")), None)
    url = _database_url(env.get("CARELINE_DATABASE_URL", ""), data)
    oidc = load_oidc(env, home, address=address)
    cross_border = _flag(env, "CARELINE_CROSS_BORDER")
    settings = Settings(
        http_host=env.get("CARELINE_HTTP_HOST", "127.0.0.1"),
        http_port=_port(env, "CARELINE_HTTP_PORT", 8080),
        data=data,
        database_url=url,
        demo=_flag(env, "CARELINE_DEMO"),
        sip_port=_port(env, "CARELINE_SIP_PORT", 5060),
        voice=_voice(env.get("CARELINE_VOICE", "auto")),
        asterisk_url=env.get("CARELINE_ASTERISK_URL") or None,
        tls_certificate=_path(env, "CARELINE_TLS_CERTIFICATE", home),
        tls_key=_path(env, "CARELINE_TLS_KEY", home),
        seal_key=_path(env, "CARELINE_SEAL_KEY", home) or data / "keys/seal.key",
        erasures=_path(env, "CARELINE_ERASURES", home) or data / "erasures.list",
        tools=(home / env.get("CARELINE_TOOLS", ".tools")).resolve(),
        ui=(home / env.get("CARELINE_UI", "ui/dist")).resolve(),
        widget_origins=_origins(env, "CARELINE_WIDGET_ORIGINS"),
        address=address,
        oidc=oidc,
        sms=load_sms(env, home, private_hosts=oidc.private_hosts),
        tts=load_tts(env, home, private_hosts=oidc.private_hosts, cross_border=cross_border),
        stt=load_stt(env, home, private_hosts=oidc.private_hosts, cross_border=cross_border),
        cross_border=cross_border,
        business=load_business(env, private_hosts=oidc.private_hosts),
        log_json=_log_json(env.get("CARELINE_LOG", "plain")),
    )
    _check_together(settings)
    return settings


def _check_together(settings: Settings) -> None:
    if settings.demo and not settings.listens_on_loopback:
        raise Invalid("demo-needs-loopback", field="CARELINE_HTTP_HOST", host=settings.http_host)
    if (settings.tls_certificate is None) != (settings.tls_key is None):
        raise Invalid("tls-needs-both", field="CARELINE_TLS_KEY")
    if not settings.listens_on_loopback and settings.tls_certificate is None:
        raise Invalid("tls-needed-off-loopback", field="CARELINE_TLS_CERTIFICATE", host=settings.http_host)
    if settings.voice is VoiceMode.EXTERNAL and settings.asterisk_url is None:
        raise Invalid("asterisk-url-needed", field="CARELINE_ASTERISK_URL")


def _database_url(value: str, data: Path) -> str:
    if not value:
        return f"sqlite+aiosqlite:///{data / 'careline.db'}"
    if value.startswith("sqlite") and (":memory:" in value or not urlsplit(value).path.strip("/")):
        # Readings and the writer have connections of their own, and so would have databases of their own.
        raise Invalid("database-url-needs-file", field="CARELINE_DATABASE_URL", allowed="sqlite:///… with a file")
    for prefix, driver in (("postgresql://", "postgresql+asyncpg://"), ("sqlite://", "sqlite+aiosqlite://")):
        if value.startswith(prefix):
            return driver + value.removeprefix(prefix)
    if value.startswith(("postgresql+asyncpg://", "sqlite+aiosqlite://")):
        return value
    raise Invalid("database-url-unknown", field="CARELINE_DATABASE_URL", allowed="sqlite:///… or postgresql://…")


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 5 or int(text) > 65535:
        raise Invalid("port-out-of-range", field=name, value=text, min=0, max=65535)
    return int(text)


def _flag(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name, "0")
    if text not in ("0", "1"):
        raise Invalid("flag-not-0-or-1", field=name, value=text)
    return text == "1"


def _voice(text: str) -> VoiceMode:
    try:
        return VoiceMode(text)
    except ValueError:
        raise Invalid("voice-mode-unknown", field="CARELINE_VOICE", value=text, allowed="auto, off, external") from None


def _log_json(text: str) -> bool:
    if text not in ("plain", "json"):
        raise Invalid("log-style-unknown", field="CARELINE_LOG", value=text, allowed="plain, json")
    return text == "json"


def _origins(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Origins as browsers write them, one by one: no pattern, no path, and TLS except on the machine itself."""
    found = []
    for part in env.get(name, "").split(","):
        if not (origin := part.strip().lower()):
            continue
        known = _ORIGIN.fullmatch(origin)
        if known is None or (known["scheme"] == "http" and not is_loopback(known["host"])):
            raise Invalid("origin-not-usable", field=name, value=part.strip())
        found.append(origin.removesuffix(_DEFAULT_PORTS[known["scheme"]]))  # browsers leave it out
    return tuple(found)


def _path(env: Mapping[str, str], name: str, home: Path) -> Path | None:
    text = env.get(name)
    return (home / text).resolve() if text else None


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return url.replace(f":{parts.password}@", ":•••@") if parts.password else url
