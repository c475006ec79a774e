"""Figures for people: the line at the end of a run, and the blocks of the page."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.table import conditions, record, summary

ONE = {"name": "x.per_s", "value": 23800.0, "unit": "x/s", "yardstick": "plain: 3530 x/s", "ratio": 6.74, "rounds": 5}
ALONE = ONE | {"name": "x.share", "value": 0.05, "yardstick": "a|b", "ratio": None}
PAGE = """# Page

Prose before.

<!-- figures: x -->
Old words.
<!-- end of figures: x -->

Prose between.

<!-- figures: y -->
The other's.
<!-- end of figures: y -->
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.md"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_a_summary_says_value_yardstick_and_ratio() -> None:
    assert summary(json.dumps(ONE)) == "x.per_s: 23,800 x/s, beside plain: 3530 x/s → ratio 6.74"
    assert summary(json.dumps(ALONE)) == "x.share: 0.05 x/s, beside a|b"


def test_a_record_replaces_the_block_of_its_script_and_nothing_else(page: Path) -> None:
    record(page, "x", [json.dumps(ONE), json.dumps(ALONE)], r"Measured \1 now.")
    text = page.read_text(encoding="utf-8")
    assert "| `x.per_s` | 23,800 | x/s | plain: 3530 x/s | 6.74 | 5 |\n" in text
    assert "| `x.share` | 0.05 | x/s | a\\|b |  | 5 |\n" in text
    assert r"Measured \1 now." in text
    assert "Old words" not in text
    before, _, rest = text.partition("<!-- figures: x -->")
    _, _, after = rest.partition("<!-- end of figures: x -->")
    assert before + "§" + after == PAGE.replace("<!-- figures: x -->\nOld words.\n<!-- end of figures: x -->", "§")


def test_recording_twice_leaves_the_last(page: Path) -> None:
    record(page, "x", [json.dumps(ALONE)], "First.")
    record(page, "x", [json.dumps(ONE)], "Second.")
    once = page.read_text(encoding="utf-8")
    assert "First." not in once
    assert "x.share" not in once
    record(page, "x", [json.dumps(ONE)], "Second.")
    assert page.read_text(encoding="utf-8") == once


def test_a_script_without_a_block_gets_one_at_the_end(page: Path) -> None:
    record(page, "new", [json.dumps(ONE)], "Measured.")
    text = page.read_text(encoding="utf-8")
    assert text.startswith(PAGE.rstrip())
    assert text.index("## New") < text.index("<!-- figures: new -->") < text.index("<!-- end of figures: new -->")


def test_conditions_name_the_day_the_command_the_load_and_the_cores() -> None:
    told = conditions("chat", datetime(2026, 3, 2, 23, 59, tzinfo=UTC), 1.26)
    for part in ("2026-03-02", "`make bench ONLY=chat`", "load 1.3 at the beginning", "logical cores", "Python 3."):
        assert part in told
    assert "/" not in told.replace("`make bench ONLY=chat`", ""), "no path of the machine"


def test_the_page_of_the_project_has_a_place_for_each_script() -> None:
    from benchmarks.__main__ import PAGE as OURS
    from benchmarks.__main__ import ROOT, scripts

    text = (ROOT / OURS).read_text(encoding="utf-8")
    for name in scripts():
        assert text.count(f"<!-- figures: {name} -->") == 1
        assert text.count(f"<!-- end of figures: {name} -->") == 1
