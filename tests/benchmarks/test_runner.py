"""``python -m benchmarks``: which scripts run, within which time, and what becomes of their figures."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import FIGURES, PAGE, ROOT, main, run, scripts

LINE = json.dumps({"name": "x", "value": 4.0, "unit": "x/s", "yardstick": "y: 2 x/s", "ratio": 2.0, "rounds": 5})
EMPTY = "".join(
    f"<!-- figures: {name} -->\nNothing yet.\n<!-- end of figures: {name} -->\n" for name in ("chat", "routing")
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with a page, and a script that does what it is told in ``does.py``."""
    (tmp_path / PAGE).parent.mkdir()
    (tmp_path / PAGE).write_text(EMPTY, encoding="utf-8")
    (tmp_path / "benchmarks").mkdir()
    return tmp_path


def ran(name: str, limit_s: float) -> list[str]:
    """In place of a script of minutes."""
    return [LINE.replace('"x"', f'"{name}"')]


def test_only_what_has_a_limit_of_time_is_a_script() -> None:
    known = scripts()
    assert {"chat", "routing", "voice"} <= set(known)
    assert not {"harness", "table", "voice_site", "__main__"} & set(known)
    assert all(10 <= limit <= 900 for limit in known.values())


def test_a_script_runs_in_a_process_of_its_own_and_its_lines_are_passed_on(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "benchmarks/tiny.py").write_text("import os\nprint('one', os.getcwd())\nprint('two')\n")
    lines = run("tiny", 20, root)
    assert lines == [f"one {root.resolve()}", "two"]
    assert capsys.readouterr().out == "".join(f"{line}\n" for line in lines)


def test_a_script_that_fails_says_so(root: Path) -> None:
    (root / "benchmarks/tiny.py").write_text("raise SystemExit(3)")
    with pytest.raises(subprocess.CalledProcessError, match="status 3"):
        run("tiny", 20, root)


def test_a_script_that_takes_too_long_ends_what_it_has_started(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny, begun = root / "benchmarks/tiny.py", root / "begun"
    listen = subprocess.Popen.communicate

    def once_it_has_begun(self: subprocess.Popen[str], timeout: float | None = None) -> Any:
        while not begun.exists() and self.poll() is None:
            time.sleep(0.01)
        return listen(self, timeout=timeout)

    monkeypatch.setattr(subprocess.Popen, "communicate", once_it_has_begun)
    tiny.write_text(
        "import signal, time\nfrom pathlib import Path\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "try:\n    Path('begun').touch()\n    time.sleep(600)\nfinally:\n    Path('ended').touch()\n"
    )
    with pytest.raises(subprocess.TimeoutExpired):
        run("tiny", 0.1, root)
    assert (root / "ended").exists()
    begun.unlink()
    monkeypatch.setattr("benchmarks.__main__.END_WITHIN_S", 0.1)
    tiny.write_text(
        "import signal, time\nfrom pathlib import Path\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "Path('begun').touch()\ntime.sleep(600)"
    )
    with pytest.raises(subprocess.TimeoutExpired):
        run("tiny", 0.1, root)


def test_figures_are_told_in_words_and_kept_as_lines_and_the_page_is_left_alone(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["routing", "chat"], ran, root) == 0
    assert "routing: 4 x/s, beside y: 2 x/s → ratio 2\nchat: 4 x/s" in capsys.readouterr().err
    kept = [json.loads(line)["name"] for line in (root / FIGURES).read_text(encoding="utf-8").splitlines()]
    assert kept == ["routing", "chat"]
    assert (root / PAGE).read_text(encoding="utf-8") == EMPTY


def test_without_a_name_all_scripts_run_with_their_limits(root: Path) -> None:
    asked: dict[str, float] = {}

    def note_it(name: str, limit_s: float) -> list[str]:
        asked[name] = limit_s
        return []

    assert main([], note_it, root) == 0
    assert asked == scripts()


def test_a_recorded_run_fills_the_page_and_one_that_failed_leaves_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def half(name: str, limit_s: float) -> list[str]:
        if name == "routing":
            raise subprocess.TimeoutExpired("routing", limit_s)
        return ran(name, limit_s)

    assert main(["--record", "routing", "chat"], half, root) == 1
    text = (root / PAGE).read_text(encoding="utf-8")
    assert "| `chat` | 4 |" in text
    assert "make bench ONLY=chat" in text
    assert text.count("Nothing yet.") == 1
    assert "routing: Command 'routing' timed out" in capsys.readouterr().err


def test_an_unknown_name_runs_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def never(name: str, limit_s: float) -> list[str]:
        raise AssertionError(name)

    assert main(["routing", "rooting"], never, root) == 2
    assert "no such benchmark: rooting; there are audit," in capsys.readouterr().err
    assert not (root / FIGURES).exists()


def test_make_bench_passes_the_names_and_the_flag() -> None:
    said = subprocess.run(
        ["make", "-n", "bench", "ONLY=chat", "RECORD=1"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "-m benchmarks --record chat" in said
    plain = subprocess.run(["make", "-n", "bench"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "--record" not in plain
