"""The command line of the house rules: what it prints, and the exit code that the build goes by."""

from pathlib import Path

import pytest

from tests.architecture.planting import ROOT, grow
from tests.architecture.plants import CLEAN
from tools.house_rules.__main__ import main
from tools.house_rules.rules import RULES


@pytest.mark.slow  # the fast half runs the command itself
def test_the_project_itself_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = main(["--root", str(ROOT)])

    assert exit_code == 0, capsys.readouterr().out


def test_a_breach_ends_with_exit_code_1_and_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    grow(tmp_path, CLEAN | {"src/careline/kernel/loud.py": "x = 1\nprint(x)\n"})

    exit_code = main(["--root", str(tmp_path)])

    assert exit_code == 1
    out = capsys.readouterr().out
    assert out.startswith("src/careline/kernel/loud.py:2: print – print() in the product; ")
    assert out.count("\n") == 1


def test_a_clean_tree_ends_with_exit_code_0_and_silence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(grow(tmp_path, CLEAN))]) == 0
    assert capsys.readouterr().out == ""


def test_the_list_explains_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0

    out = capsys.readouterr().out
    for rule in RULES:
        assert f"{rule.name}\n  why: {rule.why}" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["nowhere"], "there is no nowhere"), (["--root", "/nonexistent"], "has no folder src"), (["/"], "is not under")],
)
def test_misuse_is_told_and_ends_with_exit_code_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)

    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert said in capsys.readouterr().err
