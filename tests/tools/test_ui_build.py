"""The user interface is built when its sources changed, and only then. npm is played by a script."""

from pathlib import Path

import pytest

from careline.kernel.errors import PermanentFailure
from tools.provision.checkout import Checkout
from tools.provision.ui import ui, ui_check

NPM = """#!/bin/sh
echo "$*" >> ../npm-calls
case "$1" in
  ci) mkdir -p node_modules;;
  run) [ ! -f broken ] || { echo "src/a.ts(1,1): wrong"; exit 1; }
       [ "$2" != check ] || printf '%s\n' "✓ src/a.test.ts" "UNSTEADY src/a.test.ts: now and then"
       [ "$2" != build ] || { rm -rf dist; mkdir dist; cp src/a.ts dist/a.js; };;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    (tmp_path / "ui/src").mkdir(parents=True)
    (tmp_path / "ui/package.json").write_text("{}")
    (tmp_path / "ui/package-lock.json").write_text("{}")
    (tmp_path / "ui/src/a.ts").write_text("1")
    bin_folder = tmp_path / ".tools/bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "npm").write_text(NPM)
    (bin_folder / "npm").chmod(0o755)
    monkeypatch.setattr("tools.provision.ui.node", lambda checkout: None)
    return Checkout(tmp_path)


def _calls(checkout: Checkout) -> list[str]:
    log = checkout.root / "npm-calls"
    words = [line.split()[:2] for line in log.read_text().splitlines()] if log.exists() else []
    log.unlink(missing_ok=True)
    return [pair[0] if pair[0] == "ci" else pair[1] for pair in words]


def test_built_once_and_again_when_a_source_changes(checkout: Checkout) -> None:
    ui(checkout)
    assert _calls(checkout) == ["ci", "build"]
    ui(checkout)
    assert _calls(checkout) == []
    (checkout.root / "ui/src/a.ts").write_text("2")
    ui(checkout)
    assert _calls(checkout) == ["build"]
    assert (checkout.root / "ui/dist/a.js").read_text() == "2"
    (checkout.root / "ui/src/b.ts").write_text("")
    ui(checkout)
    assert _calls(checkout) == ["build"]
    (checkout.root / "ui/package-lock.json").write_text('{"x": 1}')
    ui(checkout)
    assert _calls(checkout) == ["ci", "build"]


def test_what_is_no_source_does_not_count(checkout: Checkout) -> None:
    ui(checkout)
    _calls(checkout)
    for name in ("node_modules", "coverage", ".cache"):
        (checkout.root / "ui" / name).mkdir(exist_ok=True)
        (checkout.root / "ui" / name / "x").write_text("x")
    ui(checkout)
    assert _calls(checkout) == []


def test_a_dist_that_was_emptied_is_built_again(checkout: Checkout) -> None:
    ui(checkout)
    for file in (checkout.root / "ui/dist").iterdir():
        file.unlink()
    _calls(checkout)
    ui(checkout)
    assert _calls(checkout) == ["build"]


def test_a_failed_build_is_said_and_tried_again(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    broken = checkout.root / "ui/broken"
    broken.touch()
    with pytest.raises(PermanentFailure, match="`npm run build` failed"):
        ui(checkout)
    assert "src/a.ts(1,1): wrong" in capsys.readouterr().err
    assert not (checkout.root / "ui/dist").exists()
    broken.unlink()
    ui(checkout)
    assert (checkout.root / "ui/dist/a.js").exists()


def test_a_check_that_passed_is_not_repeated_for_the_same_sources(checkout: Checkout) -> None:
    ui_check(checkout)
    ui_check(checkout)
    assert _calls(checkout) == ["ci", "check"]
    (checkout.root / "ui/broken").touch()
    with pytest.raises(PermanentFailure):
        ui_check(checkout)
    with pytest.raises(PermanentFailure):
        ui_check(checkout)
    assert _calls(checkout) == ["check", "check"]


def test_a_test_that_passed_only_when_tried_again_is_named(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    ui_check(checkout)
    said = capsys.readouterr().err
    assert "UNSTEADY src/a.test.ts: now and then" in said
    assert "✓" not in said


def test_without_a_user_interface_there_is_a_line_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ui(Checkout(tmp_path))
    assert "no ui/package.json" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
