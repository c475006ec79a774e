"""The command that brings components: what it answers, and the programs that it offers."""

import subprocess
from pathlib import Path

import pytest

from careline.kernel.errors import TransientFailure
from tools.provision import __main__ as command
from tools.provision.checkout import Checkout
from tools.provision.components import COMPONENTS


def test_components_are_brought_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    brought: list[str] = []
    for name in ("asterisk", "speech"):
        monkeypatch.setitem(COMPONENTS, name, lambda checkout, name=name: brought.append(name))  # type: ignore[misc]
    assert command.main(["speech", "asterisk"], Checkout(tmp_path)) == 0
    assert brought == ["speech", "asterisk"]


@pytest.mark.parametrize("names", [[], ["asterix"], ["asterisk", "asterix"]])
def test_an_unknown_name_brings_nothing_and_lists_the_known(
    names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    brought: list[str] = []
    monkeypatch.setitem(COMPONENTS, "asterisk", lambda checkout: brought.append("asterisk"))
    assert command.main(names, Checkout(tmp_path)) == 2
    assert "there are: asterisk, speech, recognition, sipp" in capsys.readouterr().err
    assert brought == []


@pytest.mark.parametrize("error", [TransientFailure("no network"), PermissionError(13, "Permission denied", "/x")])
def test_a_failure_is_one_line_and_exit_code_1(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(checkout: Checkout) -> None:
        raise error

    monkeypatch.setitem(COMPONENTS, "sipp", fail)
    assert command.main(["sipp"], Checkout(tmp_path)) == 1
    said = capsys.readouterr().err
    assert said.startswith("careline: sipp: ")
    assert said.count("\n") == 1


def test_an_offered_program_gets_its_environment_and_arguments(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "with space")
    program = tmp_path / "it's"
    program.write_text('#!/bin/sh\necho "$WORD|$PATH|$1|$2"\n')
    program.chmod(0o755)
    checkout.offer("show", program, "first", environment={"WORD": "a 'b' $c"}, path_first=Path("/front"))
    answer = subprocess.check_output([checkout.tools / "bin/show", "second arg"], env={"PATH": "/bin"}, text=True)
    assert answer == "a 'b' $c|/front:/bin|first|second arg\n"


def test_an_offer_replaces_a_link_and_leaves_what_is_right(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    target = tmp_path / ".tools/bin/tool"
    target.parent.mkdir(parents=True)
    target.symlink_to("/bin/true")
    checkout.offer("tool", Path("/bin/echo"))
    assert not target.is_symlink()
    before = target.stat().st_mtime_ns
    checkout.offer("tool", Path("/bin/echo"))
    assert target.stat().st_mtime_ns == before
    assert [path.name for path in target.parent.iterdir()] == ["tool"]


def test_what_we_offer_is_not_taken_for_the_machines_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout = Checkout(tmp_path)
    checkout.offer("sipp", Path("/bin/true"))
    monkeypatch.setenv("PATH", f"{tmp_path}/.tools/bin:/bin")
    assert checkout.of_the_machine("sipp") is None
    assert checkout.of_the_machine("sh") == Path("/bin/sh")
