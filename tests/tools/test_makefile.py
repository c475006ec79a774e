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
