"""Browser phones as objects of PJSIP in Asterisk's memory, put there over ARI."""

import re

from careline.adapters.asterisk.client import AriLink
from careline.adapters.asterisk.dialplan import AGENT_CONTEXT, PHONE_CONTEXT
from careline.adapters.asterisk.templates import TRANSPORT_WEBSOCKET
from careline.kernel.errors import PermanentFailure, TransientFailure
from careline.modules.contact.telephony.ports import LegRole

_NAME = re.compile(r"^[A-Za-z0-9_-]{1,60}$")
_NUMBER = re.compile(r"^\+?[0-9]{1,20}$")
_SECRET = re.compile(r"^[\x20-\x7e]{8,128}$")
_OBJECTS = "asterisk/config/dynamic/res_pjsip"
_DEAD_SECONDS = 30
"""A phone that sends no media for so long in a call is gone; muted ones send silence."""


async def put_endpoint(link: AriLink, endpoint: str, secret: str, *, role: LegRole, number: str | None) -> None:
    """Make a phone known. Its registration, if it has one, stays."""
    if not _NAME.match(endpoint):
        raise PermanentFailure(f"endpoint {endpoint!r}: use letters, digits, _ and - (at most 60)")
    if not _SECRET.match(secret):
        raise PermanentFailure(f"secret of endpoint {endpoint}: use 8 to 128 printable ASCII characters")
    if number is not None and not _NUMBER.match(number):
        raise PermanentFailure(f"number of endpoint {endpoint}: use digits, at most 20")
    await _put(link, "auth", endpoint, {"auth_type": "userpass", "username": endpoint, "password": secret})
    await _put(
        link,
        "aor",
        endpoint,
        {"max_contacts": "1", "remove_existing": "yes", "default_expiration": "120", "maximum_expiration": "600"},
    )
    await _put(link, "endpoint", endpoint, _endpoint(endpoint, role, number))


async def remove_endpoint(link: AriLink, endpoint: str) -> None:
    """Forget a phone."""
    if not _NAME.match(endpoint):
        return
    for kind in ("endpoint", "aor", "auth"):
        answer = await link.request("DELETE", f"{_OBJECTS}/{kind}/{endpoint}")
        if not answer.good and answer.status != 404:
            raise TransientFailure(f"Asterisk kept {kind} {endpoint}: {answer.reason()}")


def _endpoint(endpoint: str, role: LegRole, number: str | None) -> dict[str, str]:
    caller = role is LegRole.CALLER
    return {
        "auth": endpoint,
        "aors": endpoint,
        "identify_by": "username",
        "context": PHONE_CONTEXT if caller else AGENT_CONTEXT,
        "transport": TRANSPORT_WEBSOCKET,
        "webrtc": "yes",
        "dtls_auto_generate_cert": "yes",
        "disallow": "all",
        "allow": "alaw,ulaw,opus",
        "direct_media": "no",
        "dtmf_mode": "auto_info",
        "allow_transfer": "no",
        "allow_subscribe": "no",
        "timers": "no",
        # The number is ours to say: what the phone writes into From is not believed.
        "callerid": f"<{number or 'anonymous'}>",
        "trust_id_inbound": "no",
        "rtp_timeout": str(_DEAD_SECONDS),
        "rtp_timeout_hold": "600",
        "device_state_busy_at": "1",
    }


async def _put(link: AriLink, kind: str, name: str, values: dict[str, str]) -> None:
    fields = [{"attribute": key, "value": value} for key, value in values.items()]
    answer = await link.request("PUT", f"{_OBJECTS}/{kind}/{name}", body={"fields": fields})
    if not answer.good:
        raise PermanentFailure(f"Asterisk refused {kind} {name}: {answer.reason()}")
