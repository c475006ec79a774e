"""What the keeper does besides starting Asterisk."""

import sys
from pathlib import Path

from careline.adapters.asterisk.keeper import _LOG_BYTES, Keeper, Launch
from careline.adapters.asterisk.node import make_keys
from careline.kernel.clock import SystemClock


def keeper(folder: Path) -> Keeper:
    """One whose Asterisk writes down what it is told on its command line."""
    (folder / "log").mkdir()
    note = f"import sys; open({str(folder / 'told')!r}, 'a').write(sys.argv[-1] + '\\n')"
    launch = Launch(command=[sys.executable, "-c", note, "-f"], environment={}, digest="")
    return Keeper(folder, launch, make_keys(), SystemClock())


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
