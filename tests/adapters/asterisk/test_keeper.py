"""What the keeper does besides starting Asterisk."""

import sys
from pathlib import Path

import pytest

from careline.adapters.asterisk.keeper import _LOG_BYTES, Keeper, Launch
from careline.adapters.asterisk.node import make_keys
from careline.adapters.asterisk.supervisor import spawn_keeper
from careline.kernel.clock import SystemClock


def keeper(folder: Path) -> Keeper:
    """One whose Asterisk writes down what it is told on its command line."""
    (folder / "log").mkdir()
    note = f"import sys; open({str(folder / 'told')!r}, 'a').write(sys.argv[-1] + '\\n')"
    launch = Launch(command=[sys.executable, "-c", note, "-f"], environment={}, digest="")
    return Keeper(folder, launch, make_keys(), SystemClock())


def test_asterisk_is_told_nothing_of_our_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELINE_DATABASE_URL", "postgresql://careline:secret@db/careline")
    monkeypatch.setenv("PGPASSWORD", "secret")
    keeping = keeper(tmp_path)
    write = "import os, pathlib; pathlib.Path('seen').write_text(repr(dict(os.environ)))"
    keeping._launch = Launch(command=[sys.executable, "-c", write], environment={"OWN": "yes"}, digest="")

    keeping._start()

    assert keeping._child is not None
    assert keeping._child.wait(60) == 0
    seen = (tmp_path / "seen").read_text()
    assert "'OWN': 'yes'" in seen
    assert f"'HOME': '{tmp_path}'" in seen
    assert "'PATH'" in seen
    assert "CARELINE" not in seen
    assert "secret" not in seen


def test_the_keeper_is_told_nothing_of_our_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELINE_DATABASE_URL", "postgresql://careline:secret@db/careline")
    (tmp_path / "log").mkdir()
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\nenv\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))

    spawn_keeper(tmp_path)

    seen = (tmp_path / "log/keeper.log").read_text()
    assert "PYTHONPATH=" in seen
    assert "CARELINE" not in seen
    assert "secret" not in seen


def test_memory_is_given_back_and_small_logs_stay(tmp_path: Path) -> None:
    keeping = keeper(tmp_path)
    (tmp_path / "log/messages.log").write_text("short")

    keeping._tidy()

    assert (tmp_path / "told").read_text().splitlines() == ["malloc trim"]


def test_a_long_log_is_turned_over_and_the_oldest_go(tmp_path: Path) -> None:
    keeping = keeper(tmp_path)
    with (tmp_path / "log/messages.log").open("wb") as log:
        log.truncate(_LOG_BYTES + 1)
    for number in range(8):
        (tmp_path / f"log/messages.log.{number}").write_text("old")

    keeping._tidy()

    assert (tmp_path / "told").read_text().splitlines() == ["malloc trim", "logger rotate"]
    kept = sorted(path.name for path in (tmp_path / "log").iterdir())
    assert kept == ["messages.log", *(f"messages.log.{number}" for number in range(5))]
