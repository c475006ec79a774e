"""Log lines: for people, for machines, and without what must not stand in them."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.infra.telemetry.context import request_id
from careline.infra.telemetry.logs import JsonLines, PlainLines, set_up
from careline.infra.telemetry.masking import masked

logger = logging.getLogger("careline.modules.care.cases.service")


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """Where the lines go; the set-up is undone afterwards."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield io.StringIO()
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("call from 13812346021", "call from 138****6021"),
        ("sip:13812346021@10.0.0.1:5060", "sip:138****6021@10.0.0.1:5060"),
        ('{"msisdn":"13812346021"}', '{"msisdn":"138****6021"}'),
        ("+86 138 1234 6021 rang", "+86 138****6021 rang"),
        ("8613812346021,19912345678", "86138****6021,199****5678"),
        ("password=hunter2 ok", "password=••• ok"),
        ("{'password': 'hunter2 x', 'user': 'a'}", "{'password': •••, 'user': 'a'}"),
        ('{"csrf_token":"abc","n":1}', '{"csrf_token":•••,"n":1}'),
        ("Authorization: Bearer eyJhbGciOi.J9_x-y", "Authorization: Bearer •••"),
        ("Cookie: careline_session=abcdef; theme=dark", "Cookie: •••; theme=dark"),
        ("dtmf=4711# from caller", "dtmf=••• from caller"),
        ("keyed digits: 1234", "keyed digits: •••"),
        ("postgresql://careline:s3cret@db/careline", "postgresql://careline:•••@db/careline"),
        ("card 6222021234567890123", "card •••"),
        ("card 6222 0212 3456 7890", "card •••"),
        ("identity 11010519491231002X", "identity •••"),
        ("shipping: today, opinion: good", "shipping: today, opinion: good"),
        ("job 01890a5d-ac96-774b-bcce-b302099a8057 took 13 ms", "job 01890a5d-ac96-774b-bcce-b302099a8057 took 13 ms"),
        ("at 2026-03-02T01:00:00.123456Z port 15060", "at 2026-03-02T01:00:00.123456Z port 15060"),
    ],
)
def test_a_line_without_what_must_not_stand_in_it(line: str, shown: str) -> None:
    assert masked(line) == shown


@given(before=st.text(max_size=20), number=st.from_regex(r"1[3-9]\d{9}", fullmatch=True), after=st.text(max_size=20))
def test_a_number_between_any_words_is_masked(before: str, number: str, after: str) -> None:
    assert number not in masked(f"{before} {number} {after}")


def test_lines_for_people(out: io.StringIO) -> None:
    set_up(json=False, stream=out)
    token = request_id.set("0123-abcd")
    try:
        raise ValueError("token=abc")
    except ValueError:
        logger.exception("case of %s failed", "13812346021")
    finally:
        request_id.reset(token)
    lines = out.getvalue().splitlines()

    assert lines[0].endswith("ERROR care.cases.service: case of 138****6021 failed [0123-abcd]")
    assert lines[1] == "Traceback (most recent call last):"
    assert lines[-1] == "ValueError: token=•••"


def test_lines_for_machines(out: io.StringIO) -> None:
    set_up(json=True, stream=out)
    logger.info("password: %s", "hunter2")
    try:
        raise ValueError("13812346021")
    except ValueError:
        logger.exception("failed")
    first, second = (json.loads(line) for line in out.getvalue().splitlines())

    assert first["at"].endswith("Z")
    assert first["level"] == "INFO"
    assert first["logger"] == "careline.modules.care.cases.service"
    assert first["message"] == "password: •••"
    assert "request_id" not in first
    assert second["trace"].endswith("ValueError: 138****6021")


@pytest.mark.parametrize("json_lines", [False, True])
def test_what_is_known_to_be_brief_needs_no_traceback(out: io.StringIO, json_lines: bool) -> None:
    set_up(json=json_lines, stream=out, brief=lambda error: "away:\n138" if isinstance(error, OSError) else None)
    for error in (OSError(), ValueError()):
        try:
            raise error
        except (OSError, ValueError):
            logger.exception("failed")
    first, second, *_ = out.getvalue().splitlines()

    assert "failed: away:\\n138" in (json.loads(first)["message"] if json_lines else first)
    assert "away" not in second
    assert ("trace" in json.loads(second)) if json_lines else second.endswith("failed")
    assert out.getvalue().count("Traceback") == 1


@pytest.mark.parametrize("json_lines", [False, True])
def test_what_may_be_a_mistake_shows_its_traceback_once_a_minute_and_kind(json_lines: bool) -> None:
    formatter = (JsonLines if json_lines else PlainLines)(
        lambda _: "away", lambda error: None if isinstance(error, OSError) else type(error).__name__
    )

    def traced(error: Exception, at: float) -> bool:
        record = logger.makeRecord("x", logging.ERROR, "", 1, "failed", (), (type(error), error, None))
        record.created = at
        line = formatter.format(record)
        assert "failed: away" in line
        return type(error).__name__ in line

    assert traced(ValueError(), 1_000)
    assert not traced(ValueError(), 1_059)
    assert traced(KeyError(), 1_059)
    assert traced(ValueError(), 1_060)
    assert not traced(OSError(), 2_000)


@pytest.mark.parametrize("formatter", [PlainLines(), JsonLines()])
def test_what_somebody_sends_cannot_forge_a_line(formatter: logging.Formatter) -> None:
    sent = "x\r\n09:00:00.000 ERROR careline: all data deleted"
    record = logging.LogRecord("careline", logging.INFO, "", 1, "name %s", (sent,), None)

    assert len(formatter.format(record).splitlines()) == 1


def test_addresses_that_are_asked_stand_in_no_log(out: io.StringIO) -> None:
    """The address of a gateway may hold the key to it."""
    set_up(json=False, stream=out)
    logging.getLogger("httpx").info("HTTP Request: POST https://sms.example.com/send?key=secret 200")
    logging.getLogger("httpcore.connection").info("connect")
    assert out.getvalue() == ""


def test_libraries_are_quiet_and_ours_is_not(out: io.StringIO) -> None:
    set_up(json=False, stream=out)
    set_up(json=False, stream=out)
    logging.getLogger("uvicorn.access").info("GET /api/v1/me 200")
    logging.getLogger("uvicorn.error").info("started")
    logging.getLogger("uvicorn.error").warning("invalid request")
    logger.info("here")

    assert [line.partition(" ")[2] for line in out.getvalue().splitlines()] == [
        "WARNING uvicorn.error: invalid request",
        "INFO care.cases.service: here",
    ]
