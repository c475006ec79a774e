"""modules.txt is complete: the real Asterisk boots exactly this list, and every module of it runs."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from careline.adapters.asterisk.bundle import AsteriskBundle, listed_modules, locate_bundle
from careline.kernel.errors import PermanentFailure

ROOT = Path(__file__).parents[3]

# Configuration files that must exist; those of the second list may not even have a [general].
GENERAL = (
    "amd ari ccss cdr cel cli_aliases codecs extensions features http indications manager musiconhold pjproject "
    "pjsip prometheus queues queuerules rtp sorcery stasis udptl websocket_client"
).split()
BLANK = "acl aeap chan_websocket extconfig".split()


def test_the_list_names_each_module_once() -> None:
    modules = listed_modules()
    assert len(modules) == len(set(modules)) > 100
    assert all(not name.endswith(".so") for name in modules)


def test_a_missing_bundle_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure, match="careline voice install"):
        locate_bundle(tmp_path)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[tuple[AsteriskBundle, Path, list[str]]]:
    """A running Asterisk with an empty configuration that listens nowhere."""
    bundle = locate_bundle(ROOT / ".tools")
    for name in ("etc", "var", "db", "keys/keys", "agi", "spool", "run", "log"):
        (tmp_path / name).mkdir(parents=True)
    folders = {
        "astetcdir": "etc",
        "astvarlibdir": "var",
        "astdbdir": "db",
        "astkeydir": "keys",
        "astagidir": "agi",
        "astspooldir": "spool",
        "astrundir": "run",
        "astlogdir": "log",
    }
    lines = ["[directories]", f"astmoddir => {bundle.modules_dir}", f"astdatadir => {bundle.data_dir}"]
    lines += [f"{key} => {tmp_path / folder}" for key, folder in folders.items()]
    etc = tmp_path / "etc"
    for name in GENERAL:
        (etc / f"{name}.conf").write_text("[general]\n")
    for name in BLANK:
        (etc / f"{name}.conf").touch()
    (etc / "asterisk.conf").write_text("\n".join([*lines, "[options]", "nocolor = yes", ""]))
    (etc / "logger.conf").write_text("[logfiles]\nmessages => warning,error\n")
    (etc / "modules.conf").write_text(
        "[modules]\nautoload = no\n" + "".join(f"load = {name}.so\n" for name in bundle.modules)
    )
    command = bundle.command("-C", str(etc / "asterisk.conf"))
    process = subprocess.Popen([*command, "-f"], env={**os.environ, **bundle.env}, stdout=subprocess.DEVNULL)
    try:
        yield bundle, tmp_path, command
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.voice
def test_every_listed_module_runs(node: tuple[AsteriskBundle, Path, list[str]]) -> None:
    bundle, folder, command = node
    assert "fully booted" in _cli(command, "core waitfullybooted").lower()
    shown = _cli(command, "module show")
    running = {line.split()[0] for line in shown.splitlines() if " Running " in line}
    assert {f"{name}.so" for name in bundle.modules} <= running, (folder / "log/messages").read_text()
    assert "ERROR" not in (folder / "log/messages").read_text()


def _cli(command: list[str], line: str) -> str:
    for _ in range(100):
        answer = subprocess.run([*command, "-rx", line], capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            return answer.stdout
    raise AssertionError(answer.stderr or answer.stdout)
