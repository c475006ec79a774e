"""What the targets of the Makefile run with."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_compiled_files_are_kept_whatever_the_shell_says() -> None:
    said = subprocess.run(
        ["make", "--no-print-directory", "--eval", "show:;@env", "show"],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "PATH=" in said
    assert "PYTHONDONTWRITEBYTECODE" not in said


def asked_of_pytest(ci: str) -> str:
    """What ``make test`` would call pytest with."""
    called = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "test", f"CI={ci}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    (line,) = [line for line in called.splitlines() if "-m pytest" in line]
    return line


def test_a_test_is_tried_again_only_where_changes_are_let_in() -> None:
    assert "--reruns" not in asked_of_pytest("")
    assert "--reruns 1" in asked_of_pytest("true")
