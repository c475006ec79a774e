"""Changelog fragments: what is refused, and what a release makes of them."""

from pathlib import Path

import pytest

from tests.architecture.planting import ROOT
from tools.changes.__main__ import main


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes" / "README.md").write_text("# How\n", encoding="utf-8")
    return tmp_path


def write(project: Path, name: str, text: str) -> Path:
    path = project / "changes" / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_projects_own_fragments_are_good() -> None:
    assert main(["--root", str(ROOT), "check"]) == 0


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("Chat.added.md", "Chat works.", "in lower case with hyphens"),
        ("chat.md", "Chat works.", "name it <what-changed>.<kind>.md"),
        ("chat.added.txt", "Chat works.", "name it"),
        ("chat.improved.md", "Chat works.", "'improved' is no kind"),
        ("chat.added.md", " \n", "it is empty"),
        ("chat.added.md", "- Chat works.", "plain sentences"),
        ("chat.added.md", "Chat works", "full stop"),
        ("chat.added.md", "Chat works. " * 40, "400 are allowed"),
    ],
)
def test_a_bad_fragment_is_refused(
    project: Path, name: str, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(project, name, text)

    assert main(["--root", str(project), "check"]) == 1
    assert main(["--root", str(project), "collect", "0.1.0", "--date", "2026-01-31"]) == 1

    assert said in capsys.readouterr().err
    assert path.exists()
    assert not (project / "CHANGELOG.md").exists()


def test_a_release_gathers_by_kind_and_newest_first(project: Path) -> None:
    write(project, "chat.added.md", "A customer can\nchat.")
    assert main(["--root", str(project), "collect", "0.1.0", "--date", "2026-01-31"]) == 0
    write(project, "ring.fixed.md", "A phone stops ringing when the caller is gone.")
    write(project, "bye.added.md", "A chat can end.")
    assert main(["--root", str(project), "collect", "0.2.0", "--date", "2026-02-28"]) == 0

    assert (project / "CHANGELOG.md").read_text(encoding="utf-8") == (
        "# Changelog\n\n## 0.2.0 – 2026-02-28\n\n### Added\n\n- A chat can end.\n\n"
        "### Fixed\n\n- A phone stops ringing when the caller is gone.\n\n"
        "## 0.1.0 – 2026-01-31\n\n### Added\n\n- A customer can chat.\n"
    )
    assert [path.name for path in (project / "changes").iterdir()] == ["README.md"]


def test_a_release_without_changes_or_made_twice_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again = ["--root", str(project), "collect", "0.1.0", "--date", "2026-01-31"]
    assert main(again) == 1
    assert "nothing to gather" in capsys.readouterr().err

    write(project, "chat.added.md", "A customer can chat.")
    assert main(again) == 0
    kept = write(project, "more.added.md", "More works.")
    assert main(again) == 1
    assert "0.1.0 already" in capsys.readouterr().err
    assert kept.exists()
