"""One-time codes by the vectors of the RFCs, and by their laws."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.modules.directory.identity.engine import one_time
from careline.modules.directory.identity.engine.one_time import Fit

RFC_4226 = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
"""Appendix D: the codes of the counters 0 to 9."""

SEEDS = {
    "sha1": b"12345678901234567890",
    "sha256": b"12345678901234567890123456789012",
    "sha512": b"1234567890123456789012345678901234567890123456789012345678901234",
}
RFC_6238 = [
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]
"""Appendix B: seconds since 1970, and the codes with SHA-1, SHA-256 and SHA-512."""

SECRET = SEEDS["sha1"]
NOW = datetime(2026, 3, 2, 1, 0, 10, tzinfo=UTC)
STEP = one_time.step_of(NOW)


@pytest.mark.parametrize(("counter", "code"), list(enumerate(RFC_4226)))
def test_the_codes_of_rfc_4226(counter: int, code: str) -> None:
    assert one_time.hotp(SECRET, counter) == code


@pytest.mark.parametrize(("seconds", "sha1", "sha256", "sha512"), RFC_6238)
def test_the_codes_of_rfc_6238(seconds: int, sha1: str, sha256: str, sha512: str) -> None:
    step = one_time.step_of(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
    for digest, code in (("sha1", sha1), ("sha256", sha256), ("sha512", sha512)):
        assert one_time.hotp(SEEDS[digest], step, digits=8, digest=digest) == code


@given(drift=st.integers(-4, 4), used=st.integers(STEP - 4, STEP + 4))
def test_a_code_of_a_step_beside_this_one_fits_when_it_is_later_than_the_last(drift: int, used: int) -> None:
    code = one_time.hotp(SECRET, STEP + drift)
    step = STEP + drift
    if abs(drift) <= one_time.DRIFT and step > used:
        expected = Fit.GOOD
    elif step == used:
        expected = Fit.USED
    else:
        expected = Fit.PAST if drift <= one_time.DRIFT else Fit.EARLY

    assert one_time.judged(SECRET, code, NOW, after=used) == (expected, step)


def test_it_is_told_apart_for_ten_minutes_only() -> None:
    for drift, fit in ((20, Fit.EARLY), (21, Fit.WRONG), (-20, Fit.PAST), (-21, Fit.WRONG)):
        assert one_time.judged(SECRET, one_time.hotp(SECRET, STEP + drift), NOW, after=0)[0] is fit, drift


@given(st.text(max_size=20))
def test_nothing_else_fits(code: str) -> None:
    good = {one_time.hotp(SECRET, STEP + drift) for drift in (-1, 0, 1)}

    assert (one_time.judged(SECRET, code, NOW, after=0)[0] is Fit.GOOD) == (code.replace(" ", "") in good)


@pytest.mark.parametrize("code", ["", "\x00", "\ud800" * 6, "７５５２２４", "x" * 10_000, "-1"])
def test_hostile_codes_are_no_codes(code: str) -> None:
    assert one_time.judged(SECRET, code, NOW, after=0) == (Fit.WRONG, 0)
    assert one_time.recovery_code(code) is None


def test_a_code_may_be_typed_in_two_groups() -> None:
    code = one_time.hotp(SECRET, STEP)

    assert one_time.judged(SECRET, f" {code[:3]} {code[3:]} ", NOW, after=0) == (Fit.GOOD, STEP)


def test_an_app_reads_the_same_secret_from_the_address() -> None:
    secret = one_time.new_secret()
    uri = urlsplit(one_time.enrolment_uri(secret, issuer="Careline 示例:移动", account="8021@demo"))
    asked = parse_qs(uri.query)

    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert asked["algorithm"] == ["SHA1"]
    assert (asked["digits"], asked["period"]) == (["6"], ["30"])
    typed = asked["secret"][0]
    assert base64.b32decode(typed + "=" * (-len(typed) % 8)) == secret
    assert uri.path.count(":") == 1, "a colon in the name would part it wrongly"
    assert len(secret) == 20


def test_recovery_codes_are_ten_and_each_is_another() -> None:
    codes = one_time.new_recovery_codes()

    assert len(set(codes)) == one_time.RECOVERY_CODES == 10
    for code in codes:
        assert one_time.recovery_code(code.upper().replace("-", " ")) == code.replace("-", "")
