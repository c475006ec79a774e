"""What the doctor makes of Asterisk's log."""

from pathlib import Path

import pytest

from careline.adapters.asterisk.doctor import _log

START = "[2026-01-01 10:00:00.000] Asterisk 22.10.1 built by somebody\n"


@pytest.mark.parametrize(
    "line",
    [
        "[2026-01-01 10:00:00.600] ERROR[71] loader.c: res_pjsip declined to load.",
        "[2026-01-01 10:00:00.600] ERROR[71] config_options.c: Could not find config type",
        "[2026-01-01 10:00:00.600] ERROR[71][C-00000001] http.c: cannot bind",
    ],
)
def test_trouble_of_its_own_is_told_with_the_place_to_look(tmp_path: Path, line: str) -> None:
    path = tmp_path / "messages.log"
    path.write_text(START + line + "\n")

    fact = _log(path)

    assert not fact.well
    assert line in fact.found
    assert str(path) in fact.mend


def test_what_strangers_bring_about_is_shown_and_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "messages.log"
    path.write_text(START + "[2026-01-01 10:00:01.000] ERROR[9] pjproject: sip_endpoint.c Error processing packet\n")

    fact = _log(path)

    assert fact.well
    assert "Error processing packet" in fact.found


def test_only_the_last_start_counts(tmp_path: Path) -> None:
    path = tmp_path / "messages.log"
    path.write_text(START + "[2026-01-01 10:00:00.600] ERROR[71] loader.c: declined\n" + START)

    assert _log(path).well
    assert _log(tmp_path / "none").well
