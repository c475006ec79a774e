"""In CI a skipped test fails; elsewhere it is skipped, and an expected failure is always one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = """
import pytest

def test_skipped(): pytest.skip("there is no such program")

@pytest.mark.skip(reason="because")
def test_marked(): pass

@pytest.mark.xfail(strict=True)
def test_expected(): assert False

def test_good(): pass
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ci", "code", "closing"),
    [("true", 1, "1 failed, 1 passed, 1 xfailed, 2 errors"), ("", 0, "1 passed, 3 skipped, 1 xfailed")],
)
def test_a_skip_fails_in_ci_only(tmp_path: Path, ci: str, code: int, closing: str) -> None:
    (tmp_path / "test_sample.py").write_text(SAMPLE)
    (tmp_path / "test_whole.py").write_text("import pytest\npytest.importorskip('no_such_library')\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.support.skips",
        "-p",
        "no:cacheprovider",
        "--continue-on-collection-errors",
    ]
    env = {**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, "--rootdir", str(tmp_path), "-c", os.devnull, str(tmp_path)],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, closing in done.stdout) == (code, True), done.stdout
    assert (ci == "") or "there is no such program" in done.stdout
