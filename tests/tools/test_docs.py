"""What is wrong in the documents is found, with its place: links that lead nowhere, decisions without state and day."""

from pathlib import Path

import pytest

from tools.docs.__main__ import main
from tools.docs.links import anchors, broken_links

GOOD = """# One page
[a](other.md) [b](other.md#two-words-中文) [c](#one-page) [d](https://example.org/x) [e](folder/) ![f](p.png "title")
`[code](nowhere.md)`
```
[shown](nowhere.md)
```
[g](<other.md>) [h](mailto:a@example.org) [i](with%20space.md)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    (docs / "folder").mkdir(parents=True)
    for name in ("p.png", "with space.md"):
        (docs / name).touch()
    (docs / "other.md").write_text("# Two words: 中文!\n")
    (docs / "page.md").write_text(GOOD)
    return tmp_path


def test_links_that_lead_somewhere_are_silent(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(root) == 0
    assert capsys.readouterr().err == ""


def test_a_test_that_is_not_there_is_no_proof(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tests = root / "tests" / "some"
    tests.mkdir(parents=True)
    (tests / "test_one.py").write_text("async def test_kept() -> None: ...\n")
    page = root / "docs/page.md"
    page.write_text("`test_kept` `test_one.py` `tests/some/test_one.py` `tests/some`\n`test_gone`, `tests/two.py`\n")
    assert main(root) == 1
    assert capsys.readouterr().err.splitlines() == [
        "docs/page.md:2: test_gone – there is no such test",
        "docs/page.md:2: tests/two.py – there is no such test",
    ]


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("absent.md", "no such file"),
        ("../absent", "no such file"),
        ("other.md#absent", "no such heading"),
        ("#absent", "no such heading"),
    ],
)
def test_a_link_that_leads_nowhere_is_named(
    root: Path, link: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = root / "docs/page.md"
    page.write_text(f"{GOOD}\n\n[x]({link})\n")
    found = list(broken_links(root, [page]))
    assert len(found) == 1
    assert found[0].startswith(f"docs/page.md:10: {link} – ")
    assert reason in found[0]
    assert main(root) == 1
    assert link in capsys.readouterr().err


DECISION = "# 0001 One way\n\nState: accepted. Date: 2026-11-22.\n\n## The question\n"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (DECISION, None),
        (DECISION.replace(" Date: 2026-11-22.", ""), "Date: YYYY-MM-DD"),
        (DECISION.replace("11-22", "11-31"), "Date: YYYY-MM-DD"),
        (DECISION.replace("accepted", "old"), "State: accepted"),
        (DECISION.replace("0001", "0002"), "# NNNN Title"),
        (DECISION.replace("One way", "Another way"), "no line with this title and state"),
        (DECISION.replace("accepted", "replaced by 0002"), "no line with this title and state"),
    ],
)
def test_a_decision_says_its_state_and_day(
    root: Path, page: str, reason: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root / "docs/adr"
    folder.mkdir()
    (folder / "README.md").write_text("| [0001](0001-one-way.md) | One way | accepted |\n")
    (folder / "0001-one-way.md").write_text(page)
    assert main(root) == (0 if reason is None else 1)
    assert (reason or "") in capsys.readouterr().err


def test_equal_headings_are_numbered() -> None:
    assert anchors("# A b\n## A b\n### `code` & [link](x.md)\n```\n# not\n```\n") == {"a-b", "a-b-1", "code--link"}
