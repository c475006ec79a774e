"""One-time codes by counter (HOTP, RFC 4226) and by time (TOTP, RFC 6238), and the recovery codes beside them."""

import base64
import enum
import hmac
import re
import secrets
import string
from datetime import UTC, datetime

STEP_S = 30
DIGITS = 6
DRIFT = 1
"""Steps that a phone's clock may be behind or ahead (RFC 6238 §5.2, §6)."""

ASTRAY = 20
"""Steps for which it is told whether a code is of a moment before or after: ten minutes of a clock that is wrong."""

SECRET_BYTES = 20
"""As long as the digest (RFC 4226 §4, R6)."""

RECOVERY_CODES = 10
_RECOVERY_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Base 32 without letters that look like digits: 60 bits in twelve signs."""

_RECOVERY = re.compile(rf"[{_RECOVERY_ALPHABET}]{{12}}\Z")
_UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_secret() -> bytes:
    """What phone and server share."""
    return secrets.token_bytes(SECRET_BYTES)


def hotp(secret: bytes, counter: int, *, digits: int = DIGITS, digest: str = "sha1") -> str:
    """The code of a counter (RFC 4226 §5.3)."""
    mac = hmac.digest(secret, counter.to_bytes(8, "big"), digest)
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(now: datetime) -> int:
    """The time step of an instant (RFC 6238 §4.2)."""
    return int((now - _EPOCH).total_seconds()) // STEP_S


class Fit(enum.Enum):
    """What a code is."""

    GOOD = "good"
    USED = "used"
    PAST = "past"
    EARLY = "early"
    WRONG = "wrong"


def judged(secret: bytes, code: str, now: datetime, *, after: int) -> tuple[Fit, int]:
    """What a code is, and the step whose code it is (0 when of none).

    Good is at most ``DRIFT`` steps from now and later than ``after``: a step that was used is not used again (RFC 6238
    §5.2), nor is one before it. All are compared, whichever fits.
    """
    digits = code.replace(" ", "").encode("utf-8", "surrogatepass")
    here = step_of(now)
    steps = range(max(here - ASTRAY, 0), here + ASTRAY + 1)
    found = [step for step in steps if hmac.compare_digest(hotp(secret, step).encode(), digits)]
    if not found:
        return Fit.WRONG, 0
    # Of several steps that have the same code by chance the one that is the most use.
    good = [step for step in found if abs(step - here) <= DRIFT and step > after]
    if good:
        return Fit.GOOD, good[-1]
    if after in found:
        return Fit.USED, after
    return (Fit.PAST, found[0]) if found[0] <= here + DRIFT else (Fit.EARLY, found[0])


def shown_secret(secret: bytes) -> str:
    """The secret for somebody who types it: Base 32 (RFC 4648 §6) without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def enrolment_uri(secret: bytes, *, issuer: str, account: str) -> str:
    """What authenticator apps read from a QR code: ``otpauth://totp/…`` (the key URI format they agree on)."""
    plain = _quoted(issuer.replace(":", " "))  # a colon parts issuer and account
    query = f"secret={shown_secret(secret)}&issuer={plain}&algorithm=SHA1&digits={DIGITS}&period={STEP_S}"
    return f"otpauth://totp/{plain}:{_quoted(account)}?{query}"


def _quoted(text: str) -> str:
    """Percent-encoded but for unreserved signs (RFC 3986 §2.3)."""
    return "".join(chr(byte) if chr(byte) in _UNRESERVED else f"%{byte:02X}" for byte in text.encode())


def new_recovery_codes() -> list[str]:
    """Codes for the day the phone is lost, each good once, in groups of four."""
    made = ["".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    return ["-".join((one[:4], one[4:8], one[8:])) for one in made]


def recovery_code(typed: str) -> str | None:
    """A recovery code in the form in which it is compared; None when this is none."""
    plain = "".join(typed.lower().replace("-", "").split())
    return plain if _RECOVERY.match(plain) else None
