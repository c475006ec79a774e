"""Settings of the SMS gateway that one-time codes leave by."""

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from careline.kernel.errors import Invalid

DEFAULT_BODY = '{"to":"{number}","text":"{text}","id":"{id}"}'
DEFAULT_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}\Z")


class SmsSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Without a ``url`` there is no gateway, and no code is offered.

    ``body`` is what is posted, with the gaps ``{number}``, ``{text}`` and ``{id}``. The content of ``secret_file`` goes
    into ``header``. ``timeout_s`` is of one try; ``tries`` counts the first.
    """

    url: str
    body: str
    content_type: str
    header: str
    secret_file: Path | None
    timeout_s: float
    tries: int


def is_json(content_type: str) -> bool:
    """Whether values are written as JSON does it, else as forms do."""
    return content_type == DEFAULT_TYPE


def load_sms(env: Mapping[str, str], home: Path, *, private_hosts: Collection[str]) -> SmsSettings:
    """The gateway. Raises ``Invalid`` naming the variable that is wrong."""
    secret = env.get("CARELINE_SMS_SECRET_FILE", "")
    settings = SmsSettings(
        url=env.get("CARELINE_SMS_URL", ""),
        body=env.get("CARELINE_SMS_BODY") or DEFAULT_BODY,
        content_type=env.get("CARELINE_SMS_CONTENT_TYPE") or DEFAULT_TYPE,
        header=env.get("CARELINE_SMS_HEADER") or "Authorization",
        secret_file=(home / secret).resolve() if secret else None,
        timeout_s=float(_number(env, "CARELINE_SMS_TIMEOUT", 5, most=30)),
        tries=_number(env, "CARELINE_SMS_TRIES", 3, most=5),
    )
    _check(settings, private_hosts)
    return settings


def shown_sms(sms: SmsSettings) -> dict[str, str]:
    """Each setting by its variable's name; the secret stays in its file."""
    return {
        "CARELINE_SMS_URL": sms.url,
        "CARELINE_SMS_BODY": sms.body,
        "CARELINE_SMS_CONTENT_TYPE": sms.content_type,
        "CARELINE_SMS_HEADER": sms.header,
        "CARELINE_SMS_SECRET_FILE": str(sms.secret_file or ""),
        "CARELINE_SMS_TIMEOUT": f"{sms.timeout_s:.0f}",
        "CARELINE_SMS_TRIES": str(sms.tries),
    }


def _check(settings: SmsSettings, private_hosts: Collection[str]) -> None:
    if settings.url:
        try:
            parts = urlsplit(settings.url)
            odd = parts.port == 0 or parts.fragment or parts.username is not None or not parts.hostname
        except ValueError:
            raise Invalid("sms-url-not-usable", field="CARELINE_SMS_URL") from None
        plain = parts.scheme == "http" and parts.hostname in private_hosts
        if odd or (parts.scheme != "https" and not plain):
            raise Invalid("sms-url-not-usable", field="CARELINE_SMS_URL")
    if settings.content_type not in (DEFAULT_TYPE, FORM_TYPE):
        allowed = f"{DEFAULT_TYPE}, {FORM_TYPE}"
        raise Invalid("sms-content-type-unknown", field="CARELINE_SMS_CONTENT_TYPE", allowed=allowed)
    if not _HEADER.match(settings.header):
        raise Invalid("sms-header-not-usable", field="CARELINE_SMS_HEADER", value=settings.header)
    whole = all(gap in settings.body for gap in ("{number}", "{text}")) and "\0" not in settings.body
    if not whole or (is_json(settings.content_type) and not _parses(settings.body)):
        raise Invalid("sms-body-not-usable", field="CARELINE_SMS_BODY", needs="{number}, {text}")


def _parses(body: str) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _number(env: Mapping[str, str], name: str, default: int, *, most: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or len(text) > 3 or not 1 <= int(text) <= most:
        raise Invalid("number-out-of-range", field=name, value=text, min=1, max=most)
    return int(text)
