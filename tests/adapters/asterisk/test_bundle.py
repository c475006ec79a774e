"""modules.txt is complete: the real Asterisk boots exactly this list, and every module of it runs."""

import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from careline.adapters.asterisk.bundle import AsteriskBundle, listed_modules, locate_bundle
from careline.kernel.errors import PermanentFailure

ROOT = Path(__file__).parents[3]

# Configuration files that must exist; those of the second list may not even have a [general].
GENERAL = (
    *("amd", "ari", "ccss", "cdr", "cel", "cli_aliases", "codecs", "extensions", "features", "http", "indications"),
    *("manager", "musiconhold", "pjproject", "pjsip", "prometheus", "queues", "queuerules", "rtp", "sorcery"),
    *("udptl", "websocket_client"),
)
BLANK = ("acl", "aeap", "chan_websocket", "extconfig", "stasis")


def test_the_list_names_each_module_once() -> None:
    modules = listed_modules()
    assert len(modules) == len(set(modules)) > 50
    assert all(not name.endswith(".so") for name in modules)


def test_a_missing_bundle_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure, match="careline voice install"):
        locate_bundle(tmp_path)


@dataclass(frozen=True)
class Node:
    bundle: AsteriskBundle
    folder: Path
    command: list[str]
    pid: int

    @property
    def log(self) -> str:
        return (self.folder / "log/messages").read_text()


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
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
        yield Node(bundle, tmp_path, command, process.pid)
    finally:
        process.terminate()
        process.wait(60)


@pytest.mark.voice
def test_every_listed_module_runs(node: Node) -> None:
    assert "fully booted" in _cli(node.command, "core waitfullybooted").lower()
    shown = _cli(node.command, "module show")
    running = {line.split()[0] for line in shown.splitlines() if " Running " in line}
    assert {f"{name}.so" for name in node.bundle.modules} <= running, node.log
    assert "ERROR" not in node.log


@pytest.mark.voice
def test_no_library_of_the_machine_is_loaded(node: Node) -> None:
    """A library that is found on a full machine only would be missed on a bare one."""
    assert "fully booted" in _cli(node.command, "core waitfullybooted").lower()
    mapped = {line.split()[-1] for line in Path(f"/proc/{node.pid}/maps").read_text().splitlines() if ".so" in line}
    assert mapped
    assert {path for path in mapped if not path.startswith(str(node.bundle.root.resolve()))} == set()


def _cli(command: list[str], line: str) -> str:
    """What Asterisk's console answers; it answers nothing, or not at all, while it is still starting."""
    for _ in range(300):
        answer = subprocess.run([*command, "-rx", line], capture_output=True, text=True, check=False)
        if answer.returncode == 0 and answer.stdout.strip():
            return answer.stdout
        time.sleep(0.1)
    raise AssertionError(answer.stderr or answer.stdout)
