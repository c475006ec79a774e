"""In CI a test that is not run fails; elsewhere it is skipped. What a test needs and does not find fails it always."""

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

@pytest.mark.parametrize("nothing", [])
def test_for_nothing(nothing): pass

@pytest.mark.xfail(strict=True)
def test_expected(): assert False

@pytest.mark.xfail(run=False)
def test_never_run(): assert False

def test_given_up(): pytest.xfail("not on this machine")

def test_good(): pass
"""
LEAVES_OUT = """
def pytest_collection_modifyitems(config, items):
    config.hook.pytest_deselected(items=items[1:])
    del items[1:]
"""
WITHOUT_COMPONENTS = """
from pathlib import Path
import tools.provision.postgres
import tests.support.browser, tests.support.postgres, tests.voice.support.nodes, tests.voice.support.sipp

EMPTY = Path(__file__).parent / "empty"
tests.support.browser.EXECUTABLE = EMPTY / "chromium"
tests.support.postgres.ROOT = tests.voice.support.nodes.ROOT = EMPTY
tests.voice.support.sipp.SIPP = EMPTY / "sipp"
tools.provision.postgres._of_the_machine = lambda: None
"""
NEEDS_COMPONENTS = """
from pathlib import Path
from tests.voice.support.sipp import Sipp

async def test_chromium(chromium): pass
def test_postgres(postgres_url): pass
def test_asterisk(node): pass
async def test_sipp(): await Sipp("caller", Path()).start()
"""
COMPONENTS = ("tests.support.browser", "tests.support.postgres", "tests.voice.support.nodes")


def run(folder: Path, *words: str, ci: str, plugins: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """pytest on a folder, with the plugin and no configuration of ours; others that are installed take long to load."""
    names = ("xdist", "asyncio", "tests.support.skips", *plugins, "no:cacheprovider")
    loaded = [word for name in names for word in ("-p", name)]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *loaded, "--rootdir", str(folder), "-c", os.devnull, *words, str(folder)],
        env={
            **os.environ,
            "CI": ci,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ci", "code", "closing"),
    [("true", 1, "2 failed, 1 passed, 1 xfailed, 4 errors"), ("", 0, "1 passed, 4 skipped, 3 xfailed")],
)
@pytest.mark.parametrize("processes", [(), ("-n", "2")])
def test_a_skip_fails_in_ci_only(tmp_path: Path, ci: str, code: int, closing: str, processes: tuple[str, ...]) -> None:
    (tmp_path / "test_sample.py").write_text(SAMPLE)
    (tmp_path / "test_whole.py").write_text("import pytest\npytest.importorskip('no_such_library')\n")
    done = run(tmp_path, *processes, "--continue-on-collection-errors", ci=ci)
    assert (done.returncode, closing in done.stdout) == (code, True), done.stdout
    assert (ci == "") or "there is no such program" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("processes", [(), ("-n", "2")])
def test_in_ci_only_the_command_line_may_leave_tests_out(tmp_path: Path, processes: tuple[str, ...]) -> None:
    (tmp_path / "test_sample.py").write_text("def test_one(): pass\ndef test_two(): pass\ndef test_three(): pass\n")
    assert run(tmp_path, "-k", "one", ci="true").returncode == 0
    (tmp_path / "conftest.py").write_text(LEAVES_OUT)
    assert run(tmp_path, *processes, ci="").returncode == 0
    done = run(tmp_path, *processes, ci="true")
    assert (done.returncode, "which is a failure in CI: 2" in done.stdout) == (1, True), done.stdout


@pytest.mark.slow
def test_what_is_not_there_fails_the_test_that_needs_it(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(WITHOUT_COMPONENTS)
    (tmp_path / "test_sample.py").write_text(NEEDS_COMPONENTS)
    done = run(tmp_path, "-o", "asyncio_mode=auto", ci="", plugins=COMPONENTS)
    assert (done.returncode, "1 failed, 3 errors" in done.stdout) == (1, True), done.stdout
    for told in ("Chromium is not there", "SIPp is not there", "PostgreSQL", "Asterisk"):
        assert told in done.stdout, told
